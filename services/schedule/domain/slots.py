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
from services.schedule.domain.calendar import working_hours
from services.schedule.domain.opening import is_open
from services.schedule.domain.span import Span, day_start, local_date

STEP = timedelta(minutes=30)
DAY = timedelta(days=1)
WANTED = 3
WORKING_DAY = timedelta(hours=8)
NO_KEY = 0  # of what was never booked: nothing is taken, its hours count
DAYS_BACK, DAYS_AHEAD, LONG_DAYS_AHEAD = 3, 14, 200
HORIZONS = (DAYS_AHEAD, 50, LONG_DAYS_AHEAD)
"""Days ahead, each only when the one before gave too few: what is found in a shorter
one is nearer than all that lies beyond it."""


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
    """Somebody's taken time, merged, so that a question costs a bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def meets(self, span: Span) -> bool:
        index = bisect_right(self._ends, span.start)
        return index < len(self._starts) and self._starts[index] < span.end


def horizon(wanted: Span, days_ahead: int = DAYS_AHEAD) -> Span:
    """Where to look: what must be fetched for `nearest`. A day more on both sides,
    because travel reaches over midnight."""
    return Span(
        wanted.start - timedelta(days=DAYS_BACK + 2),
        wanted.end + timedelta(days=days_ahead + 2),
    )


def nearest(
    wanted: Span,
    claims: Iterable[Claim],
    busy: Busy,
    now: datetime,
    *,
    days_ahead: int = DAYS_AHEAD,
    count: int = WANTED,
) -> list[Span]:
    """The free slots nearest to `wanted`, of its length, in order of time."""
    always = list(claims)
    slots = _by_distance(wanted, now, days_ahead)
    found = islice(_free(slots, lambda _day: always, busy), count)
    return sorted(found, key=lambda slot: slot.start)


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
    starts = _half_hours if any_hour else starts_of
    slots = (
        Span(start, start + length)
        for day in _days(within)
        for start in starts(day, length)
        if within.start <= start and start + length <= within.end
    )
    return list(islice(_free(slots, claims, busy), count))


def _free(slots: Iterable[Span], claims: ClaimsOn, busy: Busy) -> Iterator[Span]:
    taken = TakenOf(busy)
    return (
        slot for slot in slots if is_free(slot, claims(local_date(slot.start)), taken)
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


def _by_distance(wanted: Span, now: datetime, days_ahead: int) -> Iterator[Span]:
    first = local_date(wanted.start) - timedelta(days=DAYS_BACK)
    slots = [
        wanted.moved_to(start)
        for offset in range(DAYS_BACK + days_ahead + 1)
        for start in starts_of(first + timedelta(days=offset), wanted.length)
        if start >= now and start != wanted.start
    ]
    slots.sort(key=lambda slot: (abs(slot.start - wanted.start), slot.start))
    return iter(slots)


def _days(within: Span) -> Iterator[date]:
    day = local_date(within.start)
    while day_start(day) < within.end:
        yield day
        day += DAY


def _half_hours(day: date, _length: timedelta) -> Iterator[datetime]:
    start = day_start(day)
    return (start + STEP * number for number in range(DAY // STEP))


def starts_of(day: date, length: timedelta) -> Iterator[datetime]:
    """Half hours of the day at which something this long fits the working hours.

    What is longer than a working day only has to begin on one, in the morning.
    """
    if length > WORKING_DAY:
        yield from [span.start for span in working_hours(day)[:1]]
        return
    stretches = working_hours(day)
    if stretches and length > max(span.length for span in stretches):
        stretches = (Span(stretches[0].start, stretches[-1].end),)
    for span in stretches:
        start = span.start
        while start + length <= span.end:
            yield start
            start += STEP
