"""Events of letters, exchange ``letters.events``, subject ``letter/<uuid>``.

Every one carries the letter's facts and the offices concerned, so that nobody calls
back. Of letters `terbatas` and above `subject` and `sender_name` are null.
`recipients` are the positions to be told (never the one that acted); who of their
readers may be told of a secret letter is for the listener to filter by `secrecy`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.envelope import Event
from contracts.letters.outgoing import ReviewStep
from contracts.letters.resources import Invitation
from contracts.letters.words import (
    Attendance,
    Direction,
    Outcome,
    Role,
    Secrecy,
    SigningMethod,
    TaskState,
    Urgency,
)


class IssuedTask(msgspec.Struct, frozen=True, kw_only=True):
    """A new task. `activity_for`: ``recipient`` or ``giver`` when one of the
    instructions asks for an activity, else null."""

    task_id: UUID
    position_id: UUID
    role: Role
    instructions: tuple[str, ...] = ()
    activity_for: str | None = None
    due_at: datetime | None = None


class LetterFacts(Event, frozen=True, kw_only=True):
    """`chain`: every position that is or was part of the letter's way."""

    type: ClassVar[str] = ""

    letter_id: UUID
    direction: Direction
    kind: str
    agenda_number: str | None  # null while an outgoing letter is not signed
    number: str | None
    subject: str | None
    sender_name: str | None
    urgency: Urgency
    secrecy: Secrecy
    register_unit_id: UUID
    registrar_position_id: UUID | None
    addressees: tuple[UUID, ...]
    chain: tuple[UUID, ...]
    recipients: tuple[UUID, ...] = ()


class LetterRegistered(LetterFacts, frozen=True, kw_only=True):
    """A letter entered the register; `tasks` are its root tasks. Heard by notify."""

    type: ClassVar[str] = "letter.registered.v1"

    received_at: datetime
    tasks: tuple[IssuedTask, ...]
    invitation: Invitation | None = None


class LetterVoided(LetterFacts, frozen=True, kw_only=True):
    """Registered by mistake; its open tasks were cancelled. Heard by notify, schedule."""

    type: ClassVar[str] = "letter.voided.v1"

    reason: str | None


class LetterCompleted(LetterFacts, frozen=True, kw_only=True):
    """Nobody has to handle or coordinate it any more. Heard by notify."""

    type: ClassVar[str] = "letter.completed.v1"


class LetterClosed(LetterFacts, frozen=True, kw_only=True):
    """Closed with an outcome; its open tasks were cancelled. Heard by notify and
    schedule."""

    type: ClassVar[str] = "letter.closed.v1"

    outcome: Outcome


class DispositionIssued(LetterFacts, frozen=True, kw_only=True):
    """An office passed the letter on. Heard by notify and schedule."""

    type: ClassVar[str] = "disposition.issued.v1"

    disposition_id: UUID
    parent_task_id: UUID
    giver_position_id: UUID
    tasks: tuple[IssuedTask, ...]
    invitation: Invitation | None = None


class TaskFacts(LetterFacts, frozen=True, kw_only=True):
    """One task after a move. `giver_position_id` is null for root tasks;
    `approver_position_id` is who stands for the giver (above a vacant one)."""

    task_id: UUID
    parent_task_id: UUID | None
    disposition_id: UUID | None
    position_id: UUID
    giver_position_id: UUID | None
    approver_position_id: UUID | None
    role: Role
    state: TaskState
    due_at: datetime | None


class TaskRead(TaskFacts, frozen=True, kw_only=True):
    type: ClassVar[str] = "task.read.v1"


class TaskAccepted(TaskFacts, frozen=True, kw_only=True):
    type: ClassVar[str] = "task.accepted.v1"


class TaskReported(TaskFacts, frozen=True, kw_only=True):
    """A report; a final one waits for the giver's approval. Heard by notify."""

    type: ClassVar[str] = "task.reported.v1"

    final: bool


class TaskRejected(TaskFacts, frozen=True, kw_only=True):
    """The giver sent a final report back. Heard by notify."""

    type: ClassVar[str] = "task.rejected.v1"

    reason: str | None


class TaskCompleted(TaskFacts, frozen=True, kw_only=True):
    """Approved, acknowledged, a root's final report, or by its last child (`by`)."""

    type: ClassVar[str] = "task.completed.v1"

    by: str  # approval acknowledgement report children


class TaskReturned(TaskFacts, frozen=True, kw_only=True):
    """Not for this office; `new_task` is what the giver has now. Heard by notify."""

    type: ClassVar[str] = "task.returned.v1"

    reason: str | None
    new_task: IssuedTask | None = None


class TaskWithdrawn(TaskFacts, frozen=True, kw_only=True):
    type: ClassVar[str] = "task.withdrawn.v1"


class TaskCancelled(TaskFacts, frozen=True, kw_only=True):
    type: ClassVar[str] = "task.cancelled.v1"

    reason: str | None


class TaskDueChanged(TaskFacts, frozen=True, kw_only=True):
    type: ClassVar[str] = "task.due_changed.v1"

    reason: str | None


class TaskOverdue(TaskFacts, frozen=True, kw_only=True):
    """The due time passed; once per due time. `recipients`: holder and giver."""

    type: ClassVar[str] = "task.overdue.v1"


