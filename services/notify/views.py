"""Reading: lists, counts and streams of one person."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.notify import (
    STREAM_PAGE_LIMIT,
    Notification,
    NotificationsQuery,
    StreamEntry,
    StreamPage,
    UnreadCount,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.notify.repository import Notifications


def list_notifications(
    notifications: Notifications, person_id: UUID, query: NotificationsQuery
) -> Page[Notification]:
    before = decode_cursor(query.cursor, tuple[UUID])[0] if query.cursor else None
    found = notifications.newest(
        person_id, unread=query.unread, before=before, limit=query.limit + 1
    )
    items = found[: query.limit]
    more = len(found) > query.limit
    cursor = encode_cursor(items[-1].notification_id) if more else None
    return Page(items=items, next_cursor=cursor)


def count_unread(notifications: Notifications, person_id: UUID) -> UnreadCount:
    """The place first: what arrives in between is counted and streamed."""
    watermark = notifications.watermarks([person_id])[person_id]
    unread = notifications.count_unread(person_id)
    return UnreadCount(unread=unread, watermark=watermark)


def read_stream(
    notifications: Notifications, person_id: UUID, *, after: int, limit: int
) -> StreamPage:
    within = max(1, min(limit, STREAM_PAGE_LIMIT))
    entries, watermark = notifications.stream_after(person_id, max(after, 0), within)
    return StreamPage(
        entries=tuple(
            StreamEntry(seq=entry.seq, notification=entry.notification)
            for entry in entries
        ),
        watermark=watermark,
    )


def read_watermarks(
    notifications: Notifications, people: Iterable[UUID]
) -> dict[str, int]:
    found = notifications.watermarks(people)
    return {str(person_id): seq for person_id, seq in found.items()}
