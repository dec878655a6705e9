"""Domain records -> published events: the only mapping.

What a record does not map to (a draft prepared, a page viewed) stays inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from chassis.organisation import Organisation
from contracts import letters as c
from contracts.letters import Action, Role, Secrecy
from services.letters.domain.authority import approver_of
from services.letters.domain.letter import Letter, Record
from services.letters.domain.task import Task

SECRET = Secrecy.RAHASIA.rank


class Publishing:
    """Turns the records of one act on one letter into events."""

    def __init__(
        self,
        letter: Letter,
        org: Organisation,
        activity_for: Mapping[str, str | None],
        acting: UUID | None,
        now: datetime,
    ) -> None:
        self._letter = letter
        self._org = org
        self._activity_for = activity_for
        self._acting = acting
        self._now = now

    def event(self, record: Record) -> c.LetterFacts | None:
        build = _BUILDERS.get(record.action)
        made = build(self, record) if build else None
        if made is None or self._letter.secrecy is Secrecy.BIASA:
            return made
        if "reason" in made.__struct_fields__:  # what people wrote of the letter
            return msgspec.structs.replace(made, reason=None)
        return made

    # ---- parts --------------------------------------------------------------------

    def facts(self, *told: UUID | None) -> dict[str, Any]:
        letter = self._letter
        quiet = letter.secrecy is not Secrecy.BIASA
        told_once = dict.fromkeys(one for one in told if one is not None)
        return {
            "letter_id": letter.letter_id,
            "direction": letter.direction,
            "kind": letter.kind,
            "agenda_number": letter.agenda_number,
            "number": letter.number,
            "subject": None if quiet else letter.subject,
            "sender_name": None if quiet else letter.sender_name,
            "urgency": letter.urgency,
            "secrecy": letter.secrecy,
            "register_unit_id": letter.register_unit_id,
            "registrar_position_id": letter.registrar_position_id,
            "addressees": letter.addressees,
            "chain": letter.chain(),
            "recipients": tuple(one for one in told_once if one != self._acting),
        }

    def task_facts(self, task: Task, *told: UUID | None) -> dict[str, Any]:
        return {
            **self.facts(*told),
            "task_id": task.task_id,
            "parent_task_id": task.parent_task_id,
            "disposition_id": task.disposition_id,
            "position_id": task.position_id,
            "giver_position_id": task.given_by,
            "approver_position_id": self.approver(task),
            "role": task.role,
            "state": task.state,
            "due_at": task.due_at,
        }

    def approver(self, task: Task) -> UUID | None:
        return approver_of(self._org, task.given_by, self._now)

    def issued(self, task: Task) -> c.IssuedTask:
        wishes = [self._activity_for.get(code) for code in task.instructions]
        return c.IssuedTask(
            task_id=task.task_id,
            position_id=task.position_id,
            role=task.role,
            instructions=task.instructions,
            activity_for=next((one for one in wishes if one), None),
            due_at=task.due_at,
        )

    def invitation(self) -> c.Invitation | None:
        """Of a letter `terbatas` or above the times only: time has to be booked."""
        given = self._letter.invitation
        found = msgspec.convert(given, c.Invitation) if given else None
        if found is None or self._letter.secrecy is Secrecy.BIASA:
            return found
        return c.Invitation(starts_at=found.starts_at, ends_at=found.ends_at)

    def given(self, disposition_id: UUID | None) -> tuple[c.IssuedTask, ...]:
        return tuple(
            self.issued(task)
            for task in self._letter.given
            if task.disposition_id == disposition_id
        )

    # ---- one builder per published action --------------------------------------------

    def registered(self, record: Record) -> c.LetterFacts:
        tasks = self.given(None)
        return c.LetterRegistered(
            **self.facts(*(task.position_id for task in tasks)),
            received_at=self._letter.received_at,
            tasks=tasks,
            invitation=self.invitation(),
        )

    def disposed(self, record: Record) -> c.LetterFacts:
        parent = _task(record)
        disposition_id = UUID(record.detail["disposition_id"])
        tasks = self.given(disposition_id)
        return c.DispositionIssued(
            **self.facts(*(task.position_id for task in tasks)),
            disposition_id=disposition_id,
            parent_task_id=parent.task_id,
            giver_position_id=parent.position_id,
            tasks=tasks,
            invitation=self.invitation(),
        )

    def reported(self, record: Record) -> c.LetterFacts:
        task = _task(record)
        facts = self.task_facts(task, self.approver(task))
        return c.TaskReported(**facts, final=record.detail["final"])

    def completed(self, record: Record) -> c.LetterFacts:
        task = _task(record)
        by = _COMPLETED_BY.get(record.action) or record.detail["by"]
        told = task.position_id if record.action is Action.APPROVED else None
        if record.action is Action.ACKNOWLEDGED and task.role is not Role.INFORM:
            told = self.approver(task)
        return c.TaskCompleted(**self.task_facts(task, told), by=by)

    def returned(self, record: Record) -> c.LetterFacts:
        task, new_id = _task(record), record.detail.get("new_task_id")
        new = self._letter.tasks[UUID(new_id)] if new_id else None
        told = new.position_id if new else self.approver(task)
        return c.TaskReturned(
            **self.task_facts(task, told),
            reason=record.detail["reason"],
            new_task=self.issued(new) if new else None,
        )

    def cancelled(self, record: Record) -> c.LetterFacts | None:
        if record.detail.get("by") in ("letter", "redirect"):
            return None  # letter.closed, .voided or .redirected says it
        task = _task(record)
        reason = record.detail.get("reason")
        return c.TaskCancelled(**self.task_facts(task, task.position_id), reason=reason)

    def letter_completed(self, record: Record) -> c.LetterFacts:
        letter = self._letter
        return c.LetterCompleted(
            **self.facts(letter.registrar_position_id, *letter.addressees)
        )

    def closed(self, record: Record) -> c.LetterFacts:
        told = self._letter.chain()
        return c.LetterClosed(
            **self.facts(*told), outcome=c.Outcome(record.detail["outcome"])
        )

    def voided(self, record: Record) -> c.LetterFacts:
        """A draft nobody was asked about is its drafter's own affair."""
        told = self._letter.chain()
        if record.detail.get("was") == c.LetterState.DRAFT:
            told = ()
        return c.LetterVoided(**self.facts(*told), reason=record.detail["reason"])

    def redirected(self, record: Record) -> c.LetterFacts:
        detail = record.detail
        previous = tuple(UUID(one) for one in detail["from"])
        tasks = self.given(None)
        told = (*(task.position_id for task in tasks), *previous)
        return c.LetterRedirected(
            **self.facts(*told), previous=previous, tasks=tasks, reason=detail["reason"]
        )

    def reopened(self, record: Record) -> c.LetterFacts:
        return c.LetterReopened(
            **self.facts(*self._letter.chain()),
            tasks=self.given(None),
            reason=record.detail["reason"],
        )

    def handed_over(self, record: Record) -> c.LetterFacts:
        to = UUID(record.detail["to_position_id"])
        return c.PaperHandedOver(**{**self.facts(to), **_hands(record)})

    def receipt_signed(self, record: Record) -> c.LetterFacts:
        hands, accepted = _hands(record), bool(record.detail["accepted"])
        told = (hands["from_position_id"], hands["to_position_id"])
        return c.PaperReceived(**{**self.facts(*told), **hands}, accepted=accepted)

    def corrected(self, record: Record) -> c.LetterFacts:
        return c.LetterCorrected(
            **self.facts(),
            fields=tuple(one["field"] for one in record.detail["changes"]),
            received_at=self._letter.received_at,
            invitation=self.invitation(),
        )

    def secrecy_raised(self, record: Record) -> c.LetterFacts:
        told = self._letter.chain()
        before = Secrecy(record.detail["before"])
        return c.LetterSecrecyRaised(**self.facts(*told), before=before)

    # ---- outgoing -------------------------------------------------------------------

    def review_asked(self, record: Record) -> c.LetterFacts | None:
        asks = [UUID(one) for one in record.detail["asks"]]
        if not asks:
            return None
        return c.LetterReviewAsked(**self.facts(*asks), step=record.detail["step"])

    def revision_asked(self, record: Record) -> c.LetterFacts:
        drafter = self._letter.registrar_position_id
        return c.LetterRevisionAsked(
            **self.facts(drafter), position_id=UUID(record.detail["position_id"])
        )

    def signed(self, record: Record) -> c.LetterFacts:
        """The drafter and the registrars are told: they send it."""
        letter, detail = self._letter, record.detail
        registrars = self._org.registrars_of(letter.register_unit_id)
        told = (one.position_id for one in registrars if letter.secrecy.rank < SECRET)
        return c.LetterSigned(
            **self.facts(letter.registrar_position_id, *told),
            signer_position_id=UUID(detail["signer_position_id"]),
            method=c.SigningMethod(detail["method"]),
            signed_at=self._now,
        )

    def dispatched(self, record: Record) -> c.LetterFacts:
        letter = self._letter
        signer = letter.outgoing.signer_position_id if letter.outgoing else None
        return c.LetterDispatched(
            **self.facts(letter.registrar_position_id, signer),
            dispatched_at=self._now,
            letter_ids=tuple(UUID(one) for one in record.detail["letter_ids"]),
        )

    def attendance(self, record: Record) -> c.LetterFacts | None:
        if record.detail.get("via"):
            return None  # the schedule said it
        detail, sent = record.detail, record.detail["represented_by"]
        return c.LetterAttendanceDecided(
            **self.facts(),
            invitation=self.invitation(),
            position_id=UUID(detail["position_id"]),
            decision=c.Attendance(detail["decision"]),
            represented_by=UUID(sent) if sent else None,
        )


