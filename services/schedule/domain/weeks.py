"""Whole ISO weeks of a window: Monday to Sunday in local time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from contracts.errors import invalid
from contracts.fields import EARLIEST_YEAR, LATEST_YEAR
from services.schedule.domain.span import Span, day_start, local_date, parse_when

DAY, WEEK = timedelta(days=1), timedelta(days=7)
USUAL = 4
MOST = 26


def weeks_of(from_: str | None, to: str | None, now: datetime) -> Sequence[date]:
    """The Mondays of all weeks that the window touches.

    Raises: Invalid about ``/from`` or ``/to``.
    """
    start = parse_when(from_, "/from") or now
    _require_likely(start, "/from")
    first = monday(local_date(start))
    end = parse_when(to, "/to", end=True)
    if end is None:
        return [first + number * WEEK for number in range(USUAL)]
    _require_likely(end, "/to")
    if end <= start:
        raise invalid("/to", "Akhir harus sesudah awal")
    last = monday(local_date(end - timedelta(microseconds=1)))
    count = (last - first) // WEEK + 1
    if count > MOST:
        raise invalid("/to", f"Paling lama {MOST} minggu")
    return [first + number * WEEK for number in range(count)]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def span_of_week(first: date) -> Span:
    return Span(day_start(first), day_start(first + WEEK))


def _require_likely(at: datetime, field: str) -> None:
    """Dates no office means would overflow further on."""
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise invalid(field, "Tanggal di luar jangkauan")
