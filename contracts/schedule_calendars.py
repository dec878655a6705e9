"""Calendar feeds, the public agenda, day sheets, imports: requests and answers.

RPC methods: ``create_calendar_feed``, ``list_calendar_feeds``,
``delete_calendar_feed``, ``read_calendar_feed``, ``read_public_calendar``,
``list_public_activities``, ``get_day_sheet``, ``import_activities``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.fields import Request
from contracts.schedule import Activity, ActivityState, Clash


class FeedDetail(StrEnum):
    """`busy`: nothing but taken time; `full`: what the feed's maker may see."""

    FULL = "full"
    BUSY = "busy"


class CreateCalendarFeed(Request):
    """Of exactly one of a position, a unit, a room or vehicle."""

    detail: FeedDetail
    position_id: UUID | None = None
    unit_id: UUID | None = None
    resource_id: UUID | None = None


class NewCalendarFeed(msgspec.Struct, kw_only=True):
    """`url` holds the secret and is told once."""

    feed_id: UUID
    url: str


class CalendarFeed(msgspec.Struct, kw_only=True):
    """A feed its maker may still take back."""

    feed_id: UUID
    detail: FeedDetail
    position_id: UUID | None = None
    unit_id: UUID | None = None
    resource_id: UUID | None = None
    name: str
    created_at: datetime


class CalendarFile(msgspec.Struct, kw_only=True):
    """``text/calendar``."""

    content: str


class PublicActivity(msgspec.Struct, kw_only=True):
    """What anybody may know of a public activity; people and links stay inside."""

    activity_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime | None
    assumed_ends_at: datetime
    organiser_unit_name: str
    place_name: str | None
    all_day: bool = False
    state: ActivityState
    created_at: datetime
    updated_at: datetime
    version: int


class DaySheet(msgspec.Struct, kw_only=True):
    """A position's day as the reader may see it; `person_name` holds it that day."""

    position_id: UUID
    title: str
    unit_name: str
    person_name: str | None
    date: date
    items: list[Activity]


class ImportQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`position_id`: whose calendar it is, default the acting position. `dry_run`:
    report what would be done and store nothing."""

    position_id: UUID | None = None
    dry_run: bool = False


class ImportOutcome(StrEnum):
    """`clash`: its time is taken, nothing was stored; `skipped`: see `reason`;
    `invalid`: the event cannot be read, see `reason`."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
    CLASH = "clash"
    SKIPPED = "skipped"
    INVALID = "invalid"


class ImportedEvent(msgspec.Struct, kw_only=True):
    """One event of the file, or one occurrence of a recurring one; of those the
    `recurrence_id` is the start by its rule. `read_until`: its rule goes on after this
    moment, the end of what was read; null when all of it was read. Of an `invalid` one
    `starts_at` may be null and `uid` empty: it is told once, with all its occurrences."""

    uid: str
    recurrence_id: datetime | None
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    outcome: ImportOutcome
    activity_id: UUID | None = None
    reason: str | None = None
    conflicts: list[Clash] = []
    warnings: list[Clash] = []
    read_until: datetime | None = None


class ImportReport(msgspec.Struct, kw_only=True):
    """By start, `invalid` ones last. `counts` has every outcome. What lies from `read_from` to `read_until`
    is read; `outside` counts the events that have nothing in there. The same file later
    adds what has come into reach since."""

    position_id: UUID
    dry_run: bool
    read_from: datetime
    read_until: datetime
    outside: int
    counts: dict[ImportOutcome, int]
    items: list[ImportedEvent]
