"""The day of one office as rows: departures, activities, gaps, and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.codec import ZONE
from gateway.exports import day_sheet
from gateway.portal import status, words

Row = dict[str, Any]
GONE = ("cancelled", "postponed")
SMALLEST_GAP = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One row of the day; `kind` is activity, travel, gap or now."""

    kind: str
    at: datetime
    text: str = ""
    activity: Row | None = None


@dataclass(frozen=True)
class Day:
    """A day of the week strip, or a cell of a week or month."""

    date: date
    activities: list[Row]
    clash: bool

    @property
    def count(self) -> int:
        return len(self.activities)

    @property
    def is_sunday(self) -> bool:
        return self.date.weekday() == 6


def starts(activity: Row) -> datetime:
    return words.instant(activity["starts_at"])


def ends(activity: Row) -> datetime:
    return words.instant(activity["assumed_ends_at"])


def on_day(activities: list[Row], day: date) -> list[Row]:
    """Those that touch the day, in order."""
    begin = datetime.combine(day, time(), ZONE)
    end = begin + timedelta(days=1)
    kept = [
        row
        for row in activities
        if row["state"] not in GONE and starts(row) < end and ends(row) > begin
    ]
    return sorted(kept, key=lambda row: (starts(row), ends(row)))


def entries(activities: list[Row], day: date, now: datetime) -> list[Entry]:
    """The rows of the day view."""
    rows: list[Entry] = []
    busy_until: datetime | None = None
    for activity in activities:
        leaves = starts(activity) - timedelta(
            minutes=activity.get("travel_minutes_before") or 0
        )
        if busy_until and leaves - busy_until >= SMALLEST_GAP:
            free = words.duration(leaves - busy_until)
            rows.append(Entry("gap", busy_until, f"Kosong {free}"))
        if leaves < starts(activity):
            minutes = words.duration(starts(activity) - leaves)
            rows.append(Entry("travel", leaves, f"Perjalanan {minutes}"))
        rows.append(Entry("activity", starts(activity), activity=activity))
        until = ends(activity) + timedelta(
            minutes=activity.get("travel_minutes_after") or 0
        )
        busy_until = max(busy_until, until) if busy_until else until
    return _with_now(rows, day, now)


def _with_now(rows: list[Entry], day: date, now: datetime) -> list[Entry]:
    if words.day_of(now) != day:
        return rows
    later = next((i for i, row in enumerate(rows) if row.at > now), len(rows))
    marker = Entry("now", words.instant(now), words.clock(now))
    return [*rows[:later], marker, *rows[later:]]


def week(activities: list[Row], day: date, position_id: str | None) -> list[Day]:
    """Monday to Sunday around `day`, with how much is on each."""
    monday = monday_of(day)
    days = [monday + timedelta(days=n) for n in range(7)]
    return [
        Day(each, rows, any(_clashes(row, position_id) for row in rows))
        for each in days
        for rows in [on_day(activities, each)]
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def mondays_of_month(day: date) -> list[date]:
    """Of every week that has a day of this month."""
    first, end = monday_of(day.replace(day=1)), next_month(day)
    mondays = [first + timedelta(weeks=n) for n in range(6)]
    return [each for each in mondays if each < end]


def next_month(day: date) -> date:
    """Its first day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _clashes(activity: Row, position_id: str | None) -> bool:
    line = status.line_of(activity, position_id)
    return line.get("standing") in ("displaced", "blocked")


def as_text(title: str, activities: list[Row], position_id: str, day: date) -> str:
    """The day to paste into a chat: what the day sheet of the API says."""
    sheet = {
        "title": title,
        "person_name": None,
        "position_id": position_id,
        "date": day.isoformat(),
        "items": activities,
    }
    return day_sheet.as_text(sheet).strip()
