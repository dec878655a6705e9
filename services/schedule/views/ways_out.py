"""Suggestions for the monitor's lines: a few statements for a whole page.

Time that is only pencilled in counts as taken here: moving onto it would bring the
line back to the monitor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from contracts.directory import Position
from contracts.schedule import OpenHours, ResourceKind, Suggestion
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import Bookable
from services.schedule.domain.slots import Claim, horizon
from services.schedule.domain.span import Span
from services.schedule.domain.ways_out import (
    another_time,
    candidates,
    is_free,
    shortened,
)
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.ways_open import Openers, with_people

_CLAIMS = sa.text(
    "SELECT b.activity_id, b.key, r.kind, r.bookable_hours FROM booking b"
    " LEFT JOIN resource r ON r.resource_id = b.resource_id"
    " WHERE b.activity_id = ANY(CAST(:ids AS uuid[])) AND b.standing <> 'invited'"
    " ORDER BY b.activity_id, b.key"
)
_LINES = (
    "SELECT b.key, b.activity_id, lower(b.during) AS start_at,"
    " upper(b.during) AS end_at FROM unnest(CAST(:keys AS bigint[]),"
    " CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))"
    " AS line (key, start_at, end_at) JOIN booking b"
    " ON int8range(b.key, b.key, '[]') && int8range(line.key, line.key, '[]')"
    " AND b.during && tstzrange(line.start_at, line.end_at)"
)
_TAKEN = sa.text(
    f"{_LINES} AND b.binds UNION ALL"
    f" {_LINES} AND NOT b.binds AND b.standing IN ('tentative', 'proposed')"
)

Candidates = list[tuple[Position, Bookable]]


@dataclass
class _Trouble:
    """One line of the page: its activity's time and claims, and who could be sent."""

    row: sa.Row[Any]
    claims: list[Claim]
    others: Candidates = field(default_factory=list)

    @property
    def wanted(self) -> Span:
        return Span(self.row.starts_at, self.row.until_at)

    @property
    def travelling(self) -> Span:
        return self.wanted.widened(self.row.travel_before, self.row.travel_after)


class _Taken:
    """The time of everybody the page is about."""

    def __init__(self, rows: Iterable[sa.Row[Any]]) -> None:
        self._spans: dict[int, list[tuple[UUID, Span]]] = {}
        for row in rows:
            line = row.activity_id, Span(row.start_at, row.end_at)
            self._spans.setdefault(row.key, []).append(line)

    def by_others(self, key: int | None, activity_id: UUID) -> list[Span]:
        lines = self._spans.get(key, ()) if key is not None else ()
        return [span for owner, span in lines if owner != activity_id]


def ways_out(
    uow: UnitOfWork, caller: Caller, page: Sequence[sa.Row[Any]]
) -> list[list[Suggestion]]:
    """For every line of the page, in its order; of what is over, none."""
    if not page:
        return []
    claims = _claims(uow, page)
    troubles = [_trouble(caller, row, claims[row.activity_id]) for row in page]
    numbers = uow.bookings.known_keys(
        {bookable for trouble in troubles for _, bookable in trouble.others}
    )
    taken = _taken(uow, troubles, numbers, caller.now)
    found = [list(_suggest(trouble, numbers, taken, caller)) for trouble in troubles]
    _judge(uow, caller, page, found)
    return found


def _judge(
    uow: UnitOfWork,
    caller: Caller,
    page: Sequence[sa.Row[Any]],
    found: list[list[Suggestion]],
) -> None:
    """Say which are open to the caller, by the rules the acts themselves go by."""
    openers = Openers(caller)
    activities = with_people(uow, {row.activity_id for row in page})
    for row, suggestions in zip(page, found, strict=True):
        for suggestion in suggestions:
            openers.judge(suggestion, activities[row.activity_id], row.position_id)


def _claims(uow: UnitOfWork, page: Collection[sa.Row[Any]]) -> dict[UUID, list[Claim]]:
    travel = {row.activity_id: (row.travel_before, row.travel_after) for row in page}
    found: dict[UUID, list[Claim]] = {key: [] for key in travel}
    for row in uow.session.execute(_CLAIMS, {"ids": [str(key) for key in travel]}):
        still = row.kind == ResourceKind.ROOM
        before, after = (0, 0) if still else travel[row.activity_id]
        hours = msgspec.convert(row.bookable_hours or [], tuple[OpenHours, ...])
        found[row.activity_id].append(Claim(row.key, before, after, hours))
    return found


def _trouble(caller: Caller, row: sa.Row[Any], claims: list[Claim]) -> _Trouble:
    position = caller.org.position(row.position_id)
    if position is None:
        return _Trouble(row, claims)
    others = [
        (other, bookable)
        for other, bookable in candidates(caller.org, position, row.starts_at)
        if other.position_id not in row.position_ids
    ]
    return _Trouble(row, claims, others)


def _taken(
    uow: UnitOfWork,
    troubles: Iterable[_Trouble],
    numbers: Mapping[Bookable, int],
    now: datetime,
) -> _Taken:
    windows: dict[int, Span] = {}
    for trouble in troubles:
        around = horizon(_from_now(trouble.wanted, now))
        keys = {claim.key for claim in trouble.claims}
        for key in keys:
            windows[key] = _hull(windows.get(key, around), around)
            windows[key] = _hull(windows[key], trouble.travelling)
        for key in {numbers[x] for _, x in trouble.others if x in numbers}:
            claimed = trouble.travelling
            windows[key] = _hull(windows.get(key, claimed), claimed)
    parameters = {
        "keys": list(windows),
        "starts": [span.start for span in windows.values()],
        "ends": [span.end for span in windows.values()],
    }
    return _Taken(uow.session.execute(_TAKEN, parameters))


def _suggest(
    trouble: _Trouble, numbers: Mapping[Bookable, int], taken: _Taken, caller: Caller
) -> Iterator[Suggestion]:
    row, wanted = trouble.row, trouble.wanted
    if wanted.end <= caller.now:
        return
    busy = {
        claim.key: taken.by_others(claim.key, row.activity_id)
        for claim in trouble.claims
    }
    moved = another_time(
        _from_now(wanted, caller.now), trouble.claims, busy, caller.now
    )
    if moved:
        yield Suggestion(act="move", starts_at=moved.start, ends_at=moved.end)
    for other, bookable in trouble.others:
        number = numbers.get(bookable)
        if number != row.key and is_free(
            trouble.travelling, taken.by_others(number, row.activity_id)
        ):
            yield _represent(other, wanted)
            break
    if shorter := shortened(wanted, trouble.claims, busy):
        yield Suggestion(act="shorten", starts_at=shorter.start, ends_at=shorter.end)


def _represent(other: Position, wanted: Span) -> Suggestion:
    return Suggestion(
        act="represent",
        starts_at=wanted.start,
        ends_at=wanted.end,
        position_id=other.position_id,
        name=other.short_title or other.title,
    )


def _from_now(wanted: Span, now: datetime) -> Span:
    return wanted.moved_to(max(wanted.start, now))


def _hull(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))
