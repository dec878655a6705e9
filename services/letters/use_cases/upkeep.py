"""What time does to tasks: they fall due soon, then overdue; each is told once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from contracts.letters import Action
from services.letters.caller import Caller
from services.letters.domain.due import due_soon_from
from services.letters.domain.task import Task
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude

AT_ONCE = 50  # letters per round
_HORIZON = timedelta(days=1)
_FALLING_DUE = sa.text(
    "SELECT DISTINCT letter_id FROM (SELECT letter_id FROM task"
    " WHERE ended_at IS NULL AND overdue_at IS NULL AND due_at <= :latest"
    " AND (due_at <= :now OR (due_soon_at IS NULL AND due_at -"
    " least(CAST(:horizon AS interval), (due_at - created_at) / 2) <= :now))"
    " ORDER BY due_at LIMIT :limit) AS falling"
)


def letters_falling_due(uow: LettersUnitOfWork) -> list[UUID]:
    now = uow.clock()
    values = {"now": now, "horizon": _HORIZON, "latest": now + _HORIZON}
    return list(uow.session.scalars(_FALLING_DUE, {**values, "limit": AT_ONCE}))


def mark_due(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> int:
    """Under the letter's lock, so that two copies of the service tell it once."""
    letter = uow.letters.lock(letter_id)
    for task in letter.tasks.values():
        if _is_overdue(task, caller):
            task.overdue_at = caller.now
            letter.record(Action.OVERDUE, task)
        elif _is_due_soon(task, caller):
            task.due_soon_at = caller.now
            letter.record(Action.DUE_SOON, task)
    if letter.records:
        conclude(uow, caller, letter, None)
    return len(letter.records)


def _is_overdue(task: Task, caller: Caller) -> bool:
    due_at = task.due_at
    return (
        task.is_open
        and task.overdue_at is None
        and due_at is not None
        and due_at <= caller.now
    )


def _is_due_soon(task: Task, caller: Caller) -> bool:
    return (
        task.is_open
        and task.overdue_at is None
        and task.due_soon_at is None
        and task.due_at is not None
        and due_soon_from(task.created_at, task.due_at) <= caller.now
    )
