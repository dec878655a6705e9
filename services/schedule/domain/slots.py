"""Free slots, for everybody and everything that binds: the one search for them.

Pure search over busy spans already fetched. A refusal asks for the slots nearest to a
wanted time, a person who plans for those of a range, earliest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from contracts.schedule import OpenHours
from services.schedule.domain.half_hours import (
    DAY,
    Days,
    all_day,
    in_office,
    outwards,
)
from services.schedule.domain.opening import is_open
from services.schedule.domain.span import Span, day_start, local_date

WANTED = 3
NO_KEY = 0  # of what was never booked: nothing is taken, its hours count
NEAR: Days = (-3, 14)
FURTHER: tuple[Days, ...] = (NEAR, (15, 50), (51, 200))
"""Days to look at, each only when those before gave too few: what is found in them
is nearer than all that lies beyond."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A person's, room's or vehicle's time that the activity would take."""

    key: int
    before: int = 0
    after: int = 0
    hours: tuple[OpenHours, ...] = ()

    def span(self, slot: Span) -> Span:
        return slot.widened(self.before, self.after)


Busy = Mapping[int, list[Span]]
ClaimsOn = Callable[[date], Sequence[Claim]]
"""Whose time a slot takes that begins on a day: offices change hands."""


class Taken:
    """Taken time, merged, so that a question costs a bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    @classmethod
    def by_any(cls, claims: Iterable[Claim], busy: Busy) -> Taken:
        """When one at least of those claimed cannot: each one's lines, and before
        and after them the travel that would not fit."""
        return cls(
            span.widened(claim.after, claim.before)
            for claim in claims
            for span in busy.get(claim.key, ())
        )

    def meets(self, span: Span) -> bool:
        index = bisect_right(self._ends, span.start)
        return index < len(self._starts) and self._starts[index] < span.end


def horizon(wanted: Span, days: Days = NEAR) -> Span:
    """Where to look: what must be fetched for `nearest`. A day more on both sides,
    because travel reaches over midnight."""
    since, until = days
    return Span(
        wanted.start + timedelta(days=since - 2), wanted.end + timedelta(days=until + 2)
    )


def nearest(
    wanted: Span,
    claims: Sequence[Claim],
    busy: Busy,
    now: datetime,
    *,
    count: int = WANTED,
) -> list[Span]:
    """The free slots nearest to `wanted`, of its length, in order of time."""
    taken = Taken.by_any(claims, busy)
    found = islice(around(wanted, claims, taken, now, NEAR), count)
    return sorted(found, key=lambda slot: slot.start)


def around(
    wanted: Span, claims: Iterable[Claim], taken: Taken, now: datetime, days: Days
) -> Iterator[Span]:
    """The free slots of these days, the nearest to `wanted` first."""
    slots = map(wanted.moved_to, outwards(wanted, now, days))
    return _free(slots, claims, taken)


def earliest(
    within: Span,
    length: timedelta,
    claims: ClaimsOn,
    busy: Busy,
    *,
    count: int,
    any_hour: bool = False,
) -> list[Span]:
    """The first free slots that lie wholly within bounds, in order of time."""
    return list(islice(_in_order(within, length, claims, busy, any_hour), count))


def _in_order(
    within: Span, length: timedelta, claims_on: ClaimsOn, busy: Busy, any_hour: bool
) -> Iterator[Span]:
    starts = all_day if any_hour else in_office
    known: dict[tuple[tuple[int, int, int], ...], Taken] = {}
    for day in _days(within):
        slots = (
            Span(start, start + length)
            for start in starts(day, length)
            if within.start <= start and start + length <= within.end
        )
        claims = claims_on(day)
        whose = tuple((claim.key, claim.before, claim.after) for claim in claims)
        if whose not in known:
            known[whose] = Taken.by_any(claims, busy)
        yield from _free(slots, claims, known[whose])


def _free(
    slots: Iterable[Span], claims: Iterable[Claim], taken: Taken
) -> Iterator[Span]:
    limited = [claim for claim in claims if claim.hours]
    return (
        slot
        for slot in slots
        if not taken.meets(slot)
        and all(is_open(claim.hours, claim.span(slot)) for claim in limited)
    )


class TakenOf(dict[int, Taken]):
    """Merged when first asked for: one search asks for few of many."""

    def __init__(self, busy: Busy) -> None:
        super().__init__()
        self._busy = busy

    def __missing__(self, key: int) -> Taken:
        self[key] = found = Taken(self._busy.get(key, ()))
        return found


def is_free(slot: Span, claims: Iterable[Claim], taken: TakenOf) -> bool:
    return all(
        is_open(claim.hours, span) and not taken[claim.key].meets(span)
        for claim in claims
        for span in [claim.span(slot)]
    )


def _days(within: Span) -> Iterator[date]:
    day = local_date(within.start)
    while day_start(day) < within.end:
        yield day
        day += DAY