_Builder = Callable[[Publishing, Record], c.LetterFacts | None]
_COMPLETED_BY = {Action.APPROVED: "approval", Action.ACKNOWLEDGED: "acknowledgement"}


def _task(record: Record) -> Task:
    if record.task is None:
        raise ValueError(f"{record.action} names no task")
    return record.task


def _hands(record: Record) -> dict[str, Any]:
    names = ("handover_id", "from_position_id", "to_position_id")
    return {name: UUID(record.detail[name]) for name in names}


def _simple(kind: Callable[..., c.LetterFacts], *, tell: bool) -> _Builder:
    """An event with nothing but the task's facts."""

    def build(publishing: Publishing, record: Record) -> c.LetterFacts:
        task = _task(record)
        return kind(**publishing.task_facts(task, task.position_id if tell else None))

    return build


def _with_reason(kind: Callable[..., c.LetterFacts]) -> _Builder:
    """An event for the task's holder that says why."""

    def build(publishing: Publishing, record: Record) -> c.LetterFacts:
        task = _task(record)
        facts = publishing.task_facts(task, task.position_id)
        return kind(**facts, reason=record.detail.get("reason"))

    return build


def _overdue(publishing: Publishing, record: Record) -> c.LetterFacts:
    task = _task(record)
    told = (task.position_id, publishing.approver(task))
    return c.TaskOverdue(**publishing.task_facts(task, *told))


