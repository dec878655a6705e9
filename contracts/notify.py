"""Notifications of people: what notify answers, streams and hints.

Notify publishes no event of its own. Its RPC methods, all for a person:

``list_notifications``, ``read_notification``, ``read_all_notifications``,
``count_unread``, ``read_stream``, ``read_watermarks``.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.paging import ListQuery

SERVICE = "notify"

STREAM_EXCHANGE = "notify.stream"
"""Fanout, transient: a `Hint` per new notification, for whoever holds streams."""

STREAM_PAGE_LIMIT = 200


class Topic(StrEnum):
    """What a notification is about; people choose channels per topic."""

    TASK_ASSIGNED = "task.assigned"
    TASK_REPORTED = "task.reported"
    TASK_RETURNED = "task.returned"
    TASK_DUE = "task.due"
    TASK_OVERDUE = "task.overdue"
    LETTER_COMPLETED = "letter.completed"
    ACTIVITY_CHANGED = "activity.changed"
    ACTIVITY_PROPOSED = "activity.proposed"
    ACTIVITY_DISPLACED = "activity.displaced"
    ASSIGNMENT_CHANGED = "assignment.changed"
    SYSTEM = "system"


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One thing one person should know; `link` is a path of the portal.

    `title` and `body` name offices, never people, and nothing of a secret letter.
    """

    notification_id: UUID
    topic: Topic
    title: str
    body: str
    link: str
    letter_id: UUID | None = None
    task_id: UUID | None = None
    activity_id: UUID | None = None
    created_at: datetime
    read_at: datetime | None = None
    urgency: str = "biasa"


class NotificationsQuery(ListQuery):
    """`unread`: true = only unread ones, false = only read ones, absent = all."""

    unread: bool | None = None


class AllRead(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``read_all_notifications``; later ones stay unread."""

    marked: int
    read_at: datetime


class UnreadCount(msgspec.Struct, frozen=True, kw_only=True):
    """`watermark` is the place in the person's stream at the time of counting.

    A page rendered with it opens the stream there and misses nothing.
    """

    unread: int
    watermark: int


class StreamEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`seq` counts the person's notifications from 1, without a hole."""

    seq: int
    notification: Notification


class StreamPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries after the asked place, in order, never beyond `watermark`."""

    entries: tuple[StreamEntry, ...]
    watermark: int


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """A `StreamEntry` with its reader, sent on `STREAM_EXCHANGE`; may be lost."""

    person_id: UUID
    seq: int
    notification: Notification
