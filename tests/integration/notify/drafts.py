"""Stored notifications for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis import clock
from chassis.ids import new_id
from contracts.notify import Topic
from services.notify.documents import from_draft
from services.notify.domain.drafts import Draft


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
        event_id=event_id or new_id(),
        happened_at=clock.now(),
        stored_at=clock.now(),
    )


def make_documents(person_id: UUID, count: int) -> list[dict[str, Any]]:
    return [make_document(person_id, title=f"Tugas {n}") for n in range(count)]
