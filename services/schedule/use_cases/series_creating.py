"""A recurring activity: every occurrence is stored and protected like any other."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from chassis.ids import new_id
from contracts import schedule
from contracts.errors import invalid
from contracts.schedule import Recurrence
from contracts.schedule_events import ActivityConfirmed, ActivityProposed
from contracts.schedule_requests import CreateActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.recurrence import AHEAD, expand, rule_of
from services.schedule.domain.span import whole_days
from services.schedule.domain.voice import require_voice
from services.schedule.events import publish
from services.schedule.placing_series import (
    ManyLines,
    binding,
    prepare_many,
    without,
)
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import admit_many, ask_keepers
from services.schedule.use_cases.booking import add
from services.schedule.use_cases.creating import draft, require_ahead
from services.schedule.use_cases.occurring import (
    clashes,
    occurrences_of,
    refusal,
    report,
    require_bounded,
    skipped_of,
    warnings,
)
from services.schedule.use_cases.overriding import tell_overtaken
from services.schedule.use_cases.series_slots import other_times
from services.schedule.views.activities import present
from services.schedule.views.series_clashes import find_under


def create_series(
    uow: UnitOfWork, caller: Caller, request: CreateActivity, wanted: Recurrence
) -> schedule.Activity:
    """The first stored occurrence, with a report of all.

    Raises: Invalid, Forbidden ``not_schedule_keeper``, ``not_organiser``, Conflict
    ``schedule_conflict`` with `total`, ``external_ref_taken``.
    """
    _require_plain(caller, request)
    request = _in_whole_days(request)
    series, drafts = _drafts(uow, caller, request, wanted)
    require_ahead(caller, drafts[0])
    require_voice(caller, drafts[0])
    if drafts[0].confirmed:
        require_kept(caller, drafts[0].binding())
    admit_many(uow, caller, drafts)
    lines = prepare_many(uow, drafts, caller.org)
    met = clashes(uow, caller, drafts, lines)
    if met and wanted.on_clash == "refuse":
        raise refusal(met, other_times(uow, caller, drafts, lines, wanted))
    skipped = skipped_of(drafts, met)
    busy = {each.owner for each in met}
    kept = [each for each in drafts if each.activity_id not in busy]
    if not kept:
        raise refusal(met, other_times(uow, caller, drafts, lines, wanted))
    kept[0] = replace(kept[0], external_ref=request.external_ref)
    _store(uow, caller, series, kept, without(lines, busy))
    _tell(uow, caller, kept[0], without(lines, busy))
    ask_keepers(uow, caller, kept[0])
    warned = warnings(uow, caller, kept, without(lines, busy))
    answer = present(kept[0], caller, warned)
    answer.recurrence, answer.series = wanted, report(series, len(kept), skipped)
    return answer


def _require_plain(caller: Caller, request: CreateActivity) -> None:
    """A letter has one activity, and each displacement is decided on its own."""
    if request.letter_id is not None:
        raise invalid("/letter_id", "Kegiatan dari surat tidak dapat berulang")
    if request.override is not None:
        raise invalid("/override", "Kegiatan berulang tidak dapat menggeser")
    if abs(request.starts_at - caller.now) > AHEAD:
        raise invalid("/starts_at", "Pengulangan mulai dalam dua tahun dari sekarang")


def _in_whole_days(request: CreateActivity) -> CreateActivity:
    """What the nights to come are made of has the times of the first."""
    if not request.all_day:
        return request
    starts_at, ends_at = whole_days(request.starts_at, request.ends_at)
    return structs.replace(request, starts_at=starts_at, ends_at=ends_at)


def _drafts(
    uow: UnitOfWork, caller: Caller, request: CreateActivity, wanted: Recurrence
) -> tuple[Series, list[Activity]]:
    rule = rule_of(request.starts_at, wanted)
    first = draft(uow, caller, request, new_id())
    until = max(caller.now, request.starts_at) + AHEAD
    expansion = expand(rule, request.starts_at, until)
    series = Series(
        series_id=new_id(),
        recurrence=wanted,
        template=request,
        created_by=first.created_by,
        expanded_until=until,
        finished=expansion.finished,
    )
    drafts = occurrences_of(first, series, expansion.starts)
    if not drafts:
        raise invalid("/recurrence/exdates", "Tidak ada tanggal yang tersisa")
    require_bounded(drafts)
    return series, drafts


def _store(
    uow: UnitOfWork,
    caller: Caller,
    series: Series,
    kept: list[Activity],
    lines: ManyLines,
) -> None:
    uow.series.add(series)
    add(uow, caller, kept[0])
    uow.activities.add_many(kept[1:])
    uow.bookings.lay_many(lines)


def _tell(uow: UnitOfWork, caller: Caller, first: Activity, lines: ManyLines) -> None:
    """One message for the whole series, not one for each of its dates."""
    kind = ActivityConfirmed if first.confirmed else ActivityProposed
    publish(uow, caller.org, kind, first, first.created_by)
    if first.confirmed:
        overtaken = find_under(uow.session, binding(lines))
        tell_overtaken(uow, caller.org, overtaken, first, first.created_by)
