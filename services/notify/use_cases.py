"""What notify does: tell people of an event, mark as read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.envelope import Envelope
from contracts.errors import NotFound
from contracts.notify import AllRead, Notification
from services.notify.documents import Document, from_draft
from services.notify.domain.audience import drafts_of
from services.notify.domain.notices import Scene
from services.notify.domain.rules import notices_of, read_event
from services.notify.repository import Notifications


def tell(
    notifications: Notifications, org: Organisation, envelope: Envelope, now: datetime
) -> int:
    """Store what `envelope` gives to tell; again or elsewhere, nothing is added.

    The audience is that of the event's time, however late it arrives.
    """
    return notifications.add_missing(_documents(org, envelope, now))


def _documents(org: Organisation, envelope: Envelope, now: datetime) -> list[Document]:
    scene = Scene(at=envelope.time, actor=envelope.actor, org=org)
    drafts = drafts_of(notices_of(read_event(envelope), scene), scene)
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
