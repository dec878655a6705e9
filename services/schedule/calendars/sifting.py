"""The events of a file that can be read, and why the others cannot.

Events of one UID are one: of a series without its moved date the old date would be
booked. So one unreadable part leaves all of them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.errors import FieldError, Invalid, invalid
from services.schedule.calendars.occurrence import (
    UNTITLED,
    Kinds,
    instant,
    line_of,
)
from services.schedule.calendars.rules import Bounded
from services.schedule.calendars.texts import text_of

_LONGEST_UID = 1_000
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_READ = frozenset({*_TIMES, "DURATION", "RRULE", "RDATE", "EXDATE", "UID"})
_RECURRING = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
# What the two libraries raise when a file contradicts itself.
BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    IndexError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that is left out, as far as it could be read."""

    uid: str
    title: str
    starts_at: datetime | None
    error: FieldError

    @property
    def reason(self) -> str:
        return self.error["message"]


def sifted(
    events: list[Any], start: datetime, end: datetime
) -> tuple[Kinds, list[Unreadable]]:
    """Rules are written out: what is left can be expanded."""
    rules = Bounded(start, end)
    named: dict[str, Unreadable] = {}
    nameless: list[Unreadable] = []
    for event in events:
        reason = _reason(event, rules)
        if reason is None:
            continue
        left_out = _unreadable(event, reason)
        uid = _uid(event)
        if uid.strip():
            named.setdefault(uid, left_out)
        else:
            nameless.append(left_out)
    good = [each for each in events if _uid(each).strip() and _uid(each) not in named]
    recurring = {_uid(event) for event in good if _RECURRING & set(event)}
    until = {_uid(event): at for event, at in rules.write_out(good)}
    kinds = Kinds(good, {_uid(event) for event in good}, recurring, until)
    return kinds, [*named.values(), *nameless]


def _reason(event: Any, rules: Bounded) -> FieldError | None:
    """Why `event` cannot be read."""
    try:
        _require_readable(event)
        rules.walk(event)
    except Invalid as error:
        return error.errors[0]
    except BROKEN:
        return {"field": "", "message": "Acara ini tidak dapat dibaca"}
    return None


def _require_readable(event: Any) -> None:
    uid = text_of(event, "UID")
    if not uid.strip() or len(uid) > _LONGEST_UID or "DTSTART" not in event:
        raise invalid("/uid", "Tiap acara harus memuat UID dan DTSTART")
    for name, _ in event.errors:
        if name in _READ:
            raise invalid("", f"{name} tidak dapat dibaca")
    for name in (*_TIMES, "RDATE", "EXDATE"):
        for value in _several(event.get(name)):
            _require_known_zone(value)
    _require_order(event)


def _require_order(event: Any) -> None:
    starts, ends = event["DTSTART"].dt, event.get("DTEND")
    if ends is not None:
        if isinstance(starts, datetime) != isinstance(ends.dt, datetime):
            raise invalid("/dtend", "Mulai berjam, selesai tidak, atau sebaliknya")
        if instant(ends.dt) < instant(starts):
            raise invalid("/dtend", "Selesai lebih awal daripada mulai")
    if instant(event.end) < instant(starts):
        raise invalid("/duration", "Lamanya kurang dari nol")


def _several(value: Any) -> Iterator[Any]:
    if value is not None:
        yield from value if isinstance(value, list) else [value]


def _require_known_zone(value: Any) -> None:
    """An unknown zone is read as no zone; an hour off is worse than a refusal."""
    zone = value.params.get("TZID")
    times = [value] if hasattr(value, "dt") else value.dts
    if zone and any(getattr(each.dt, "tzinfo", None) is None for each in times):
        raise invalid("/tzid", f"Zona waktu tidak dikenal: {str(zone)[:60]}")


def _unreadable(event: Any, reason: FieldError) -> Unreadable:
    title = line_of(_text(event, "SUMMARY")) or UNTITLED
    uid = _uid(event).strip()[:_LONGEST_UID]
    return Unreadable(uid, title, _start(event), reason)


def _start(event: Any) -> datetime | None:
    """None too where the zone is unknown: an hour off is worse than none."""
    try:
        _require_known_zone(event["DTSTART"])
        return instant(event["DTSTART"].dt)
    except (Invalid, *BROKEN):
        return None


def _uid(event: Any) -> str:
    return _text(event, "UID")


def _text(event: Any, name: str) -> str:
    try:
        return text_of(event, name)
    except BROKEN:
        return ""