_BUILDERS: dict[Action, _Builder] = {
    Action.REGISTERED: Publishing.registered,
    Action.READ: _simple(c.TaskRead, tell=False),
    Action.ACCEPTED: _simple(c.TaskAccepted, tell=False),
    Action.DISPOSED: Publishing.disposed,
    Action.REPORTED: Publishing.reported,
    Action.APPROVED: Publishing.completed,
    Action.ACKNOWLEDGED: Publishing.completed,
    Action.COMPLETED: Publishing.completed,
    Action.REJECTED: _with_reason(c.TaskRejected),
    Action.RETURNED: Publishing.returned,
    Action.WITHDRAWN: _simple(c.TaskWithdrawn, tell=True),
    Action.CANCELLED: Publishing.cancelled,
    Action.DUE_CHANGED: _with_reason(c.TaskDueChanged),
    Action.REMINDED: _simple(c.TaskReminded, tell=True),
    Action.DUE_SOON: _simple(c.TaskDueSoon, tell=True),
    Action.OVERDUE: _overdue,
    Action.ATTENDANCE_DECIDED: Publishing.attendance,
    Action.LETTER_COMPLETED: Publishing.letter_completed,
    Action.CLOSED: Publishing.closed,
    Action.VOIDED: Publishing.voided,
    Action.SUBMITTED: Publishing.review_asked,
    Action.INITIALLED: Publishing.review_asked,
    Action.REVISION_ASKED: Publishing.revision_asked,
    Action.SIGNED: Publishing.signed,
    Action.DISPATCHED: Publishing.dispatched,
    Action.REDIRECTED: Publishing.redirected,
    Action.REOPENED: Publishing.reopened,
    Action.HANDED_OVER: Publishing.handed_over,
    Action.RECEIPT_SIGNED: Publishing.receipt_signed,
    Action.CORRECTED: Publishing.corrected,
    Action.SECRECY_RAISED: Publishing.secrecy_raised,
}
