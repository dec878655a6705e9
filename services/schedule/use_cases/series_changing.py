"""A change of many occurrences at once, all or nothing."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET

from contracts import schedule
from contracts.errors import invalid
from contracts.schedule_events import ActivityChanged
from contracts.schedule_requests import UpdateActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.transitions import LIVE, Act
from services.schedule.events import publish
from services.schedule.placing_series import ManyLines, binding, prepare_many
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import changeable
from services.schedule.use_cases.admission import ask_keepers
from services.schedule.use_cases.changing import (
    Change,
    admit_change,
    apply_patch,
    update_activity,
)
from services.schedule.use_cases.occurring import (
    clashes,
    overlapping,
    refusal,
    report,
    require_few,
    warnings,
)
from services.schedule.use_cases.overriding import tell_overtaken
from services.schedule.use_cases.series_moving import Move, remember
from services.schedule.use_cases.series_ruling import change_rule
from services.schedule.use_cases.series_scope import (
    Scope,
    occurrences_meant,
    series_meant,
)
from services.schedule.use_cases.series_slots import other_times
from services.schedule.views.activities import present
from services.schedule.views.series_clashes import find_under


def update_scope(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: UpdateActivity,
    expected_version: int | None,
    scope: Scope,
) -> schedule.Activity:
    """Raises: NotFound, Forbidden, Stale, Invalid, Conflict with `total`."""
    if request.recurrence not in (UNSET, None):
        return change_rule(uow, caller, activity_id, request, expected_version, scope)
    series = series_meant(uow, activity_id, scope)
    if series is None:
        return update_activity(uow, caller, activity_id, request, expected_version)
    _require_plain(request)
    named = changeable(uow, caller, activity_id, expected_version=expected_version)
    meant = occurrences_meant(uow, caller, named, series, scope, Act.UPDATE)
    move = Move(named, request)
    changes = {
        each.activity_id: _apply(uow, caller, each, move.of(each)) for each in meant
    }
    require_few(meant, "/participants")
    if overlapping(each for each in meant if each.state in LIVE):
        raise invalid("/ends_at", "Pengulangan saling bertabrakan")
    lines = _store(uow, caller, series, meant, changes)
    remember(series, named, request, move)
    if changes[activity_id].moves:
        series.agreed = []  # who agreed, agreed to another time
    uow.series.save(series)
    _tell(uow, caller, named, changes[activity_id], lines)
    if changes[activity_id].moves or changes[activity_id].added:
        ask_keepers(uow, caller, named)
    answer = present(named, caller, warnings(uow, caller, meant, lines))
    answer.recurrence, answer.series = series.recurrence, report(series, len(meant))
    return answer


def _require_plain(request: UpdateActivity) -> None:
    for name in ("override", "external_ref"):
        if getattr(request, name) not in (UNSET, None):
            raise invalid(f"/{name}", "Hanya untuk satu kegiatan, bukan pengulangan")


def _apply(
    uow: UnitOfWork, caller: Caller, each: Activity, request: UpdateActivity
) -> Change:
    each.act(Act.UPDATE, caller.now)
    change = apply_patch(uow, caller, each, request)
    if each.confirmed:
        require_kept(caller, change.asked)
    admit_change(uow, caller, each, change)
    if change.moves:
        each.blocked, each.alternatives = False, []
    return change


def _store(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    meant: list[Activity],
    changes: dict[UUID, Change],
) -> ManyLines:
    """All lines are taken up before one is laid: they may follow each other."""
    laid = [each for each in meant if changes[each.activity_id].touches_lines]
    moved = {key for key, change in changes.items() if change.moves}
    lines = prepare_many(uow, laid, caller.org, settled=moved)
    uow.bookings.lift_many([each.activity_id for each in laid])
    if met := clashes(uow, caller, laid, lines):
        raise refusal(met, other_times(uow, caller, laid, lines, series.recurrence))
    uow.activities.save_many(meant)
    uow.bookings.lay_many(lines)
    return lines


def _tell(
    uow: UnitOfWork, caller: Caller, named: Activity, change: Change, lines: ManyLines
) -> None:
    """One message for the whole series."""
    signed = caller.signature(named.position_ids)
    publish(
        uow,
        caller.org,
        ActivityChanged,
        named,
        signed,
        changes=change.fields,
        removed_position_ids=change.removed,
    )
    overtaken = find_under(uow.session, binding(lines))
    tell_overtaken(uow, caller.org, overtaken, named, signed)
