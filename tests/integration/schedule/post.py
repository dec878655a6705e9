"""Events of letters as schedule hears them, without a letters service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from chassis.organisation import Organisation
from chassis.unit_of_work import run_effect
from contracts import codec
from contracts.envelope import Envelope, Event
from contracts.letters.events import (
    DispositionIssued,
    IssuedTask,
    LetterAttendanceDecided,
    LetterClosed,
    LetterCorrected,
    LetterSecrecyRaised,
    LetterVoided,
    TaskWithdrawn,
)
from contracts.letters.resources import Invitation
from contracts.letters.words import (
    Attendance,
    Direction,
    Outcome,
    Role,
    Secrecy,
    TaskState,
    Urgency,
)
from contracts.schedule import Activity
from services.schedule.unit_of_work import UnitOfWork, opener
from services.schedule.use_cases.from_letters import (
    hear_attendance,
    hear_correction,
    hear_disposition,
    hear_letter_closed,
    hear_letter_voided,
    hear_secrecy_raised,
    hear_task_dropped,
)
from services.schedule.views.activities import present
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import (
    NOW,
    TWO_OFFICES,
    actor,
    at,
    key,
    organisation,
)

Hear = Callable[[UnitOfWork, Organisation, Envelope], None]
Message = tuple[Hear, Envelope]


@dataclass
class Letter:
    """One invitation; each method gives the event of an act, ready to be heard."""

    secrecy: Secrecy = Secrecy.BIASA
    hour: float = 9
    letter_id: UUID = field(default_factory=new_id)

    def attendance(
        self, position: str, decision: str, by: str | None = None, minute: int = 0
    ) -> Message:
        event = LetterAttendanceDecided(
            **self._facts(),
            invitation=self._invitation(),
            position_id=key(position),
            decision=Attendance(decision),
            represented_by=key(by) if by else None,
        )
        return hear_attendance, self._envelope(event, position, minute)

    def disposition(
        self, giver: str, *recipients: str, activity_for: str = "recipient", minute: int
    ) -> Message:
        event = DispositionIssued(
            **self._facts(),
            disposition_id=new_id(),
            parent_task_id=new_id(),
            giver_position_id=key(giver),
            tasks=tuple(self.task(code, activity_for) for code in recipients),
            invitation=self._invitation(),
        )
        return hear_disposition, self._envelope(event, giver, minute)

    def task(self, position: str, activity_for: str | None = None) -> IssuedTask:
        return IssuedTask(
            task_id=key(f"{self.letter_id}/{position}"),
            position_id=key(position),
            role=Role.HANDLE,
            instructions=("hadiri",),
            activity_for=activity_for,
        )

    def withdrawal(self, giver: str, position: str, minute: int) -> Message:
        event = TaskWithdrawn(
            **self._facts(),
            task_id=self.task(position).task_id,
            parent_task_id=None,
            disposition_id=None,
            position_id=key(position),
            giver_position_id=key(giver),
            approver_position_id=key(giver),
            role=Role.HANDLE,
            state=TaskState.WITHDRAWN,
            due_at=None,
        )
        return hear_task_dropped, self._envelope(event, giver, minute)

    def voided(self, minute: int) -> Message:
        event = LetterVoided(**self._facts(), reason="Salah catat")
        return hear_letter_voided, self._envelope(event, "tu.setda", minute)

    def closed(self, outcome: Outcome, minute: int) -> Message:
        event = LetterClosed(**self._facts(), outcome=outcome)
        return hear_letter_closed, self._envelope(event, "bupati", minute)

    def raised(self, secrecy: Secrecy, minute: int) -> Message:
        facts = {**self._facts(), "secrecy": secrecy}
        facts |= {"subject": None, "sender_name": None}
        event = LetterSecrecyRaised(**facts, before=self.secrecy)
        return hear_secrecy_raised, self._envelope(event, "tu.setda", minute)

    def corrected(self, minute: int) -> Message:
        event = LetterCorrected(
            **self._facts(),
            fields=("invitation",),
            received_at=NOW,
            invitation=self._invitation(),
        )
        return hear_correction, self._envelope(event, "tu.setda", minute)

    @property
    def starts_at(self) -> datetime:
        return at(self.hour)

    def _facts(self) -> dict[str, Any]:
        secret = self.secrecy is not Secrecy.BIASA
        return {
            "letter_id": self.letter_id,
            "direction": Direction.INCOMING,
            "kind": "undangan",
            "agenda_number": "SM/0001/2026",
            "number": "005/1/2026",
            "subject": None if secret else "Undangan rapat",
            "sender_name": None if secret else "Kanwil",
            "urgency": Urgency.SEGERA,
            "secrecy": self.secrecy,
            "register_unit_id": key("setda"),
            "registrar_position_id": key("tu.setda"),
            "addressees": (key("bupati"),),
            "chain": (key("bupati"),),
        }

    def _invitation(self) -> Invitation:
        return Invitation(
            starts_at=at(self.hour),
            ends_at=at(self.hour + 1),
            place="Aula",
            dress_code="Batik",
            contact="Rina, 0811",
        )

    def _envelope(self, event: Event, who: str, minute: int) -> Envelope:
        org = organisation()
        person = actor(TWO_OFFICES.get(who, who))
        return Envelope(
            id=new_id(),
            type=event.type,
            source="letters",
            subject=f"letter/{self.letter_id}",
            time=_moment(minute),
            data=codec.dump(event),
            actor=org.actor_ref(person, next(iter(org.held_by(person.person_id, NOW)))),
            sequence=minute,
        )


def _moment(minute: int) -> datetime:
    return NOW - timedelta(hours=2) + timedelta(minutes=minute)


def deliver(desk: Desk, *messages: Message) -> None:
    """Each in a transaction of its own, as the handlers do."""
    for hear, envelope in messages:
        run_effect(
            opener(desk.database, lambda: desk.now),
            envelope,
            hear.__name__,
            lambda uow, hear=hear, envelope=envelope: hear(uow, desk.org, envelope),
        )


def activity_of(desk: Desk, letter: Letter, who: str = "protokol") -> Activity | None:
    caller = desk.caller(who)

    def find(uow: UnitOfWork) -> Activity | None:
        found = uow.activities.of_letter(letter.letter_id)
        return present(found, caller) if found else None

    return desk.run(find)


def lines_of(desk: Desk, letter: Letter) -> dict[str, tuple[str, str | None]]:
    """Position → response and standing, of what the letter put on the schedule."""
    activity = activity_of(desk, letter)
    if activity is None or activity.state == "cancelled":
        return {}
    return {
        line.code: (line.response.value, line.standing and line.standing.value)
        for line in activity.participants
    }
