"""Reads, in plain SQL: who may see what is part of every query, never a filter after.

`reach` is a row per position the caller reads as; each walks its own letters in the
order of `letter_visibility`'s key, and the cursor stands on both tables (D18).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.errors import NotFound
from services.letters.domain.visibility import Reach

REACH = (
    "unnest(CAST(:reach_positions AS uuid[]), CAST(:reach_ranks AS int[]),"
    " CAST(:reach_chain AS bool[])) AS p(position_id, max_rank, chain_only)"
)
ALLOWED = (
    "v.position_id = p.position_id AND l.secrecy_rank <= p.max_rank"
    " AND (NOT p.chain_only OR v.why IN ('recipient', 'registering'))"
)

_SEES = sa.text(
    f"SELECT l.letter_id, l.secrecy FROM letter l JOIN letter_visibility v"
    f" ON v.letter_id = l.letter_id JOIN {REACH} ON {ALLOWED}"
    f" WHERE l.letter_id = :letter_id LIMIT 1"
)
_SEES_TASK = sa.text(
    f"SELECT l.letter_id, l.secrecy FROM task t JOIN letter l"
    f" ON l.letter_id = t.letter_id JOIN letter_visibility v"
    f" ON v.letter_id = l.letter_id JOIN {REACH} ON {ALLOWED}"
    f" WHERE t.task_id = :task_id LIMIT 1"
)
_SEES_TASKS = sa.text(
    f"SELECT DISTINCT t.task_id, t.letter_id FROM task t JOIN letter l"
    f" ON l.letter_id = t.letter_id JOIN letter_visibility v"
    f" ON v.letter_id = l.letter_id JOIN {REACH} ON {ALLOWED}"
    f" WHERE t.task_id = ANY(CAST(:ids AS uuid[]))"
)


def reach_values(reaches: Sequence[Reach]) -> dict[str, Any]:
    return {
        "reach_positions": [str(one.position_id) for one in reaches],
        "reach_ranks": [one.max_secrecy for one in reaches],
        "reach_chain": [one.chain_only for one in reaches],
    }


def seen_letter(
    session: Session, reaches: Sequence[Reach], letter_id: UUID
) -> tuple[UUID, str]:
    """Raises: NotFound, also when the caller may not know of it."""
    values = {**reach_values(reaches), "letter_id": letter_id}
    return _one(session.execute(_SEES, values).first())


def letter_of_task(
    session: Session, reaches: Sequence[Reach], task_id: UUID
) -> tuple[UUID, str]:
    """The letter of a task. Raises: NotFound, also when the caller may not know."""
    values = {**reach_values(reaches), "task_id": task_id}
    return _one(session.execute(_SEES_TASK, values).first())


def letters_of_tasks(
    session: Session, reaches: Sequence[Reach], task_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """The letters of those of these tasks the caller may know of, by task."""
    values = {**reach_values(reaches), "ids": [str(one) for one in task_ids]}
    rows = session.execute(_SEES_TASKS, values)
    return {row.task_id: row.letter_id for row in rows}


def _one(row: Any) -> tuple[UUID, str]:
    if row is None:
        raise NotFound
    return row.letter_id, row.secrecy


def sees_letter(session: Session, reaches: Sequence[Reach], letter_id: UUID) -> bool:
    values = {**reach_values(reaches), "letter_id": letter_id}
    return session.execute(_SEES, values).first() is not None


def letter_of_disposition(session: Session, disposition_id: UUID) -> tuple[UUID, UUID]:
    """Of a disposition: its letter and who gave it. Raises: NotFound."""
    query = "SELECT letter_id, given_by FROM disposition WHERE disposition_id = :id"
    row = session.execute(sa.text(query), {"id": disposition_id}).first()
    if row is None:
        raise NotFound
    return row.letter_id, row.given_by
