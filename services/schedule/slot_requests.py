"""Requests for a slot to and from their table; the row of the activity is the lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import NotFound
from contracts.schedule_slot_requests import SlotRequestState
from services.schedule import tables
from services.schedule.domain.slot_request import SlotRequest

_ROW = tables.slot_request


class SlotRequests:
    """Requests of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, slot: SlotRequest) -> None:
        self._session.execute(sa.insert(_ROW).values(_row_of(slot)))

    def get(self, activity_id: UUID) -> SlotRequest:
        """Raises: NotFound."""
        found = self.find([activity_id])
        if not found:
            raise NotFound
        return found[activity_id]

    def find(self, activity_ids: Iterable[UUID]) -> dict[UUID, SlotRequest]:
        """By activity; what never was a request is left out."""
        query = sa.select(_ROW).where(_ROW.c.activity_id.in_(set(activity_ids)))
        rows = self._session.execute(query)
        return {row.activity_id: _slot_of(row) for row in rows}

    def save(self, slot: SlotRequest) -> None:
        own = _ROW.c.activity_id == slot.activity_id
        self._session.execute(sa.update(_ROW).where(own).values(_row_of(slot)))

    def due(self, now: datetime, limit: int) -> list[UUID]:
        """Activities whose request nobody looked at since its time was over."""
        query = (
            sa.select(_ROW.c.activity_id)
            .where(~_ROW.c.closed, _ROW.c.expires_at <= now)
            .order_by(_ROW.c.expires_at)
            .limit(limit)
        )
        return list(self._session.scalars(query))


def _slot_of(row: sa.Row[Any]) -> SlotRequest:
    return SlotRequest(
        activity_id=row.activity_id,
        asked_starts_at=row.asked_starts_at,
        asked_ends_at=row.asked_ends_at,
        expires_at=row.expires_at,
        offered_starts_at=row.offered_starts_at,
        ending=SlotRequestState(row.ending) if row.ending else None,
        answered_by=msgspec.convert(row.answered_by, ActorRef | None),
        answered_at=row.answered_at,
        note=row.note,
        closed=row.closed,
    )


def _row_of(slot: SlotRequest) -> dict[str, Any]:
    return {
        "activity_id": slot.activity_id,
        "asked_starts_at": slot.asked_starts_at,
        "asked_ends_at": slot.asked_ends_at,
        "expires_at": slot.expires_at,
        "offered_starts_at": slot.offered_starts_at,
        "ending": slot.ending.value if slot.ending else None,
        "answered_by": codec.dump(slot.answered_by),
        "answered_at": slot.answered_at,
        "note": slot.note,
        "closed": slot.closed,
    }
