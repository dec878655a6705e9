"""Half hours at which something may begin. Pure.

In UTC: a search compares thousands with taken times, and two instants of one zone
compare several times faster than two of different ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import takewhile

from services.schedule.domain.calendar import working_hours
from services.schedule.domain.span import Span, day_start, local_date

STEP = timedelta(minutes=30)
DAY = timedelta(days=1)
WORKING_DAY = timedelta(hours=8)
Days = tuple[int, int]
"""The first and the last, counted from the day of the wanted time."""


def all_day(day: date, _length: timedelta) -> tuple[datetime, ...]:
    start = day_start(day).astimezone(UTC)
    return tuple(start + STEP * number for number in range(DAY // STEP))


@lru_cache(maxsize=4096)
def in_office(day: date, length: timedelta) -> tuple[datetime, ...]:
    """Half hours of the day at which something this long fits the working hours.

    What is longer than a working day only has to begin on one, in the morning.
    """
    stretches = working_hours(day)
    if length > WORKING_DAY:
        return tuple(span.start.astimezone(UTC) for span in stretches[:1])
    if stretches and length > max(span.length for span in stretches):
        stretches = (Span(stretches[0].start, stretches[-1].end),)
    return tuple(start for span in stretches for start in _fitting(span, length))


def whole(day: date, _length: timedelta) -> tuple[datetime, ...]:
    """Of what takes whole days: the beginning of every working day."""
    return (day_start(day).astimezone(UTC),) if working_hours(day) else ()


def _fitting(span: Span, length: timedelta) -> Iterator[datetime]:
    start, last = span.start.astimezone(UTC), span.end - length
    while start <= last:
        yield start
        start += STEP


def outwards(wanted: Span, now: datetime, days: Days) -> Iterator[datetime]:
    """Half hours around the wanted one, the nearest first, of two as near the earlier
    one; none that is past. Made as they are asked for: most searches soon end."""
    since, until = days
    length, at = wanted.length, wanted.start.astimezone(UTC)
    first, starts = local_date(at), whole if wanted.whole_days else in_office
    earlier = (
        start
        for offset in range(min(0, until), since - 1, -1)
        for start in reversed(starts(first + timedelta(days=offset), length))
        if start < at
    )
    later = (
        start
        for offset in range(max(0, since), until + 1)
        for start in starts(first + timedelta(days=offset), length)
        if start > at and start >= now
    )
    still_to_come = takewhile(lambda start: start >= now, earlier)
    return merge(still_to_come, later, key=lambda start: abs(start - at))
