"""A stranger's calendar file as single occurrences in our window, or a refusal.

Zones and recurrences are honoured (`icalendar`, `recurring_ical_events`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from contracts.errors import Invalid, invalid
from services.schedule.calendars.occurrence import (
    Kinds,
    Occurrence,
    occurrence_of,
)
from services.schedule.calendars.rules import (
    MOST_OCCURRENCES,
    Bounded,
    require_coarse,
    too_many,
)
from services.schedule.calendars.texts import concealed, text_of, unfolded

BACK, AHEAD = timedelta(days=31), timedelta(days=731)
MOST_EVENTS = 3_000
MOST_LINES = 100_000  # reading one takes the library up to a tenth of a millisecond
_LONGEST_UID = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_READ = frozenset({*_TIMES, "DURATION", "RRULE", "RDATE", "EXDATE", "UID"})
_RECURRING = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
# What the two libraries raise when a file contradicts itself.
_BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    IndexError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What touches the window, by start. `outside`: events that never do."""

    start: datetime
    until: datetime
    found: list[Occurrence]
    outside: int


def read_calendar(content: str, now: datetime) -> Reading:
    """Of a window around `now`.

    Raises: Invalid: broken, of an unknown zone, or more than we expand.
    """
    try:
        return _read(content, now - BACK, now + AHEAD)
    except _BROKEN as error:
        raise _broken() from error


def _read(content: str, start: datetime, end: datetime) -> Reading:
    if _CONTROL.search(content):
        raise _broken()
    lines = unfolded(content)
    if lines.count("\n") > MOST_LINES:
        raise invalid("", f"Paling banyak {MOST_LINES} baris dalam satu berkas")
    require_coarse(lines)
    calendar = Calendar.from_ical(concealed(lines))
    if calendar.name != "VCALENDAR":
        raise _broken()
    kinds = _checked(calendar, Bounded(start, end))
    query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True)
    found = query.between(start, end)
    if len(found) > MOST_OCCURRENCES:
        raise too_many()
    items = [occurrence_of(event, kinds, end) for event in found]
    items.sort(key=lambda item: (item.starts_at, item.uid))
    outside = len(kinds.all - {item.uid for item in items})
    return Reading(start, end, items, outside)


def _checked(calendar: Any, rules: Bounded) -> Kinds:
    """Every event is known to be readable then."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise invalid("", f"Paling banyak {MOST_EVENTS} acara dalam satu berkas")
    kinds = Kinds(set(), set(), set())
    for event in events:
        _require_readable(event)
        uid = text_of(event, "UID")
        kinds.all.add(uid)
        if _RECURRING & set(event):
            kinds.recurring.add(uid)
        if rules.write_out(event):
            kinds.going_on.add(uid)
    return kinds


def _require_readable(event: Any) -> None:
    uid = text_of(event, "UID")
    if not uid.strip() or len(uid) > _LONGEST_UID or "DTSTART" not in event:
        raise invalid("/uid", "Tiap acara harus memuat UID dan DTSTART")
    if any(name in _READ for name, _ in event.errors):
        raise _broken()
    for name in (*_TIMES, "RDATE", "EXDATE"):
        for value in _several(event.get(name)):
            _require_known_zone(value)


def _several(value: Any) -> Iterator[Any]:
    if value is not None:
        yield from value if isinstance(value, list) else [value]


def _require_known_zone(value: Any) -> None:
    """An unknown zone is read as no zone; an hour off is worse than a refusal."""
    zone = value.params.get("TZID")
    times = [value] if hasattr(value, "dt") else value.dts
    if zone and any(getattr(each.dt, "tzinfo", None) is None for each in times):
        raise invalid("/tzid", f"Zona waktu tidak dikenal: {str(zone)[:60]}")


def _broken() -> Invalid:
    return invalid("", "Berkas kalender tidak dapat dibaca")
