"""What the letters API answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.actor import ActorRef, PositionRef
from contracts.letters.details import Detail
from contracts.letters.outgoing import LetterLink, Outgoing
from contracts.letters.words import (
    Action,
    Attendance,
    Direction,
    DispositionState,
    LetterState,
    Outcome,
    Role,
    Secrecy,
    TaskState,
    Urgency,
)


class PersonHolding(msgspec.Struct, kw_only=True):
    person_id: UUID
    name: str
    capacity: str


class Notice(msgspec.Struct, kw_only=True):
    """Something the caller should know; the act succeeded all the same.

    Of ``recipient_absent``: the due time lies between `from` and `until`, when
    `acting` stands for the office and gets the task. ``dated_later``: the letter bears
    a day after the one it came on.
    """

    code: str  # possible_duplicate parent_overdue recipient_vacant recipient_absent
    letter_id: UUID | None = None
    position_id: UUID | None = None
    from_: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = None
    acting: PersonHolding | None = None


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    unit_id: UUID | None = None
    address: str | None = None


class ExternalRef(msgspec.Struct, frozen=True, kw_only=True):
    system: str
    id: str


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    starts_at: datetime
    ends_at: datetime | None = None
    place: str | None = None
    dress_code: str | None = None
    contact: str | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    number: str | None = None
    dated_on: date | None = None
    letter_id: UUID | None = None


class File(msgspec.Struct, kw_only=True):
    file_id: UUID
    sha256: str
    size_bytes: int
    media_type: str
    filename: str
    page_count: int | None = None


class Report(msgspec.Struct, kw_only=True):
    """`text` and `files` are null for who may not read the branch's notes."""

    report_id: UUID
    final: bool
    at: datetime
    by: ActorRef
    text: str | None = None
    files: list[File] | None = None


class Task(msgspec.Struct, kw_only=True):
    """One office's part in a letter. `given_by` is the giving position's id; `note`
    is its own note, else the whole disposition's. Null for who may not read them.
    `masked`: a list tells nothing of a letter that secret; opening the task does."""

    task_id: UUID
    letter_id: UUID
    subject: str
    agenda_number: str
    number: str | None
    kind: str
    urgency: Urgency
    secrecy: Secrecy
    sender_name: str
    letter_state: LetterState
    disposition_id: UUID | None
    parent_task_id: UUID | None
    position_id: UUID
    title: str
    unit_name: str
    given_by: UUID | None
    given_by_title: str | None
    role: Role
    instructions: list[str]
    note: str | None
    disposition_note: str | None
    due_at: datetime | None
    state: TaskState
    overdue: bool
    since: datetime
    created_at: datetime
    read_at: datetime | None
    ended_at: datetime | None
    invitation: Invitation | None
    version: int
    reports: list[Report] = []
    warnings: list[Notice] = []
    masked: bool = False


class LetterSummary(msgspec.Struct, kw_only=True):
    """A line of a list of letters. An outgoing one enters the register when it is
    signed and is never received: until then, and there, these are null.
    `masked`: more secret than a list may tell; opening it tells."""

    letter_id: UUID
    direction: Direction
    agenda_number: str | None
    agenda_seq: int | None
    agenda_year: int | None
    register_unit_id: UUID
    kind: str
    number: str | None
    dated_on: date | None
    received_at: datetime | None
    sender: Sender
    subject: str
    classification_code: str | None
    urgency: Urgency
    secrecy: Secrecy
    state: LetterState
    outcome: Outcome | None
    due_at: datetime | None
    activity_id: UUID | None
    created_at: datetime
    masked: bool = False


class Letter(LetterSummary, kw_only=True):
    """`source`: the outgoing letter it was born of; `replies`: outgoing letters that
    answer it. Both only for who may see those letters."""

    summary: str | None
    addressees: list[UUID]
    copies: list[UUID]
    addressed: list[PositionRef]
    copied: list[PositionRef]
    replies_to: UUID | None
    external_ref: ExternalRef | None
    invitation: Invitation | None
    decision: Decision | None
    file_ids: list[UUID]
    files: list[File]
    my_tasks: list[Task]
    created_by: ActorRef
    closed_at: datetime | None
    version: int
    paper: Paper | None = None
    outgoing: Outgoing | None = None
    source: LetterLink | None = None
    replies: list[LetterLink] = []
    warnings: list[Notice] = []


class Paper(msgspec.Struct, kw_only=True):
    """Where the paper is. `on_the_way_to`: sent there, not yet signed for."""

    position_id: UUID
    title: str
    since: datetime
    on_the_way_to: UUID | None
    handover_id: UUID | None


class Holding(msgspec.Struct, kw_only=True):
    """An office that has the letter. `waiting_for`: the position that must act now."""

    task_id: UUID
    parent_task_id: UUID | None
    position_id: UUID
    title: str
    unit_name: str
    person: PersonHolding | None
    role: Role
    state: TaskState
    since: datetime
    due_at: datetime | None
    overdue: bool
    waiting_for: UUID | None


class TimelineEntry(msgspec.Struct, kw_only=True):
    at: datetime
    action: Action
    actor: ActorRef | None
    task_id: UUID | None
    detail: Detail


class Tracking(msgspec.Struct, kw_only=True):
    letter_id: UUID
    state: LetterState
    outcome: Outcome | None
    must_handle: list[Holding]
    must_coordinate: list[Holding]
    following: list[Holding]
    informed: list[Holding]
    timeline: list[TimelineEntry]
    paper: Paper | None = None


class RecipientLine(msgspec.Struct, kw_only=True):
    position_id: UUID
    role: Role
    instructions: list[str]
    note: str | None = None
    due_at: datetime | None = None


class Disposition(msgspec.Struct, kw_only=True):
    """`tasks` is empty while `prepared`; `recipients` says what they will be."""

    disposition_id: UUID
    letter_id: UUID
    parent_task_id: UUID
    state: DispositionState
    given_by: UUID
    given_by_title: str
    note: str | None
    recipients: list[RecipientLine]
    prepared_by: ActorRef | None
    issued_by: ActorRef | None
    subject: str
    agenda_number: str
    created_at: datetime
    tasks: list[Task] = []
    warnings: list[Notice] = []


class SuggestionBasis(msgspec.Struct, kw_only=True):
    """Why the suggestion: `matching` of `seen` earlier dispositions agree."""

    matched_on: list[str]  # kind classification sender
    seen: int
    matching: int


class DispositionSuggestion(msgspec.Struct, kw_only=True):
    """Marked as a suggestion; without recipients (and basis) rather than wrong."""

    recipients: list[RecipientLine]
    basis: SuggestionBasis | None
    suggestion: bool = True


class AttendanceResult(msgspec.Struct, kw_only=True):
    letter_id: UUID
    position_id: UUID
    decision: Attendance
    represented_by: UUID | None
    disposition_id: UUID | None
    letter_state: LetterState
    tasks: list[Task]
    warnings: list[Notice] = []


class TaskCounters(msgspec.Struct, kw_only=True):
    unread_tasks: int
    open_tasks: int
    overdue_tasks: int


class ReferenceItem(msgspec.Struct, kw_only=True):
    code: str
    label_id: str
    label_en: str
    attributes: dict[str, Any] = {}
