"""Other hours and weekdays at which all dates of a series are free. Pure, and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.schedule.domain.half_hours import in_office
from services.schedule.domain.slots import (
    WANTED,
    Busy,
    Claim,
    TakenOf,
    is_free,
)
from services.schedule.domain.span import Span, local_date

DAYS_BACK, DAYS_AHEAD = 3, 6  # every other day of the week, and the same one again
MOST_LOOKS = 60_000  # half a second at most

Dated = Sequence[tuple[Span, Sequence[Claim]]]


def reach(wanted: Dated) -> Span:
    """Where to look: a day more on both sides, because travel reaches over midnight."""
    return Span(
        min(span.start for span, _ in wanted) - timedelta(days=DAYS_BACK + 1),
        max(span.end for span, _ in wanted) + timedelta(days=DAYS_AHEAD + 1),
    )


def fitting(
    wanted: Dated, busy: Busy, now: datetime, *, weekly: bool, hours: bool = True
) -> list[Span]:
    """Nearest first by how far all dates move, told as the time of the first of them.

    Only what goes by the week (`weekly`) keeps its rule on another day; without
    `hours` nothing but the day changes. A first date has working hours, the others
    need only be free: of a hundred dates some are holidays.
    """
    first = min((span for span, _ in wanted), key=lambda span: span.start)
    days = range(-DAYS_BACK, DAYS_AHEAD + 1) if weekly else range(1)
    taken, looks, found = TakenOf(busy), MOST_LOOKS, list[Span]()
    for by in _moves(first, days, now, hours=hours):
        for span, claims in wanted:
            looks -= len(claims)
            if not is_free(span.moved_to(span.start + by), claims, taken):
                break
        else:
            found.append(first.moved_to(first.start + by))
        if len(found) == WANTED or looks < 0:
            break
    return sorted(found, key=lambda span: span.start)


def _moves(
    first: Span, days: range, now: datetime, *, hours: bool
) -> Iterator[timedelta]:
    moves = {
        start - first.start
        for offset in days
        for start in _starts(first, timedelta(days=offset), hours=hours)
        if start >= now
    } - {timedelta()}
    return iter(sorted(moves, key=lambda by: (abs(by), by)))


def _starts(first: Span, by: timedelta, *, hours: bool) -> Iterator[datetime]:
    of_day = in_office(local_date(first.start + by), first.length)
    if hours:
        yield from of_day
    elif any(of_day):
        yield first.start + by
