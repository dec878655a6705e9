"""A letter that went to the wrong office, or that ended too early.

Redirecting ends the root tasks of who is no longer addressed, and what came back to
the registrar, and gives new ones. It never undoes work: a branch in which somebody
disposed, reported or finished has to be called off by those who began it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Conflict, invalid
from contracts.letters import Action, LetterState, Role, TaskState
from services.letters.domain import workflow
from services.letters.domain.due import due_by_urgency
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.domain.workflow import Act

FINISHED = frozenset({LetterState.COMPLETED, LetterState.CLOSED})
NewId = Callable[[], UUID]


@dataclass(frozen=True, kw_only=True)
class Redirecting:
    """`reported`: tasks somebody reported on, in part or in full."""

    addressees: Sequence[UUID]
    reported: Collection[UUID]
    reason: str
    new_id: NewId


def redirect(letter: Letter, what: Redirecting, now: datetime) -> list[Task]:
    """The new root tasks. Raises: Conflict ``illegal_transition`` when nothing is
    left to redirect, ``branch_begun`` naming the offices that began to work."""
    if letter.state not in (LetterState.REGISTERED, LetterState.UNDER_DISPOSITION):
        raise Conflict("illegal_transition", state=letter.state.value)
    before, after = letter.addressees, tuple(dict.fromkeys(what.addressees))
    if set(before) == set(after):
        raise invalid("/addressees", "Alamat surat ini sudah demikian")
    leaving = list(_roots_of_others(letter, after))
    begun = [one for one in leaving if _begun(letter, one, what.reported)]
    if begun:
        ids = [str(one.position_id) for one in begun]
        raise Conflict("branch_begun", position_ids=ids)
    for task in leaving:
        if task.is_open:
            workflow.perform(Act.END, task, now)
            letter.record(Action.CANCELLED, task, by="redirect")
    letter.addressees = after
    given = [_root(letter, one, what, now) for one in after if not _has(letter, one)]
    detail: dict[str, Any] = {
        "reason": what.reason,
        "from": [str(one) for one in before],
        "to": [str(one) for one in after],
        "tasks": _lines(given),
    }
    letter.record(Action.REDIRECTED, None, **detail)
    letter.settle(None, now)
    return given


def reopen(
    letter: Letter,
    now: datetime,
    *,
    to: Sequence[UUID],
    reason: str,
    new_id: NewId,
) -> list[Task]:
    """A finished letter has to be handled again by `to`; how it had ended stays in
    the trail. A legacy letter stays ended: it never had tasks here.
    Raises: Conflict ``illegal_transition``."""
    if letter.state not in FINISHED or letter.legacy:
        raise Conflict("illegal_transition", state=letter.state.value)
    return _begin_again(letter, now, to=to, reason=reason, new_id=new_id)


def take_up_again(
    letter: Letter, now: datetime, position_id: UUID, *, reason: str, task_id: UUID
) -> Task:
    """An office whose part was done has the letter again; the others go on."""
    (task,) = _begin_again(
        letter, now, to=(position_id,), reason=reason, new_id=lambda: task_id
    )
    return task


def _begin_again(
    letter: Letter,
    now: datetime,
    *,
    to: Sequence[UUID],
    reason: str,
    new_id: NewId,
) -> list[Task]:
    detail: dict[str, Any] = {
        "reason": reason,
        "state": letter.state.value,
        "outcome": letter.outcome.value if letter.outcome else None,
        "decision": letter.decision,
    }
    letter.state = LetterState.UNDER_DISPOSITION
    letter.outcome = letter.decision = letter.closed_at = None
    letter.acted = True
    given = [_handle(letter, one, new_id(), now, now) for one in to]
    letter.record(Action.REOPENED, None, **detail, tasks=_lines(given))
    letter.settle(None, now)
    return given


def _roots_of_others(letter: Letter, addressees: Collection[UUID]) -> Iterator[Task]:
    """Root tasks to handle the letter, of who is not addressed any more: former
    addressees, and whoever got one back."""
    for task in letter.tasks.values():
        is_root = task.parent_task_id is None and task.role is Role.HANDLE
        if is_root and task.position_id not in addressees:
            yield task


def _begun(letter: Letter, task: Task, reported: Collection[UUID]) -> bool:
    """What was given away and came back, or was called off, counts as not begun."""
    return (
        task.task_id in reported
        or task.state in (TaskState.REPORTED, TaskState.COMPLETED)
        or any(
            child.is_open or child.state is TaskState.COMPLETED
            for child in letter.descendants(task)
        )
    )


def _has(letter: Letter, position_id: UUID) -> bool:
    """Whether the office has its root task already, open or finished."""
    return any(
        task.position_id == position_id
        and task.parent_task_id is None
        and task.role is Role.HANDLE
        and (task.is_open or task.state is TaskState.COMPLETED)
        for task in letter.tasks.values()
    )


def _root(letter: Letter, position_id: UUID, what: Redirecting, now: datetime) -> Task:
    return _handle(letter, position_id, what.new_id(), letter.received_at, now)


def _handle(
    letter: Letter, position_id: UUID, task_id: UUID, start: datetime, now: datetime
) -> Task:
    """Due by urgency from `start`, from now when that has passed."""
    due_at = due_by_urgency(start, letter.urgency)
    if due_at <= now:
        due_at = due_by_urgency(now, letter.urgency)
    return letter.give(
        Task(
            task_id=task_id,
            position_id=position_id,
            role=Role.HANDLE,
            created_at=now,
            since=now,
            due_at=due_at,
        )
    )


def _lines(tasks: Sequence[Task]) -> list[dict[str, str]]:
    return [
        {"task_id": str(one.task_id), "position_id": str(one.position_id)}
        for one in tasks
    ]
