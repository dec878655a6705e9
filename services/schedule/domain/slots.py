"""Free slots near a wanted time, for everybody and everything that binds.

Pure search over busy spans already fetched; nearest to the wanted start first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from contracts.schedule import OpenHours
from services.schedule.domain.calendar import working_hours
from services.schedule.domain.opening import is_open
from services.schedule.domain.span import Span, local_date

STEP = timedelta(minutes=30)
WANTED = 3
WORKING_DAY = timedelta(hours=8)
DAYS_BACK, DAYS_AHEAD, LONG_DAYS_AHEAD = 3, 14, 200


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
    claims = list(claims)
    barred = _Barred(wanted.length, claims, busy)
    found = list(
        islice(
            (
                slot
                for slot in _by_distance(wanted, now, days_ahead)
                if slot.start not in barred and _is_open(slot, claims)
            ),
            count,
        )
    )
    return sorted(found, key=lambda slot: slot.start)


class _Barred:
    """Starts at which something so long would meet what is taken, as few disjoint
    stretches: a search over many slots and lines looks each start up once."""

    def __init__(self, length: timedelta, claims: list[Claim], busy: Busy) -> None:
        self._from: list[datetime] = []
        self._to: list[datetime] = []
        for start, end in sorted(_stretches(length, claims, busy)):
            if self._to and start < self._to[-1]:
                self._to[-1] = max(self._to[-1], end)
            else:
                self._from.append(start)
                self._to.append(end)

    def __contains__(self, start: datetime) -> bool:
        index = bisect_left(self._from, start) - 1
        return index >= 0 and start < self._to[index]


def _stretches(
    length: timedelta, claims: list[Claim], busy: Busy
) -> Iterator[tuple[datetime, datetime]]:
    """Open on both sides: a slot may end where a line begins."""
    for claim in claims:
        before, after = timedelta(minutes=claim.before), timedelta(minutes=claim.after)
        for taken in busy.get(claim.key, ()):
            yield taken.start - length - after, taken.end + before


def _is_open(slot: Span, claims: list[Claim]) -> bool:
    return all(is_open(claim.hours, claim.span(slot)) for claim in claims)


def _by_distance(wanted: Span, now: datetime, days_ahead: int) -> Iterator[Span]:
    first = local_date(wanted.start) - timedelta(days=DAYS_BACK)
    slots = [
        wanted.moved_to(start)
        for offset in range(DAYS_BACK + days_ahead + 1)
        for start in _starts(first + timedelta(days=offset), wanted.length)
        if start >= now and start != wanted.start
    ]
    slots.sort(key=lambda slot: (abs(slot.start - wanted.start), slot.start))
    return iter(slots)


def _starts(day: date, length: timedelta) -> Iterator[datetime]:
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
