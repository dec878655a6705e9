"""A stranger's calendar file as single occurrences in our window, or a refusal.

Zones and recurrences are honoured (`icalendar`, `recurring_ical_events`). An event that
cannot be read is told with its reason; the others are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from contracts.errors import Invalid, invalid
from services.schedule.calendars.occurrence import Occurrence, occurrence_of
from services.schedule.calendars.rules import MOST_OCCURRENCES
from services.schedule.calendars.sifting import BROKEN, Unreadable, sifted
from services.schedule.calendars.texts import concealed, unfolded
from services.schedule.calendars.zones import require_plain_zones

BACK, AHEAD = timedelta(days=31), timedelta(days=731)
MOST_EVENTS = 3_000
MOST_LINES = 100_000  # reading one takes the library up to a tenth of a millisecond
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What touches the window, by start. `outside`: events that never do. `invalid`:
    events that cannot be read."""

    start: datetime
    until: datetime
    found: list[Occurrence]
    outside: int
    invalid: list[Unreadable]


def read_calendar(content: str, now: datetime) -> Reading:
    """Of a window around `now`.

    Raises: Invalid: no calendar, more than we expand, or nothing in it can be read.
    """
    try:
        reading = _read(content, now - BACK, now + AHEAD)
    except BROKEN as error:
        raise _broken() from error
    if reading.invalid and not reading.found and not reading.outside:
        raise invalid(**reading.invalid[0].error)
    return reading


def _read(content: str, start: datetime, end: datetime) -> Reading:
    calendar = _parsed(content)
    kinds, unreadable = sifted(_events(calendar), start, end)
    zones = [one for one in calendar.subcomponents if one.name == "VTIMEZONE"]
    calendar.subcomponents = [*zones, *kinds.events]
    query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True)
    found = query.between(start, end)
    if len(found) > MOST_OCCURRENCES:
        raise _too_many(MOST_OCCURRENCES)
    items = [occurrence_of(event, kinds) for event in found]
    items.sort(key=lambda item: (item.starts_at, item.uid))
    outside = len(kinds.all - {item.uid for item in items})
    return Reading(start, end, items, outside, unreadable)


def _parsed(content: str) -> Any:
    if _CONTROL.search(content):
        raise _broken()
    lines = unfolded(content)
    if lines.count("\n") > MOST_LINES:
        raise invalid("", f"Paling banyak {MOST_LINES} baris dalam satu berkas")
    require_plain_zones(lines)
    calendar: Any = Calendar.from_ical(concealed(lines))
    if calendar.name != "VCALENDAR":
        raise _broken()
    return calendar


def _events(calendar: Any) -> list[Any]:
    events: list[Any] = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise _too_many(MOST_EVENTS)
    return events


def _too_many(most: int) -> Invalid:
    said = f"Lebih dari {most} acara. Ekspor rentang waktu yang lebih pendek, lalu impor tiap bagiannya"
    return invalid("", said)


def _broken() -> Invalid:
    return invalid("", "Berkas kalender tidak dapat dibaca")
