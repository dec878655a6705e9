"""Working hours, Friday prayer and holidays: they shape suggestions, never refusals."""

from __future__ import annotations

from datetime import date, datetime, time

from contracts.codec import ZONE
from contracts.holidays import DayKind, days_off, is_working_day
from contracts.schedule import Holiday
from services.schedule.domain.span import Span

MORNING, EVENING = time(8), time(16)
FRIDAY_PRAYER = (time(11, 30), time(13, 30))
FRIDAY = 4


def holidays(year: int) -> list[Holiday]:
    """The days off known for a year, in order."""
    return [
        Holiday(
            code=row.date.isoformat(),
            date=row.date,
            label_id=row.label_id,
            label_en=row.label_en,
            joint_leave=row.kind is DayKind.JOINT,
            kind=row.kind.value,
            provisional=row.provisional,
        )
        for row in days_off(year)
    ]


def working_hours(day: date) -> tuple[Span, ...]:
    """The stretches of a day in which a suggestion may lie."""
    if not is_working_day(day):
        return ()
    if day.weekday() == FRIDAY:
        before, after = FRIDAY_PRAYER
        return (_stretch(day, MORNING, before), _stretch(day, after, EVENING))
    return (_stretch(day, MORNING, EVENING),)


def _stretch(day: date, start: time, end: time) -> Span:
    return Span(
        datetime.combine(day, start, ZONE),
        datetime.combine(day, end, ZONE),
    )
