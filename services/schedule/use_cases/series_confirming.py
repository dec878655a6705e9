"""Make many dates of a proposed or pencilled-in series bind at once, all or nothing."""

from __future__ import annotations

from uuid import UUID

from msgspec import structs

from contracts import schedule
from contracts.errors import invalid
from contracts.schedule_events import ActivityConfirmed
from contracts.schedule_requests import ConfirmActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.transitions import Act
from services.schedule.domain.voice import require_voice
from services.schedule.events import publish
from services.schedule.placing_series import ManyLines, binding, prepare_many
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import confirm_activity, confirmable
from services.schedule.use_cases.admission import admit_confirmed, ask_keepers
from services.schedule.use_cases.occurring import (
    clashes,
    overlapping,
    refusal,
    report,
    warnings,
)
from services.schedule.use_cases.overriding import tell_overtaken
from services.schedule.use_cases.series_scope import (
    Scope,
    occurrences_meant,
    series_meant,
)
from services.schedule.use_cases.series_slots import other_times
from services.schedule.views.activities import present
from services.schedule.views.series_clashes import find_under


def confirm_scope(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: ConfirmActivity,
    scope: Scope,
) -> schedule.Activity:
    """The nights to come are booked as these are.

    Raises: NotFound, Invalid, Forbidden ``not_schedule_keeper``, Conflict
    ``schedule_conflict`` with `total`.
    """
    series = series_meant(uow, activity_id, scope)
    if series is None:
        return confirm_activity(uow, caller, activity_id, request)
    if request.override is not None:
        raise invalid("/override", "Hanya untuk satu kegiatan, bukan pengulangan")
    named = confirmable(uow, caller, activity_id)
    meant = occurrences_meant(uow, caller, named, series, scope, Act.CONFIRM)
    require_kept(caller, [line for each in meant for line in each.binding()])
    admit_confirmed(uow, caller, *meant)
    lines = _store(uow, caller, series, meant, request.reason)
    series.template = structs.replace(series.template, state="confirmed")
    series.agree(item.resource_id for item in named.equipment if item.approved)
    uow.series.save(series)
    _tell(uow, caller, named, lines)
    answer = present(named, caller, warnings(uow, caller, meant, lines))
    answer.recurrence, answer.series = series.recurrence, report(series, len(meant))
    return answer


def _store(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    meant: list[Activity],
    reason: str | None,
) -> ManyLines:
    for each in meant:
        again = each.confirmed
        each.act(Act.CONFIRM, caller.now, reason)
        if not again:
            require_voice(caller, each)
        each.blocked, each.alternatives = False, []
    if overlapping(meant):
        raise invalid("/scope", "Tanggal-tanggalnya saling bertabrakan")
    lines = prepare_many(uow, meant, caller.org)
    if met := clashes(uow, caller, meant, lines):
        raise refusal(met, other_times(uow, caller, meant, lines, series.recurrence))
    uow.bookings.lift_many([each.activity_id for each in meant])
    uow.activities.save_many(meant)
    uow.bookings.lay_many(lines)
    return lines


def _tell(uow: UnitOfWork, caller: Caller, named: Activity, lines: ManyLines) -> None:
    """One message for the whole series."""
    signed = caller.signature(named.position_ids)
    publish(uow, caller.org, ActivityConfirmed, named, signed)
    overtaken = find_under(uow.session, binding(lines))
    tell_overtaken(uow, caller.org, overtaken, named, signed)
    ask_keepers(uow, caller, named)
