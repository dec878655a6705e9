"""Bodies and queries of the letters API, exactly as `api.md` names them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from contracts.fields import (
    DAY_OR_INSTANT,
    Code,
    Instant,
    Line,
    Note,
    Part,
    Positions,
    Request,
    SearchText,
    ShortLine,
    Text,
)
from contracts.letters.words import (
    Attendance,
    Box,
    LetterSort,
    LetterState,
    Openness,
    Outcome,
    Role,
    Secrecy,
    Urgency,
)
from contracts.paging import ListQuery

Day = Annotated[
    str,
    msgspec.Meta(
        max_length=40,
        pattern=DAY_OR_INSTANT,
        description="A date (Asia/Makassar) or an RFC 3339 instant",
    ),
]
FileIds = Annotated[list[UUID], msgspec.Meta(max_length=50)]
Instructions = Annotated[list[Code], msgspec.Meta(max_length=20)]


class SenderBody(Part):
    name: Line
    unit_id: UUID | None = None
    address: Note | None = None


class ExternalRefBody(Part):
    """The letter's identity in another application."""

    system: ShortLine
    id: ShortLine


class InvitationBody(Part):
    starts_at: Instant
    ends_at: Instant | None = None
    place: Line | None = None
    dress_code: Line | None = None
    contact: Line | None = None


class RegisterLetter(Request):
    direction: Literal["incoming"]
    kind: Code
    number: ShortLine | None
    received_at: Instant
    sender: SenderBody
    subject: Line
    urgency: Urgency
    secrecy: Secrecy
    addressees: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]
    dated_on: date | None = None
    summary: Text | None = None
    classification_code: Code | None = None
    copies: Positions = msgspec.field(default_factory=list)
    file_ids: FileIds = msgspec.field(default_factory=list)
    replies_to: UUID | None = None
    external_ref: ExternalRefBody | None = None
    invitation: InvitationBody | None = None


class LettersQuery(ListQuery):
    box: Box = Box.ALL
    q: SearchText | None = None
    state: LetterState | None = None
    kind: Code | None = None
    urgency: Urgency | None = None
    secrecy: Secrecy | None = None
    unit_id: UUID | None = None
    position_id: UUID | None = None
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None
    sort: LetterSort = LetterSort.NEWEST


class VoidLetter(Request):
    reason: Note


class DecisionBody(Part):
    text: Note
    number: ShortLine | None = None
    dated_on: date | None = None
    letter_id: UUID | None = None


class CloseLetter(Request):
    outcome: Outcome
    decision: DecisionBody | None = None
    force: bool = False


class RecipientBody(Part):
    position_id: UUID
    role: Role
    instructions: Instructions = msgspec.field(default_factory=list)
    note: Note | None = None
    due_at: Instant | None = None


class IssueDisposition(Request):
    recipients: Annotated[
        list[RecipientBody], msgspec.Meta(min_length=1, max_length=200)
    ]
    parent_task_id: UUID | None = None
    note: Note | None = None
    prepared: bool = False


class DispositionsQuery(ListQuery):
    state: Literal["prepared"] = "prepared"
    letter_id: UUID | None = None
    position_id: UUID | None = None


class TasksQuery(ListQuery):
    state: Openness | None = None
    role: Role | None = None
    overdue: bool | None = None
    letter_id: UUID | None = None
    position_id: UUID | None = None


class ReportTask(Request):
    text: Text
    final: bool
    file_ids: FileIds = msgspec.field(default_factory=list)


class GiveReason(Request):
    reason: Note


class ChangeDue(Request):
    due_at: Instant
    reason: Note


class DecideAttendance(Request):
    decision: Attendance
    represented_by: UUID | None = None
    note: Note | None = None


class RecordFile(Request):
    """From the gateway only: a blob it has stored and judged."""

    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, msgspec.Meta(ge=0)]
    media_type: ShortLine
    filename: ShortLine
    page_count: Annotated[int, msgspec.Meta(ge=0)] | None = None
