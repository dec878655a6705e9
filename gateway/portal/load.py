"""Weekly load as it is drawn: bars in percent of one scale, so that the table reads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from gateway.portal import words
from gateway.portal.overview import Bar

Row = dict[str, Any]

WEEKS: Final = 4
WEEK: Final = timedelta(days=7)
FULL_WEEK: Final = 37.5  # working hours of an official


def period_of(first: date) -> dict[str, str]:
    """The query of the weeks from the one `first` lies in; the service has days that
    both count."""
    monday = monday_of(first)
    last = monday + WEEKS * WEEK - timedelta(days=1)
    return {"from": monday.isoformat(), "to": last.isoformat()}


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(found: Row) -> list[date]:
    """Their Mondays; `ends_on` is the last Sunday."""
    first, last = words.day_of(found["starts_on"]), words.day_of(found["ends_on"])
    return [first + number * WEEK for number in range((last - first) // WEEK + 1)]


def said_week(monday: date) -> str:
    """``23–29 Nov``, ``30 Nov–6 Des``"""
    last = monday + WEEK - timedelta(days=1)
    start = str(monday.day) if monday.month == last.month else _day(monday)
    return f"{start}–{_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {words.MONTHS[day.month - 1][:3]}"


def bars(found: Row, monday: date) -> list[Bar]:
    """Offices in that week, the busiest first; those without load are left out."""
    hours = [(office, week_of(office, monday)) for office in found["items"]]
    busy = [(office, week) for office, week in hours if week["activities"]]
    busy.sort(key=lambda row: -row[1]["hours"])
    scale = max([1.25 * FULL_WEEK, *(week["hours"] for _, week in busy)])
    return [
        Bar(
            name=office["name"],
            length=round(100 * week["hours"] / scale, 1),
            value=hours_of(week),
            aim=round(100 * FULL_WEEK / scale, 1),
            over=week["hours"] > FULL_WEEK,
            more=f"{words.number(week['activities'])} kegiatan",
        )
        for office, week in busy
    ]


def week_of(office: Row, monday: date) -> Row:
    """That week of an office, also when the service left it out."""
    for week in office["weeks"]:
        if words.day_of(week["starts_on"]) == monday:
            found: Row = week
            return found
    return {"hours": 0.0, "activities": 0}


def hours_of(week: Row) -> str:
    """``12,5 jam``"""
    text = f"{week['hours']:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text} jam"


def address(first: date, unit_id: str, week: date | None = None) -> str:
    """This page for other weeks or another unit."""
    asked = {"mulai": first.isoformat(), "unit": unit_id}
    if week:
        asked["pekan"] = week.isoformat()
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"/beban?{text}"
