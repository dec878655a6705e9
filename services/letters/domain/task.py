"""A task: one office's part in a letter, and what its state means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.letters import Role, TaskState

OPEN = frozenset(
    {TaskState.SENT, TaskState.READ, TaskState.IN_PROGRESS, TaskState.REPORTED}
)
BLOCKING = frozenset({Role.HANDLE, Role.REPRESENT, Role.COORDINATE})


@dataclass(slots=True, kw_only=True)
class Task:
    """`given_by` is null for tasks nobody has to approve: roots, and what a return
    leaves with the giver. `since`: when the office that must act now got the turn."""

    task_id: UUID
    position_id: UUID
    role: Role
    created_at: datetime
    since: datetime
    state: TaskState = TaskState.SENT
    disposition_id: UUID | None = None
    parent_task_id: UUID | None = None
    given_by: UUID | None = None
    instructions: tuple[str, ...] = ()
    note: str | None = None
    due_at: datetime | None = None
    read_at: datetime | None = None
    ended_at: datetime | None = None
    overdue_at: datetime | None = None
    due_soon_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def blocks(self) -> bool:
        """Open, and its parent cannot be finished before it."""
        return self.is_open and self.role in BLOCKING

    @property
    def stands_alone(self) -> bool:
        """Its final report completes it; it completes by itself with its children."""
        return self.given_by is None

    def enter(self, state: TaskState, now: datetime) -> None:
        self.state = state
        if state is TaskState.READ:
            self.read_at = now
        if state is TaskState.REPORTED:
            self.since = now
        if state not in OPEN:
            self.ended_at = now

    def overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now
