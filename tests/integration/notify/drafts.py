"""Stored notifications for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from contracts.notify import Topic
from services.notify.documents import from_draft
from services.notify.domain.drafts import Draft

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def make_document(
    person_id: UUID, *, event_id: UUID | None = None, title: str = "Tugas baru"
) -> dict[str, Any]:
    draft = Draft(
        person_id=person_id,
        topic=Topic.TASK_ASSIGNED,
        title=title,
        body="Isi.",
        link="/tugas/1",
    )
    return from_draft(
        draft,
        notification_id=new_id(),
        event_id=event_id or new_id(),
        created_at=AT,
    )


def make_documents(person_id: UUID, count: int) -> list[dict[str, Any]]:
    return [make_document(person_id, title=f"Tugas {n}") for n in range(count)]
