"""What lies in MongoDB, and the way between documents and contract structs.

::

    notifications   one document per (event, person, topic), deliveries inside
    stream          the place of each in its reader's stream: _id = notification
    watermarks      how far each person's stream may be read: _id = person
    leases          who may write streams now
    edges           letters that became more secret, and since when: _id = letter
    idempotency     answers of commands, kept for a day

Identifiers are BSON UUIDs (version 7, so `_id` orders by time), instants are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.letters import Secrecy
from contracts.notify import Notification, Topic
from services.notify.domain.drafts import Draft
from services.notify.domain.redacting import Edge
from services.notify.ids import id_at

Document = dict[str, Any]

_CONTENT = (
    "topic",
    "title",
    "body",
    "link",
    "letter_id",
    "task_id",
    "activity_id",
    "urgency",
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A notification with its place in the reader's stream."""

    person_id: UUID
    seq: int
    notification: Notification


def from_draft(
    draft: Draft, *, event_id: UUID, happened_at: datetime, stored_at: datetime
) -> Document:
    """A fresh notification: unread, in the inbox, not yet in its reader's stream."""
    content: Document = {name: getattr(draft, name) for name in _CONTENT}
    content["topic"] = draft.topic.value
    return {
        "_id": id_at(happened_at),
        "event_id": event_id,
        "person_id": draft.person_id,
        **content,
        "created_at": happened_at,
        "stored_at": stored_at,
        "read_at": None,
        "deliveries": [{"channel": "inbox", "state": "delivered", "at": stored_at}],
        "pending": True,
    }


def to_notification(document: Mapping[str, Any]) -> Notification:
    """The contract form; fields of later versions are left out."""
    content: dict[str, Any] = {name: document.get(name) for name in _CONTENT}
    content["topic"] = Topic(document["topic"])
    return Notification(
        notification_id=document["_id"],
        created_at=document["created_at"],
        read_at=document["read_at"],
        **content,
    )


def to_entry(document: Mapping[str, Any], seq: int) -> Entry:
    return Entry(
        person_id=document["person_id"],
        seq=seq,
        notification=to_notification(document),
    )


def from_edge(edge: Edge) -> Document:
    """Without its `_id`, which no update may set."""
    return {
        "sequence": edge.sequence,
        "secrecy": edge.secrecy.value,
        "agenda_number": edge.agenda_number,
        "chain": list(edge.chain),
    }


def to_edge(document: Mapping[str, Any]) -> Edge:
    return Edge(
        letter_id=document["_id"],
        sequence=document["sequence"],
        secrecy=Secrecy(document["secrecy"]),
        agenda_number=document["agenda_number"],
        chain=tuple(document["chain"]),
    )
