"""A stranger's calendar file as single occurrences in our window, or a refusal.

Zones and recurrences are honoured (`icalendar`, `recurring_ical_events`). Times without
a zone, and whole days, are the regency's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from contracts.codec import ZONE
from contracts.errors import Invalid, invalid
from services.schedule.calendars.rules import (
    MOST_OCCURRENCES,
    Bounded,
    require_coarse,
    too_many,
)

BACK, AHEAD = timedelta(days=31), timedelta(days=731)
MOST_EVENTS = 3_000
UNTITLED = "Tanpa judul"
_LONGEST_UID = 1_000
_UNFOLD = re.compile(r"\r?\n[ \t]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_READ = frozenset({*_TIMES, "DURATION", "RRULE", "RDATE", "EXDATE", "UID"})
_RECURRING = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
# What the two libraries raise when a file contradicts itself.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`recurrence_id`: the start by the rule, of recurring events only."""

    uid: str
    recurrence_id: datetime | None
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str | None
    tentative: bool = False
    cancelled: bool = False
    free: bool = False
    hidden: bool = False


def occurrences(content: str, now: datetime) -> list[Occurrence]:
    """By start, those that touch the window around `now`.

    Raises: Invalid: broken, of an unknown zone, or more than we expand.
    """
    try:
        return _read(content, now - BACK, now + AHEAD)
    except _BROKEN as error:
        raise _broken() from error


def _read(content: str, start: datetime, end: datetime) -> list[Occurrence]:
    if _CONTROL.search(content):
        raise _broken()
    require_coarse(_UNFOLD.sub("", content))
    calendar = Calendar.from_ical(content)
    if calendar.name != "VCALENDAR":
        raise _broken()
    recurring = _checked(calendar, Bounded(start, end))
    query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True)
    found = query.between(start, end)
    if len(found) > MOST_OCCURRENCES:
        raise too_many()
    items = [_occurrence(event, recurring) for event in found]
    return sorted(items, key=lambda item: (item.starts_at, item.uid))


def _checked(calendar: Any, rules: Bounded) -> frozenset[str]:
    """UIDs of recurring events; every event is known to be readable then."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise invalid("", f"Paling banyak {MOST_EVENTS} acara dalam satu berkas")
    recurring = set()
    for event in events:
        _require_readable(event)
        if _RECURRING & set(event):
            recurring.add(str(event["UID"]))
        rules.write_out(event)
    return frozenset(recurring)


def _require_readable(event: Any) -> None:
    uid = str(event.get("UID", ""))
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


def _occurrence(event: Any, recurring: frozenset[str]) -> Occurrence:
    uid, start = str(event["UID"]), event["DTSTART"].dt
    starts_at = _instant(start)
    by_rule = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else start
    status = str(event.get("STATUS", "")).upper()
    return Occurrence(
        uid=uid,
        recurrence_id=_instant(by_rule) if uid in recurring else None,
        title=_line(event.get("SUMMARY")) or UNTITLED,
        starts_at=starts_at,
        ends_at=_end(event, start, starts_at),
        place=_line(event.get("LOCATION")),
        tentative=status == "TENTATIVE",
        cancelled=status == "CANCELLED",
        free=str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
        hidden=str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
    )


def _end(event: Any, start: date, starts_at: datetime) -> datetime | None:
    """A day without an end is that day, an hour without an end lasts until finished."""
    end = _instant(event.end)
    if end > starts_at:
        return end
    whole_day = not isinstance(start, datetime)
    return starts_at + timedelta(days=1) if whole_day else None


def _instant(value: date) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    local = value if value.tzinfo else value.replace(tzinfo=ZONE)
    return local.astimezone(UTC)


def _line(text: Any) -> str | None:
    return " ".join(str(text or "").split())[:500] or None


def _broken() -> Invalid:
    return invalid("", "Berkas kalender tidak dapat dibaca")
