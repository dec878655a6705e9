"""Reminders and the paper in PostgreSQL; the letter's row is locked before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.errors import Conflict, NotFound
from services.letters import orm_dispositions as orm
from services.letters.domain.paper import PaperPlace

# A row of `PaperPlace`, or none.
PLACE = """
    SELECT coalesce(p.position_id, l.registrar_position_id) AS position_id,
        coalesce(p.since, l.created_at) AS since, h.handover_id,
        h.to_position_id AS on_the_way_to
    FROM letter l LEFT JOIN paper p ON p.letter_id = l.letter_id
    LEFT JOIN handover h ON h.letter_id = l.letter_id AND h.state = 'sent'
    WHERE l.letter_id = :letter_id AND l.direction = 'incoming'
        AND coalesce(p.position_id, l.registrar_position_id) IS NOT NULL
"""
_PLACE = sa.text(PLACE)
_MOVE = sa.text(
    """
    INSERT INTO paper (letter_id, position_id, since)
    VALUES (:letter_id, :to, :since) ON CONFLICT (letter_id) DO UPDATE
    SET position_id = excluded.position_id, since = excluded.since
    WHERE paper.position_id = :from_
    """
)


def remind(
    session: Session, task_id: UUID, day: date, at: datetime, note: str | None
) -> bool:
    """Whether this was the first reminder of the day."""
    values = {"task_id": task_id, "day": day, "at": at, "note": note}
    statement = insert(orm.reminder).values(**values).on_conflict_do_nothing()
    return bool(cast("Any", session.execute(statement)).rowcount)


def reported_tasks(session: Session, letter_id: UUID) -> frozenset[UUID]:
    """Tasks of a letter on which somebody reported, in part or in full."""
    query = sa.text(
        "SELECT DISTINCT r.task_id FROM report r JOIN task t ON t.task_id = r.task_id"
        " WHERE t.letter_id = :letter_id"
    )
    return frozenset(session.scalars(query, {"letter_id": letter_id}))


def paper_of(session: Session, letter_id: UUID) -> PaperPlace | None:
    """Where the paper is; None for what is no incoming letter."""
    row = session.execute(_PLACE, {"letter_id": letter_id}).mappings().first()
    return PaperPlace(**row) if row else None


def send_paper(session: Session, **values: Any) -> None:
    """Raises: Conflict ``paper_on_the_way`` when the unique key says so."""
    statement = insert(orm.handover).values(state="sent", **values)
    done = session.execute(
        statement.on_conflict_do_nothing(
            index_elements=["letter_id"], index_where=sa.text("state = 'sent'")
        )
    )
    if cast("Any", done).rowcount != 1:
        raise Conflict("paper_on_the_way")


def handover_of(session: Session, letter_id: UUID, handover_id: UUID) -> sa.RowMapping:
    query = sa.select(orm.handover).where(
        orm.handover.c.handover_id == handover_id,
        orm.handover.c.letter_id == letter_id,
    )
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFound
    return row


def sign_receipt(
    session: Session, handover_id: UUID, *, state: str, **values: Any
) -> None:
    """Raises: Conflict ``illegal_transition`` when it was signed before."""
    done = session.execute(
        sa.update(orm.handover)
        .where(
            orm.handover.c.handover_id == handover_id, orm.handover.c.state == "sent"
        )
        .values(state=state, **values)
    )
    if cast("Any", done).rowcount != 1:
        raise Conflict("illegal_transition", state=state)


def move_paper(
    session: Session, letter_id: UUID, *, from_: UUID, to: UUID, since: datetime
) -> None:
    """Only from who holds it. Raises: Conflict ``illegal_transition``."""
    values = {"letter_id": letter_id, "from_": from_, "to": to, "since": since}
    if cast("Any", session.execute(_MOVE, values)).rowcount != 1:
        raise Conflict("illegal_transition", position_id=str(from_))
