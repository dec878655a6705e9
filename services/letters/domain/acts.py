"""What an office may do with a task it has, and the giver with one it gave."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Conflict, invalid
from contracts.letters import Action, Role, TaskState
from services.letters.domain import workflow
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.domain.workflow import Act

_ACTIONS = {
    Act.READ: Action.READ,
    Act.ACCEPT: Action.ACCEPTED,
    Act.ACKNOWLEDGE: Action.ACKNOWLEDGED,
    Act.RETURN: Action.RETURNED,
    Act.APPROVE: Action.APPROVED,
    Act.REJECT: Action.REJECTED,
    Act.WITHDRAW: Action.WITHDRAWN,
    Act.CANCEL: Action.CANCELLED,
    Act.CHANGE_DUE: Action.DUE_CHANGED,
    Act.REMIND: Action.REMINDED,
}


def perform(letter: Letter, task: Task, act: Act, now: datetime, **detail: Any) -> None:
    """Move the task and record each act, the included ones first."""
    letter.require_open()
    for done in workflow.perform(act, task, now):
        if done in _ACTIONS:
            letter.record(_ACTIONS[done], task, **(detail if done is act else {}))


def read(letter: Letter, task: Task, now: datetime) -> None:
    """Reading again is no mistake and leaves no trace."""
    if not task.is_open or task.state is TaskState.SENT:
        perform(letter, task, Act.READ, now)


def accept(letter: Letter, task: Task, now: datetime) -> None:
    perform(letter, task, Act.ACCEPT, now)


def report(
    letter: Letter, task: Task, now: datetime, *, final: bool, report_id: UUID
) -> None:
    """A final report waits for the giver; of a task that stands alone it is the end."""
    act = Act.FINISH if final else Act.REPORT
    workflow.require(act, task)
    if final and letter.blocked(task):
        raise Conflict("open_children", state=task.state.value)
    perform(letter, task, act, now)
    letter.acted = True
    letter.record(Action.REPORTED, task, final=final, report_id=str(report_id))
    if final and task.stands_alone:
        complete(letter, task, now, by="report")
    letter.settle(task if not task.is_open else None, now)


def acknowledge(letter: Letter, task: Task, now: datetime) -> None:
    workflow.require(Act.ACKNOWLEDGE, task)
    if letter.blocked(task):
        raise Conflict("open_children", state=task.state.value)
    perform(letter, task, Act.ACKNOWLEDGE, now)
    letter.settle(task, now)


def complete(letter: Letter, task: Task, now: datetime, *, by: str) -> None:
    workflow.perform(Act.COMPLETE, task, now)
    letter.record(Action.COMPLETED, task, by=by)


def give_back(
    letter: Letter, task: Task, now: datetime, *, reason: str, new_task_id: UUID
) -> Task | None:
    """Not for this office: the giver (of a root: the registering position) gets a
    task to handle. A returned copy only informs, so nobody has to act on it."""
    workflow.require(Act.RETURN, task)
    if letter.blocked(task):
        raise Conflict("open_children", state=task.state.value)
    giver = task.given_by or letter.registrar_position_id
    new = None
    if task.role is not Role.INFORM and giver is not None:
        new = letter.give(_for_giver(letter, task, giver, now, reason, new_task_id))
    new_id = str(new.task_id) if new else None
    perform(letter, task, Act.RETURN, now, reason=reason, new_task_id=new_id)
    letter.acted = letter.acted or new is not None
    letter.settle(task, now)
    return new


def _for_giver(
    letter: Letter, task: Task, giver: UUID, now: datetime, reason: str, new_id: UUID
) -> Task:
    return Task(
        task_id=new_id,
        position_id=giver,
        role=Role.HANDLE,
        parent_task_id=task.parent_task_id,
        disposition_id=task.disposition_id,
        note=reason,
        due_at=task.due_at,
        created_at=now,
        since=now,
    )


# ---- the giver ----------------------------------------------------------------------


def approve(letter: Letter, task: Task, now: datetime) -> None:
    if letter.blocked(task):
        raise Conflict("open_children", state=task.state.value)
    perform(letter, task, Act.APPROVE, now)
    letter.settle(task, now)


def reject(letter: Letter, task: Task, now: datetime, *, reason: str) -> None:
    perform(letter, task, Act.REJECT, now, reason=reason)
    task.since = now
    letter.settle(None, now)


def withdraw(letter: Letter, task: Task, now: datetime) -> None:
    perform(letter, task, Act.WITHDRAW, now)
    letter.settle(task, now)


def cancel(letter: Letter, task: Task, now: datetime, *, reason: str) -> None:
    """Takes everything open below with it."""
    perform(letter, task, Act.CANCEL, now, reason=reason)
    for child in letter.descendants(task):
        if child.is_open:
            workflow.perform(Act.END, child, now)
            letter.record(Action.CANCELLED, child, by="parent")
    letter.settle(task, now)


def change_due(
    letter: Letter, task: Task, now: datetime, *, due_at: datetime, reason: str
) -> None:
    workflow.require(Act.CHANGE_DUE, task)
    if due_at <= now:
        raise invalid("/due_at", "Batas waktu harus di masa depan")
    before = task.due_at.isoformat() if task.due_at else None
    task.due_at, task.overdue_at, task.due_soon_at = due_at, None, None
    detail = {"from": before, "to": due_at.isoformat(), "reason": reason}
    perform(letter, task, Act.CHANGE_DUE, now, **detail)


def remind(letter: Letter, task: Task, now: datetime, *, day: str) -> None:
    """While it is the holder's turn; once a `day`, as the caller has to see to."""
    perform(letter, task, Act.REMIND, now, day=day)
