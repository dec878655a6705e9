"""The end of a letter by decision: close with an outcome, or void a mistake."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Conflict
from contracts.letters import Action, LetterState, Outcome, Role
from services.letters.domain import outgoing_review
from services.letters.domain.letter import Letter


def void(letter: Letter, now: datetime, *, reason: str) -> None:
    """Until somebody disposed or reported, or it was dispatched; the number is kept
    for ever."""
    was = letter.state
    if letter.outgoing is not None:
        outgoing_review.withdraw_all(letter, now)
    elif letter.acted or letter.state is not LetterState.REGISTERED:
        raise Conflict("illegal_transition", state=letter.state.value)
    letter.state, letter.closed_at = LetterState.VOID, now
    letter.end_open_tasks(now)
    letter.record(Action.VOIDED, reason=reason, was=was.value)


def close(
    letter: Letter,
    now: datetime,
    *,
    by: Collection[UUID],
    outcome: Outcome,
    decision: dict[str, Any] | None,
    force: bool,
) -> None:
    """`by`: the closing caller's positions; what others still handle needs `force`."""
    letter.require_open()
    if letter.outgoing is not None:  # it ends by being dispatched
        raise Conflict("illegal_transition", state=letter.state.value)
    others = open_with_others(letter, by)
    if others and not force:
        raise Conflict("open_tasks", position_ids=[str(one) for one in others])
    letter.state, letter.closed_at = LetterState.CLOSED, now
    letter.outcome, letter.decision = outcome, decision
    letter.end_open_tasks(now)
    letter.record(Action.CLOSED, outcome=outcome.value, decision=decision)


def open_with_others(letter: Letter, by: Collection[UUID]) -> list[UUID]:
    """Positions of others that still have to handle the letter."""
    return [
        task.position_id
        for task in letter.tasks.values()
        if task.is_open
        and task.role in (Role.HANDLE, Role.REPRESENT)
        and task.position_id not in by
    ]
