"""Another rule for a series: the dates it shares with the old one stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from contracts import schedule
from contracts.errors import invalid
from contracts.schedule import (
    Recurrence,
    RuleDates,
    SeriesReport,
    SkippedOccurrence,
)
from contracts.schedule_requests import UpdateActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, require_kept
from services.schedule.domain.series_rule import ended
from services.schedule.domain.transitions import LIVE, Act, next_state
from services.schedule.placing import note_standings
from services.schedule.placing_series import ManyLines, prepare_many, without
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import changeable
from services.schedule.use_cases.admission import admit_many
from services.schedule.use_cases.occurring import (
    TOLD,
    clashes,
    refusal,
    report,
    skipped_of,
    warnings,
)
from services.schedule.use_cases.series_planning import NewRule, draw
from services.schedule.use_cases.series_rule_telling import tell
from services.schedule.use_cases.series_scope import Scope, series_meant
from services.schedule.use_cases.series_slots import other_times
from services.schedule.views.activities import present

CALLED_OFF = "Aturan ulang diubah"


def change_rule(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: UpdateActivity,
    expected_version: int | None,
    scope: Scope,
) -> schedule.Activity:
    """The old series ends; another continues it, with those of its dates that the new
    rule names as well.

    Raises: NotFound, Forbidden, Stale, Invalid, Conflict ``illegal_transition``,
    ``resource_closed``, or ``schedule_conflict`` with `total`.
    """
    wanted = rule_alone(request)
    old = series_meant(uow, activity_id, scope)
    if old is None:
        raise invalid("/scope", "Aturan ulang berlaku untuk lebih dari satu tanggal")
    named = changeable(uow, caller, activity_id, expected_version=expected_version)
    next_state(named.state, Act.UPDATE)
    new = draw(uow, caller, named, old, wanted, scope)
    made, lines, skipped = _place(uow, caller, new, wanted)
    _store(uow, caller, old, new, made, lines)
    about = tell(uow, caller, new, made, lines, named)
    answer = present(named, caller, warnings(uow, caller, made, lines))
    kept = named.series_id == new.series.series_id
    answer.recurrence = wanted if kept else old.recurrence
    answer.series = _report(new, made, skipped)
    answer.series.first_activity_id = about.activity_id
    return answer


def _report(
    new: NewRule, made: Sequence[Activity], skipped: list[SkippedOccurrence]
) -> SeriesReport:
    found = report(new.series, len(made), skipped)
    kept = [each for each, _ in new.plan.kept if each.state in LIVE]
    found.kept, found.called_off = len(kept), len(new.plan.off)
    found.dates = RuleDates(
        made=_first(made), kept=_first(kept), called_off=_first(new.plan.off)
    )
    return found


def _first(activities: Sequence[Activity]) -> list[datetime]:
    return sorted(each.starts_at for each in activities)[:TOLD]


def rule_alone(request: UpdateActivity) -> Recurrence:
    """Raises: Invalid about what else the patch names."""
    wanted = request.recurrence
    if not isinstance(wanted, Recurrence):
        raise invalid("/recurrence", "Isi aturan ulang yang baru")
    for name in request.__struct_fields__:
        if name != "recurrence" and getattr(request, name) is not UNSET:
            raise invalid(f"/{name}", "Aturan ulang diubah sendiri, tanpa ubahan lain")
    return wanted


def _place(
    uow: UnitOfWork, caller: Caller, new: NewRule, wanted: Recurrence
) -> tuple[list[Activity], ManyLines, list[SkippedOccurrence]]:
    """What is new, as in a new series; what is called off is in nobody's way."""
    drafts = new.drafts
    if drafts and drafts[0].confirmed:
        require_kept(caller, drafts[0].binding())
    admit_many(uow, caller, drafts)
    lines = prepare_many(uow, drafts, caller.org)
    uow.bookings.lift_many([each.activity_id for each in new.plan.off])
    met = clashes(uow, caller, drafts, lines)
    busy = {each.owner for each in met}
    made = [each for each in drafts if each.activity_id not in busy]
    if met and (wanted.on_clash == "refuse" or not (made or new.plan.kept)):
        slots = other_times(uow, caller, drafts, lines, wanted, hours=False)
        raise refusal(met, slots)
    return made, without(lines, busy), skipped_of(drafts, met)


def _store(
    uow: UnitOfWork,
    caller: Caller,
    old: Series,
    new: NewRule,
    made: Sequence[Activity],
    lines: ManyLines,
) -> None:
    for each in new.plan.off:
        each.act(Act.CANCEL, caller.now, CALLED_OFF)
        each.blocked, each.alternatives = False, []
        note_standings(each, {})
    for each, at in new.plan.kept:
        each.series_id, each.occurrence_at = new.series.series_id, at
        each.touch(caller.now)
    waiting = {item.resource_id for each in made for item in each.waiting}
    new.series.agreed = [key for key in old.agreed if key not in waiting]
    old.recurrence, old.finished = ended(old.recurrence, new.since), True
    uow.series.save(old)
    uow.series.add(new.series)
    uow.activities.save_many(new.plan.off)
    uow.activities.hand_over([each for each, _ in new.plan.kept])
    uow.activities.add_many(made)
    uow.bookings.lay_many(lines)
