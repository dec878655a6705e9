"""Occurrences of a series: made of its template, laid together, reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.ids import new_id
from contracts import codec
from contracts.errors import Conflict, invalid
from contracts.schedule import (
    Clash,
    Resource,
    SeriesReport,
    SkippedOccurrence,
    Slot,
)
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.span import day_start, local_date
from services.schedule.placing_series import ManyLines, binding, unbound
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.series_clashes import Met, find_met

MOST_LINES = 4_000  # a request must end within its time
TOLD = 50


def occurrences_of(
    first: Activity, series: Series, starts: Iterable[datetime]
) -> list[Activity]:
    """Copies of `first` at the times its rule says, moved by the series' shift."""
    length = first.ends_at - first.starts_at if first.ends_at is not None else None
    return [
        replace(
            first,
            activity_id=new_id(),
            starts_at=start,
            ends_at=start + length if length is not None else None,
            external_ref=None,
            attendees=deepcopy(first.attendees),
            equipment=deepcopy(first.equipment),
            series_id=series.series_id,
            occurrence_at=at,
        )
        for at in starts
        for start in [_begin(first, at + series.shift)]
    ]


def _begin(first: Activity, at: datetime) -> datetime:
    """An added date may name another hour of a day that is taken whole."""
    return day_start(local_date(at)) if first.all_day else at


def require_bounded(activities: Sequence[Activity]) -> None:
    """Raises: Invalid when occurrences overlap each other or are too many."""
    require_few(activities, "/recurrence/rrule")
    if overlapping(activities):
        raise invalid("/recurrence/rrule", "Pengulangan saling bertabrakan")


def require_few(activities: Sequence[Activity], field: str) -> None:
    """Raises: Invalid: more lines than are laid in the time of a request."""
    if sum(len(activity.lines) for activity in activities) > MOST_LINES:
        raise invalid(field, "Terlalu banyak peserta kali pengulangan")


def overlapping(activities: Iterable[Activity]) -> set[UUID]:
    """Those that begin before an earlier one of them has ended."""
    found: set[UUID] = set()
    end: datetime | None = None
    for activity in sorted(activities, key=lambda each: each.starts_at):
        span = activity.span.widened(activity.travel_before, activity.travel_after)
        if end is not None and span.start < end:
            found.add(activity.activity_id)
        else:
            end = span.end
    return found


def clashes(
    uow: UnitOfWork, caller: Caller, activities: Sequence[Activity], lines: ManyLines
) -> list[Met]:
    """What is in the way of these occurrences."""
    return find_met(uow.session, caller, binding(lines), _things(uow, activities))


def warnings(
    uow: UnitOfWork, caller: Caller, activities: Sequence[Activity], lines: ManyLines
) -> list[Clash]:
    """The first overlaps that do not refuse: tentative ones under these lines, and
    whatever binds under those of them that do not."""
    things = _things(uow, activities)
    met = [
        *find_met(uow.session, caller, lines, things, loose=True),
        *find_met(uow.session, caller, unbound(lines), things),
    ]
    return [each.clash for each in met[:TOLD]]


def _things(uow: UnitOfWork, activities: Sequence[Activity]) -> dict[UUID, Resource]:
    return uow.resources.find(
        {item.resource_id for each in activities for item in each.equipment}
    )


def refusal(met: Sequence[Met], alternatives: Sequence[Slot] = ()) -> Conflict:
    """The first of what is in the way, how much it is in all, and other times."""
    return Conflict(
        "schedule_conflict",
        conflicts=codec.dump([each.clash for each in met[:TOLD]]),
        alternatives=codec.dump(list(alternatives)),
        total=len(met),
    )


def report(
    series: Series, occurrences: int, skipped: Sequence[SkippedOccurrence] = ()
) -> SeriesReport:
    return SeriesReport(
        occurrences=occurrences,
        expanded_until=series.expanded_until,
        finished=series.finished,
        skipped=list(skipped),
    )


def skipped_of(
    activities: Sequence[Activity], met: Iterable[Met]
) -> list[SkippedOccurrence]:
    """Every date that is left out, with what is in its way."""
    found: dict[UUID, list[Met]] = {}
    for each in met:
        found.setdefault(each.owner, []).append(each)
    return [
        SkippedOccurrence(
            starts_at=activity.starts_at,
            conflicts=[each.clash for each in found[activity.activity_id]],
        )
        for activity in activities
        if activity.activity_id in found
    ]
