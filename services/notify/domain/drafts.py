"""A notification before it is stored: what one person is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts.notify import Topic


@dataclass(frozen=True, kw_only=True)
class Draft:
    """At most one per person and topic of one event."""

    person_id: UUID
    topic: Topic
    title: str
    body: str
    link: str
    letter_id: UUID | None = None
    task_id: UUID | None = None
    activity_id: UUID | None = None
    urgency: str = "biasa"
