"""A keeper's word on a room or vehicle for many dates of a series at once."""

from __future__ import annotations

from uuid import UUID

from msgspec import structs

from contracts import schedule
from contracts.schedule import SkippedOccurrence
from contracts.schedule_events import ActivityCancelled, ActivityChanged
from contracts.schedule_requests import ApproveResource
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.transitions import OPEN, Act
from services.schedule.events import publish
from services.schedule.placing import note_standings
from services.schedule.placing_series import binding, prepare_many
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.approving import (
    approve_resource,
    kept_item,
    require_usable,
    waiting_item,
)
from services.schedule.use_cases.occurring import (
    clashes,
    overlapping,
    refusal,
    report,
)
from services.schedule.use_cases.overriding import tell_overtaken
from services.schedule.use_cases.series_scope import Scope, due, series_meant
from services.schedule.views.activities import present
from services.schedule.views.series_clashes import Met, find_under


def approve_scope(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    resource_id: UUID,
    request: ApproveResource,
    scope: Scope,
) -> schedule.Activity:
    """Of the named date and those of the others that wait and are still to come. A
    date that cannot be had stays waiting and is told as skipped. A yes holds for the
    nights to come as well, until it is withdrawn by a no on a date that was agreed to:
    such dates stay, new ones ask again.

    Raises: NotFound, Forbidden, Conflict ``schedule_conflict`` with `total` when no
    date can be had, ``resource_closed`` or ``illegal_transition``.
    """
    series = series_meant(uow, activity_id, scope)
    if series is None:
        return approve_resource(uow, caller, activity_id, resource_id, request)
    named = uow.activities.get(activity_id, lock=True)
    item = kept_item(uow, caller, named, resource_id)
    if item.approved and not request.approved and resource_id in series.agreed:
        return _withdraw(uow, caller, series, named, resource_id)
    waiting_item(uow, caller, named, resource_id)
    meant = [named, *_others(uow, caller, named, series, scope, resource_id)]
    if request.approved:
        return _agree(uow, caller, series, meant, resource_id)
    return _take_out(uow, caller, series, meant, resource_id, request.reason)


def _others(
    uow: UnitOfWork,
    caller: Caller,
    named: Activity,
    series: Series,
    scope: Scope,
    resource_id: UUID,
) -> list[Activity]:
    return [
        each
        for each in uow.activities.of_series(series.series_id, caller.now)
        if each.activity_id != named.activity_id
        and each.state in OPEN
        and any(item.resource_id == resource_id for item in each.waiting)
        and (scope == "all" or due(each) > due(named))
    ]


def _agree(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    meant: list[Activity],
    resource_id: UUID,
) -> schedule.Activity:
    require_usable(uow, caller, meant[0], resource_id)
    _mark(meant, resource_id, approved=True)
    lines = prepare_many(uow, meant, caller.org, settled=())
    met = clashes(uow, caller, meant, lines)
    busy = {each.owner for each in met} | overlapping(
        each for each in meant if each.confirmed
    )
    left = [each for each in meant if each.activity_id in busy]
    agreed = [each for each in meant if each.activity_id not in busy]
    if not agreed:
        raise refusal(met)
    _mark(left, resource_id, approved=False)
    prepare_many(uow, left, caller.org, settled=())  # they stand as they stood
    laid = {each.activity_id: lines[each.activity_id] for each in agreed}
    for each in agreed:
        each.act(Act.UPDATE, caller.now)
    uow.bookings.lift_many(list(laid))
    uow.activities.save_many(agreed)
    uow.bookings.lay_many(laid)
    tell_overtaken(
        uow,
        caller.org,
        find_under(uow.session, binding(laid)),
        agreed[0],
        caller.signature(agreed[0].position_ids),
    )
    series.agree([resource_id])
    uow.series.save(series)
    return _told(uow, caller, series, meant[0], agreed, _skipped(left, met))


def _withdraw(
    uow: UnitOfWork, caller: Caller, series: Series, named: Activity, resource_id: UUID
) -> schedule.Activity:
    """Nobody's dates change: there is nothing to tell."""
    series.withdraw(resource_id)
    uow.series.save(series)
    answer = present(named, caller)
    answer.recurrence, answer.series = series.recurrence, report(series, 0)
    return answer


def _mark(activities: list[Activity], resource_id: UUID, *, approved: bool) -> None:
    for activity in activities:
        for item in activity.equipment:
            if item.resource_id == resource_id:
                item.approved = approved


def _skipped(left: list[Activity], met: list[Met]) -> list[SkippedOccurrence]:
    return [
        SkippedOccurrence(
            starts_at=each.starts_at,
            conflicts=[found.clash for found in met if found.owner == each.activity_id],
        )
        for each in left
    ]


def _take_out(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    meant: list[Activity],
    resource_id: UUID,
    reason: str | None,
) -> schedule.Activity:
    """Dates of nothing else are called off, and the nights to come ask no more."""
    kept: list[Activity] = []
    for each in meant:
        item = next(x for x in each.equipment if x.resource_id == resource_id)
        each.act(Act.UPDATE, caller.now)
        each.reason = reason
        if each.lines == [item]:
            each.act(Act.CANCEL, caller.now, reason)
            note_standings(each, {})
        else:
            each.equipment.remove(item)
            kept.append(each)
    lines = prepare_many(uow, kept, caller.org, settled=())
    uow.bookings.lift_many([each.activity_id for each in meant])
    uow.activities.save_many(meant)
    uow.bookings.lay_many(lines)
    _forget(uow, series, resource_id)
    return _told(uow, caller, series, meant[0], meant, [])


def _forget(uow: UnitOfWork, series: Series, resource_id: UUID) -> None:
    left = [key for key in series.template.resource_ids if key != resource_id]
    series.template = structs.replace(series.template, resource_ids=left)
    series.withdraw(resource_id)
    if not (left or series.template.participants):
        series.finished = True
    uow.series.save(series)


def _told(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    named: Activity,
    answered: list[Activity],
    skipped: list[SkippedOccurrence],
) -> schedule.Activity:
    """One message for the whole series, about a date that was answered."""
    about = answered[0]
    signed = caller.signature(about.position_ids)
    if about.state in OPEN:
        changes = ("resource_ids",)
        publish(uow, caller.org, ActivityChanged, about, signed, changes=changes)
    else:
        publish(uow, caller.org, ActivityCancelled, about, signed)
    answer = present(named, caller)
    answer.recurrence = series.recurrence
    answer.series = report(series, len(answered), skipped)
    return answer
