"""What notify does: tell people of an event, mark as read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.envelope import Envelope, Event
from contracts.errors import NotFound
from contracts.notify import AllRead, Notification
from services.notify.documents import Document, from_draft
from services.notify.domain.audience import drafts_of
from services.notify.domain.notices import Scene
from services.notify.domain.redacting import (
    OF_ACTIVITY,
    Edge,
    edge_in,
    letter_of,
    told_today,
)
from services.notify.domain.rules import notices_of, read_event
from services.notify.repository import Notifications


def tell(
    notifications: Notifications, org: Organisation, envelope: Envelope, now: datetime
) -> int:
    """Store what `envelope` gives to tell; again or elsewhere, nothing is added.

    The audience is that of the event's time, however late it arrives.
    """
    event = read_event(envelope)
    new = edge_in(event, envelope)
    if new is not None and notifications.keep_edge(new):
        redact(notifications, org, new, now)
    letter_id = letter_of(event)
    edge = notifications.edge_of(letter_id) if letter_id else None
    shown = told_today(event, envelope, edge)
    added = notifications.add_missing(_documents(org, envelope, shown, now))
    if letter_id and (later := notifications.edge_of(letter_id)) != edge and later:
        # Raised while we wrote: its redaction may have come before our rows.
        redact(notifications, org, later, now)
    return added


def redact(
    notifications: Notifications, org: Organisation, edge: Edge, now: datetime
) -> None:
    """What was told of a letter before it became that secret: its words go, and who
    may know of it no more loses the notification; streams skip what is gone."""
    if not edge.hides:
        return
    readers = edge.readers(org, now)
    if readers is not None:
        notifications.forget_letter(edge.letter_id, but_for=readers)
    notifications.reword(edge.letter_id, body=edge.body, of_activity=OF_ACTIVITY)


def _documents(
    org: Organisation, envelope: Envelope, event: Event, now: datetime
) -> list[Document]:
    scene = Scene(at=envelope.time, actor=envelope.actor, org=org)
    drafts = drafts_of(notices_of(event, scene), scene)
    return [
        from_draft(
            draft, event_id=envelope.id, happened_at=envelope.time, stored_at=now
        )
        for draft in drafts
    ]


def read_notification(
    notifications: Notifications,
    *,
    person_id: UUID,
    notification_id: UUID,
    at: datetime,
) -> Notification:
    """Mark one as read; a second time changes nothing.

    Raises: NotFound, also for another person's.
    """
    notifications.mark_read(person_id, notification_id, at)
    found = notifications.get(person_id, notification_id)
    if found is None:
        raise NotFound(notification_id=str(notification_id))
    return found


def read_all_notifications(
    notifications: Notifications, *, person_id: UUID, at: datetime
) -> AllRead:
    """Mark everything that was there when it was asked; later ones stay unread."""
    marked = notifications.mark_all_read(person_id, at)
    return AllRead(marked=marked, read_at=at)
