"""Where a letter is: a question over its open tasks, never a column."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.letters import Role, TaskState
from services.letters.domain.authority import approver_of
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task

_UNTOLD = frozenset({TaskState.WITHDRAWN, TaskState.CANCELLED, TaskState.RETURNED})


def list_of(letter: Letter, task: Task) -> str | None:
    """In which of the four lists a task stands, if in any."""
    if task.role is Role.INFORM:
        return None if task.state in _UNTOLD else "informed"
    if not task.is_open:
        return None
    if task.role is Role.COORDINATE:
        return "must_coordinate"
    return "following" if letter.blocked(task) else "must_handle"


def waiting_for(
    letter: Letter, task: Task, org: Organisation, now: datetime
) -> UUID | None:
    """The position that must act now: below, the giver of a report, or the holder."""
    if not task.is_open:
        return None
    if task.state is TaskState.REPORTED:
        return approver_of(org, task.given_by, now)
    blocking = [child for child in letter.children(task) if child.blocks]
    if blocking:
        first = min(blocking, key=lambda one: (one.due_at is None, one.due_at))
        return waiting_for(letter, first, org, now)
    return task.position_id
