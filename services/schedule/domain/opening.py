"""Bookable hours of a room or vehicle: whether a time lies within them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from contracts.codec import ZONE
from contracts.errors import invalid
from contracts.schedule import OpenHours
from services.schedule.domain.span import Span, day_start, local_date

_DAY = timedelta(days=1)


def is_open(hours: Sequence[OpenHours], span: Span) -> bool:
    """Open from the first minute to the last; no hours given = always.

    A stretch until 24:00 goes on in one that opens at 00:00, so that a thing that is
    open day and night can be had for several days.
    """
    if not hours:
        return True
    reached = span.start
    for stretch in _stretches(hours, span):
        if stretch.start <= reached < stretch.end:
            reached = stretch.end
    return reached >= span.end


def require_coherent(hours: Iterable[OpenHours]) -> None:
    """Raises: Invalid, naming the first stretch that ends before it begins."""
    for index, row in enumerate(hours):
        if row.closes <= row.opens:
            raise invalid(f"/bookable_hours/{index}/closes", "Tutup harus sesudah buka")


def _stretches(hours: Sequence[OpenHours], span: Span) -> Iterator[Span]:
    ordered = sorted(hours, key=lambda row: row.opens)
    day, last = local_date(span.start), local_date(span.end)
    while day <= last:
        for row in ordered:
            if row.weekday == day.isoweekday():
                yield Span(_at(day, row.opens), _at(day, row.closes))
        day += _DAY


def _at(day: date, clock: str) -> datetime:
    if clock == "24:00":
        return day_start(day + _DAY)
    return datetime.combine(day, time.fromisoformat(clock), ZONE)
