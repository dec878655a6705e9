"""Call off, or put off, many occurrences at once."""

from __future__ import annotations

from uuid import UUID

from msgspec import structs

from contracts import schedule
from contracts.schedule_events import ActivityCancelled, ActivityChanged
from contracts.schedule_requests import ActOnActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.placing import note_standings
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import (
    cancel_activity,
    changeable,
    postpone_activity,
)
from services.schedule.use_cases.occurring import report
from services.schedule.use_cases.series_scope import (
    Scope,
    occurrences_meant,
    series_meant,
)
from services.schedule.views.activities import present


def cancel_scope(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: ActOnActivity,
    scope: Scope,
) -> schedule.Activity:
    """To a series whose end was called off nothing is added any more.

    Raises: NotFound, Forbidden, Conflict ``illegal_transition``.
    """
    series = series_meant(uow, activity_id, scope)
    if series is None:
        return cancel_activity(uow, caller, activity_id, request)
    named = changeable(uow, caller, activity_id)
    meant = occurrences_meant(uow, caller, named, series, scope, Act.CANCEL)
    _take_off(uow, caller, meant, Act.CANCEL, request.reason)
    series.finished = True
    uow.series.save(series)
    signed = caller.signature(named.position_ids)
    publish(uow, caller.org, ActivityCancelled, named, signed)
    answer = present(named, caller)
    answer.recurrence, answer.series = series.recurrence, report(series, len(meant))
    return answer


def postpone_scope(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: ActOnActivity,
    scope: Scope,
) -> schedule.Activity:
    """The nights to come pencil in what they would have booked, until the dates are
    confirmed again.

    Raises: NotFound, Forbidden, Conflict ``illegal_transition``.
    """
    series = series_meant(uow, activity_id, scope)
    if series is None:
        return postpone_activity(uow, caller, activity_id, request)
    named = changeable(uow, caller, activity_id)
    meant = occurrences_meant(uow, caller, named, series, scope, Act.POSTPONE)
    _take_off(uow, caller, meant, Act.POSTPONE, request.reason)
    if series.template.state == "confirmed":
        series.template = structs.replace(series.template, state="tentative")
    uow.series.save(series)
    signed = caller.signature(named.position_ids)
    publish(uow, caller.org, ActivityChanged, named, signed, changes=("state",))
    answer = present(named, caller)
    answer.recurrence, answer.series = series.recurrence, report(series, len(meant))
    return answer


def _take_off(
    uow: UnitOfWork,
    caller: Caller,
    meant: list[Activity],
    act: Act,
    reason: str | None,
) -> None:
    for each in meant:
        each.act(act, caller.now, reason)
        each.blocked, each.alternatives = False, []
        note_standings(each, {})
    uow.activities.save_many(meant)
    uow.bookings.lift_many([each.activity_id for each in meant])
