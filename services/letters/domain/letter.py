"""The letter: its tasks as a tree, its state, and what an act recorded.

Guards: a letter is completed exactly when nobody has to handle, represent or
coordinate any more; a task that stands alone completes with its last child; nothing
moves once the letter is closed or void.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Conflict
from contracts.letters import (
    Action,
    Direction,
    LetterState,
    Outcome,
    Role,
    Secrecy,
    TaskState,
    Urgency,
)
from services.letters.domain import workflow
from services.letters.domain.outgoing import Outgoing
from services.letters.domain.task import BLOCKING, Task
from services.letters.domain.workflow import Act

ENDED = frozenset({LetterState.CLOSED, LetterState.VOID})


@dataclass(frozen=True)
class Record:
    """One line for the timeline; `task` as it stood when the act ended."""

    action: Action
    task: Task | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Letter:
    """`acted`: somebody disposed, reported or returned; then it cannot be voided."""

    letter_id: UUID
    direction: Direction
    kind: str
    number: str | None
    agenda_number: str | None
    register_unit_id: UUID
    registrar_position_id: UUID | None
    sender_name: str
    subject: str
    classification_code: str | None
    urgency: Urgency
    secrecy: Secrecy
    addressees: tuple[UUID, ...]
    copies: tuple[UUID, ...]
    received_at: datetime  # of an outgoing one: when it was drafted
    invitation: dict[str, Any] | None = None
    activity_id: UUID | None = None
    state: LetterState = LetterState.REGISTERED
    acted: bool = False
    outcome: Outcome | None = None
    decision: dict[str, Any] | None = None
    closed_at: datetime | None = None
    read_at: datetime | None = None  # first, by anybody who has to act
    disposed_at: datetime | None = None  # first
    ended_at: datetime | None = None  # retention counts from here
    legacy: bool = False  # taken over from an older application
    version: int = 1
    trail_seq: int = 0
    trail_hash: str = ""
    outgoing: Outgoing | None = None
    unit_ids: set[UUID] = field(default_factory=set)  # units of the chain
    tasks: dict[UUID, Task] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    kept: bool = False  # its draft was saved while it was written: another version
    given: list[Task] = field(default_factory=list)  # tasks made by this act
    entered: list[UUID] = field(default_factory=list)  # into the chain, without a task
    _below: dict[UUID, list[Task]] = field(default_factory=dict)
    _indexed: int = 0

    # ---- the tree ---------------------------------------------------------------

    def children(self, task: Task) -> Sequence[Task]:
        if self._indexed != len(self.tasks):  # tasks are only ever added
            self._index()
        return self._below.get(task.task_id, ())

    def _index(self) -> None:
        self._below, self._indexed = {}, len(self.tasks)
        for task in self.tasks.values():
            if task.parent_task_id is not None:
                self._below.setdefault(task.parent_task_id, []).append(task)

    def blocked(self, task: Task) -> bool:
        """Whether an open handle, represent or coordinate child is under it."""
        return any(child.blocks for child in self.children(task))

    def parent(self, task: Task) -> Task | None:
        return self.tasks[task.parent_task_id] if task.parent_task_id else None

    def descendants(self, task: Task) -> Iterator[Task]:
        for child in self.children(task):
            yield child
            yield from self.descendants(child)

    def chain(self) -> tuple[UUID, ...]:
        """Every position that is or was part of its way, each once."""
        first = (
            () if self.registrar_position_id is None else (self.registrar_position_id,)
        )
        more = self.outgoing.chain() if self.outgoing else ()
        holders = (one.position_id for one in self.tasks.values())
        return tuple(dict.fromkeys((*first, *more, *holders)))

    # ---- changes ----------------------------------------------------------------

    def record(self, action: Action, task: Task | None = None, **detail: Any) -> None:
        self.records.append(Record(action, task, detail))

    def give(self, task: Task) -> Task:
        self.tasks[task.task_id] = task
        self.given.append(task)
        return task

    def require_open(self) -> None:
        if self.state in ENDED:
            raise Conflict("illegal_transition", state=self.state.value)

    def settle(self, ended: Task | None, now: datetime) -> None:
        """After an act: complete what completes by itself, then the letter's state."""
        self._complete_upwards(ended, now)
        if self.state in ENDED:
            return
        if not any(task.blocks for task in self.tasks.values()):
            if self.state is not LetterState.COMPLETED:
                self.state = LetterState.COMPLETED
                self.record(Action.LETTER_COMPLETED)
        elif self.acted:
            self.state = LetterState.UNDER_DISPOSITION

    def _complete_upwards(self, ended: Task | None, now: datetime) -> None:
        parent = self.parent(ended) if ended else None
        while parent is not None and self._done_by_children(parent):
            workflow.perform(Act.COMPLETE, parent, now)
            self.record(Action.COMPLETED, parent, by="children")
            parent = self.parent(parent)

    def _done_by_children(self, task: Task) -> bool:
        """Its last blocking child ended and at least one was completed: what was only
        withdrawn, returned or cancelled leaves the work with the giver."""
        return (
            task.blocks
            and task.stands_alone
            and not self.blocked(task)
            and any(
                child.state is TaskState.COMPLETED and child.role is not Role.INFORM
                for child in self.children(task)
            )
        )

    def mark_progress(self, now: datetime) -> None:
        """When it was first read and first passed on: how long each step takes is
        counted over thousands of letters, without their trails."""
        for one in self.records:
            if one.action is Action.READ and one.task and one.task.role in BLOCKING:
                self.read_at = self.read_at or now
            elif one.action is Action.DISPOSED:
                self.disposed_at = self.disposed_at or now

    def mark_end(self, now: datetime) -> None:
        """Since when nothing more is done with it; reopened, it has not ended."""
        if self.state is LetterState.CLOSED:
            self.ended_at = self.closed_at
        elif self.state not in (LetterState.COMPLETED, LetterState.DISPATCHED):
            self.ended_at = None
        else:
            self.ended_at = self.ended_at or now

    def end_open_tasks(self, now: datetime) -> None:
        """Close and void cancel every open task; each gets its own line."""
        for task in self.tasks.values():
            if task.is_open:
                workflow.perform(Act.END, task, now)
                self.record(Action.CANCELLED, task, by="letter")
