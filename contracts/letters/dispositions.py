"""Redirect, re-open, acknowledge many, remind, hand over the paper; the overview."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.actor import ActorRef
from contracts.fields import Instant, Note, Positions, Request, SearchText
from contracts.letters.requests import Day, TasksQuery
from contracts.letters.resources import Task
from contracts.letters.words import LetterState

# ---- requests -----------------------------------------------------------------------


class RedirectLetter(Request):
    addressees: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]
    reason: Note


class ReopenLetter(Request):
    reason: Note


class AcknowledgeTasks(Request):
    task_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=100)]


class RemindTask(Request):
    note: Note | None = None


class HandOverPaper(Request):
    to_position_id: UUID
    note: Note | None = None


class SignReceipt(Request):
    """`accepted` false: it did not arrive, or is not for this office."""

    accepted: bool = True
    note: Note | None = None


class GivenTasksQuery(TasksQuery):
    """`waiting`: a final report waits for the caller. `q`: in subject and numbers."""

    to_position_id: UUID | None = None
    waiting: bool | None = None
    q: SearchText | None = None


class AbsencesQuery(Request):
    """Asked by the portal before a disposition is sent."""

    position_ids: Positions
    at: Instant


class OverviewQuery(Request):
    """`unit_id` narrows to a unit and those below. The period is that of
    registration, 30 days when nothing is said, at most 366."""

    unit_id: UUID | None = None
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None


# ---- resources ----------------------------------------------------------------------


class Acknowledged(msgspec.Struct, kw_only=True):
    """One line of a bulk acknowledgement; `code` says why it was refused."""

    task_id: UUID
    ok: bool
    task: Task | None = None
    code: str | None = None


class AcknowledgedTasks(msgspec.Struct, kw_only=True):
    """In the order asked for."""

    results: list[Acknowledged]


class Progress(msgspec.Struct, kw_only=True):
    """How far the work under a task is: its direct children, and the last report."""

    children: int
    open_children: int
    completed_children: int
    overdue_children: int
    last_report_at: datetime | None


class GivenTask(Task, kw_only=True):
    """A task the caller gave. `reminded_at`: when its holder was last reminded."""

    progress: Progress
    reminded_at: datetime | None


class HandoverState(StrEnum):
    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"


class Handover(msgspec.Struct, kw_only=True):
    """The paper on its way from one office to another, signed for by both."""

    handover_id: UUID
    letter_id: UUID
    from_position_id: UUID
    from_title: str
    to_position_id: UUID
    to_title: str
    state: HandoverState
    note: str | None
    sent_at: datetime
    sent_by: ActorRef
    received_at: datetime | None
    received_by: ActorRef | None
    receipt_note: str | None


class Handovers(msgspec.Struct, kw_only=True):
    """Oldest first; a letter has a handful."""

    items: list[Handover]


class StateCount(msgspec.Struct, kw_only=True):
    """Letters of the period in one state."""

    state: LetterState
    letters: int


class UnitCount(msgspec.Struct, kw_only=True):
    """What the offices of a unit have to handle or coordinate now: letters, not
    tasks. `received` and `median_hours` (registered to completed) are of the period."""

    unit_id: UUID
    name: str
    short_name: str
    running: int
    overdue: int
    unread: int
    received: int
    median_hours: float | None


class StepTime(msgspec.Struct, kw_only=True):
    """`step`: ``registered_read``, ``read_disposed``, ``disposed_completed``,
    ``registered_completed``. `letters`: how many the median rests on."""

    step: str
    letters: int
    median_hours: float | None


class Overview(msgspec.Struct, kw_only=True):
    """Counts over what the caller may see, of letters, not tasks.

    `running`, `overdue` and `unread` (an office that has to act did not read it for a
    day) are of now, whenever registered. The rest is of the letters registered in
    the period: `late` of them are overdue now, `on_time` ended by their due time.
    """

    unit_id: UUID | None
    from_: date = msgspec.field(name="from")
    to: date
    received: int
    completed: int
    running: int
    overdue: int
    unread: int
    late: int
    on_time: int
    states: list[StateCount]
    units: list[UnitCount]
    steps: list[StepTime]
