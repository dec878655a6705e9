"""Working hours, Friday prayer and holidays: they shape suggestions, never refusals."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from holidays import country_holidays

from contracts.codec import ZONE
from contracts.holidays import DECREED_YEARS, days_off, is_working_day
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
            joint_leave=row.joint_leave,
        )
        for row in days_off(year)
    ]


def working_hours(day: date) -> tuple[Span, ...]:
    """The stretches of a day in which a suggestion may lie."""
    if not is_working_day(day) or day in _expected(day.year):
        return ()
    if day.weekday() == FRIDAY:
        before, after = FRIDAY_PRAYER
        return (_stretch(day, MORNING, before), _stretch(day, after, EVENING))
    return (_stretch(day, MORNING, EVENING),)


def load_expected() -> None:
    """Before the first search needs it: the package reads the calendars of all the
    world, and every call waits a third of a second meanwhile."""
    _expected(max(DECREED_YEARS) + 1)


@cache
def _expected(year: int) -> frozenset[date]:
    """Holidays as reckoned for a year without a decree: good enough not to propose
    a meeting on Idulfitri, not to be published or to count a due date by."""
    if year in DECREED_YEARS:
        return frozenset()
    return frozenset(country_holidays("ID", years=year))


def _stretch(day: date, start: time, end: time) -> Span:
    return Span(
        datetime.combine(day, start, ZONE),
        datetime.combine(day, end, ZONE),
    )