class TaskDueSoon(TaskFacts, frozen=True, kw_only=True):
    """Internal. The due time is near; once per due time. For the holder."""

    type: ClassVar[str] = "task.due_soon.v1"


class LetterAttendanceDecided(LetterFacts, frozen=True, kw_only=True):
    """Internal, for schedule: an addressee of an invitation attends, sends somebody
    or declines. With ``represent`` a `disposition.issued.v1` is published, too."""

    type: ClassVar[str] = "letter.attendance_decided.v1"

    invitation: Invitation | None
    position_id: UUID
    decision: Attendance
    represented_by: UUID | None = None


class GivenWhileAway(msgspec.Struct, frozen=True, kw_only=True):
    """What one giver gave to an office that falls due in its holder's absence."""

    position_id: UUID
    tasks: int
    first_due_at: datetime


class TasksTakenOver(Event, frozen=True, kw_only=True):
    """Internal. An acting official's time began, or ended, while the office had open
    tasks: once per beginning and end. `due_while_acting`: due before his time ends.
    `givers`: of a Plh that begins, who gave what falls due in his time."""

    type: ClassVar[str] = "tasks.taken_over.v1"

    position_id: UUID
    person_id: UUID
    capacity: str
    began: bool
    open_tasks: int
    overdue_tasks: int
    due_while_acting: int
    givers: tuple[GivenWhileAway, ...] = ()


class LetterRedirected(LetterFacts, frozen=True, kw_only=True):
    """It had gone to the wrong office. `previous`: who was addressed; `tasks`: the
    new root tasks; who is addressed no more has no task left. Heard by notify."""

    type: ClassVar[str] = "letter.redirected.v1"

    previous: tuple[UUID, ...]
    tasks: tuple[IssuedTask, ...]
    reason: str | None


class LetterReopened(LetterFacts, frozen=True, kw_only=True):
    """Finished, and to be handled again: `tasks`. Heard by notify."""

    type: ClassVar[str] = "letter.reopened.v1"

    tasks: tuple[IssuedTask, ...]
    reason: str | None


class TaskReminded(TaskFacts, frozen=True, kw_only=True):
    """Internal. The giver reminds the holder, at most once a day."""

    type: ClassVar[str] = "task.reminded.v1"


class PaperHandedOver(LetterFacts, frozen=True, kw_only=True):
    """Internal. The paper is on its way to `to_position_id`, who has to sign."""

    type: ClassVar[str] = "letter.paper_handed_over.v1"

    handover_id: UUID
    from_position_id: UUID
    to_position_id: UUID


class PaperReceived(LetterFacts, frozen=True, kw_only=True):
    """Internal. Signed for, or refused (or taken back) when `accepted` is false."""

    type: ClassVar[str] = "letter.paper_received.v1"

    handover_id: UUID
    from_position_id: UUID
    to_position_id: UUID
    accepted: bool


class LetterCorrected(LetterFacts, frozen=True, kw_only=True):
    """Facts were corrected before anybody disposed; the event shows them as they are
    now, `fields` names which. The values before stand in the letter's trail only."""

    type: ClassVar[str] = "letter.corrected.v1"

    fields: tuple[str, ...]
    received_at: datetime
    invitation: Invitation | None = None


class LetterSecrecyRaised(LetterFacts, frozen=True, kw_only=True):
    """More secret than it was (`before`): who listens forgets what he was told.
    Heard by notify and schedule; `chain` is who may still know."""

    type: ClassVar[str] = "letter.secrecy_raised.v1"

    before: Secrecy


class LetterReviewAsked(LetterFacts, frozen=True, kw_only=True):
    """Internal. It is `recipients`' turn to initial, agree to or sign a draft."""

    type: ClassVar[str] = "letter.review_asked.v1"

    step: ReviewStep


class LetterRevisionAsked(LetterFacts, frozen=True, kw_only=True):
    """Internal. `position_id` sent a draft back to its drafter."""

    type: ClassVar[str] = "letter.revision_asked.v1"

    position_id: UUID


class LetterSigned(LetterFacts, frozen=True, kw_only=True):
    """Signed and numbered; it waits to be dispatched. Heard by notify."""

    type: ClassVar[str] = "letter.signed.v1"

    signer_position_id: UUID
    method: SigningMethod
    signed_at: datetime


class LetterDispatched(LetterFacts, frozen=True, kw_only=True):
    """On its way: `letter_ids` are the incoming letters it became in the house."""

    type: ClassVar[str] = "letter.dispatched.v1"

    dispatched_at: datetime
    letter_ids: tuple[UUID, ...] = ()


EVENTS: dict[str, type[LetterFacts]] = {
    event.type: event
    for event in (
        LetterRegistered,
        LetterVoided,
        LetterCompleted,
        LetterClosed,
        DispositionIssued,
        TaskRead,
        TaskAccepted,
        TaskReported,
        TaskRejected,
        TaskCompleted,
        TaskReturned,
        TaskWithdrawn,
        TaskCancelled,
        TaskDueChanged,
        TaskOverdue,
        TaskDueSoon,
        LetterAttendanceDecided,
        LetterReviewAsked,
        LetterRevisionAsked,
        LetterSigned,
        LetterDispatched,
        LetterRedirected,
        LetterReopened,
        TaskReminded,
        PaperHandedOver,
        PaperReceived,
        LetterCorrected,
        LetterSecrecyRaised,
    )
}
