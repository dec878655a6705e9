"""One occurrence of a stranger's event, in our words.

Times without a zone, and whole days, are the regency's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from contracts.codec import ZONE
from services.schedule.calendars.texts import text_of

UNTITLED = "Tanpa judul"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`recurrence_id`: the start by the rule, of recurring events only. `read_until`:
    of those that go on, where reading ended."""

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
    all_day: bool = False
    read_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kinds:
    """Readable events; their UIDs; those of the recurring; of those that go on after
    what is read, where that ends."""

    events: list[Any]
    all: set[str]
    recurring: set[str]
    read_until: dict[str, datetime]


def occurrence_of(event: Any, kinds: Kinds) -> Occurrence:
    uid, start = text_of(event, "UID"), event["DTSTART"].dt
    starts_at = instant(start)
    by_rule = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else start
    status = str(event.get("STATUS", "")).upper()
    return Occurrence(
        uid=uid,
        recurrence_id=instant(by_rule) if uid in kinds.recurring else None,
        title=line_of(text_of(event, "SUMMARY")) or UNTITLED,
        starts_at=starts_at,
        ends_at=_end(event, start, starts_at),
        place=line_of(text_of(event, "LOCATION")),
        tentative=status == "TENTATIVE",
        cancelled=status == "CANCELLED",
        free=str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
        hidden=str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
        all_day=not isinstance(start, datetime),
        read_until=kinds.read_until.get(uid),
    )


def _end(event: Any, start: date, starts_at: datetime) -> datetime | None:
    """A day without an end is that day, an hour without an end lasts until finished."""
    end = instant(event.end)
    if end > starts_at:
        return end
    whole_day = not isinstance(start, datetime)
    return starts_at + timedelta(days=1) if whole_day else None


def instant(value: date) -> datetime:
    """Without a zone it is the regency's clock."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    local = value if value.tzinfo else value.replace(tzinfo=ZONE)
    return local.astimezone(UTC)


def line_of(text: str) -> str | None:
    """One line of at most 500 letters; None of nothing."""
    return " ".join(text.split())[:500] or None
