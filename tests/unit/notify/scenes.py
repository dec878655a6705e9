"""One letter's events and the organisation they happen in.

Alice is regent; Bob heads Kominfo; Dewi is the regent's aide; Charlie must hear
nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from chassis.organisation import Organisation
from contracts import codec
from contracts.actor import ActorRef, PersonRef, PositionRef
from contracts.directory import AppointedCapacity, AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope, Event
from contracts.letters import (
    EVENTS,
    Direction,
    DispositionIssued,
    IssuedTask,
    LetterFacts,
    LetterRegistered,
    Outcome,
    Role,
    Secrecy,
    TaskFacts,
    TaskState,
    Urgency,
)
from contracts.schedule import (
    ActivityKind,
    ActivityState,
    ParticipantRole,
    Response,
    Visibility,
)
from contracts.schedule_events import ActivityFacts, LineFacts
from services.notify.domain.audience import drafts_of
from services.notify.domain.drafts import Draft
from services.notify.domain.notices import Scene
from services.notify.domain.rules import notices_of, read_event
from tests.unit.directory.organisations import (
    NOW,
    assignment,
    delegation,
    key,
    organisation,
)

LETTER = key("surat/1")
DUE = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)

HELD = (
    assignment("alice", "bupati"),
    assignment("bob", "kadis"),
    assignment("dewi", "ajudan"),
    assignment("charlie", "kabag"),
)


def regency(*more: Any) -> Organisation:
    return organisation(*HELD, *more)


def lent_to_aide(*, include_secret: bool) -> Any:
    return delegation(
        "alice", "bupati", "ajudan", "read", include_secret=include_secret
    )


def signed(person: str, position: str, capacity: str = "definitive") -> ActorRef:
    return ActorRef(
        person=PersonRef(person_id=key(person), name=person.title()),
        position=PositionRef(
            position_id=key(position),
            code=position,
            title=f"Jabatan {position}",
            unit_name="Unit",
        ),
        capacity=capacity,
    )


def letter_facts(secrecy: Secrecy = Secrecy.BIASA, **changes: Any) -> dict[str, Any]:
    open_letter = secrecy is Secrecy.BIASA
    return {
        "letter_id": LETTER,
        "direction": Direction.INCOMING,
        "kind": "undangan",
        "agenda_number": "SM/0001/2026",
        "number": "005/117",
        "subject": "Undangan rapat koordinasi" if open_letter else None,
        "sender_name": "Kanwil Kemenag" if open_letter else None,
        "urgency": Urgency.SEGERA,
        "secrecy": secrecy,
        "register_unit_id": key("setda"),
        "registrar_position_id": key("tu.setda"),
        "addressees": (key("bupati"),),
        "chain": (key("bupati"), key("kadis")),
        **changes,
    }


def issued(position: str, role: Role = Role.HANDLE) -> IssuedTask:
    return IssuedTask(
        task_id=key(f"tugas/{position}"),
        position_id=key(position),
        role=role,
        due_at=DUE if role is not Role.INFORM else None,
    )


def registered(
    *tasks: IssuedTask, secrecy: Secrecy = Secrecy.BIASA
) -> LetterRegistered:
    return LetterRegistered(
        **letter_facts(secrecy), received_at=NOW, tasks=tasks or (issued("bupati"),)
    )


def disposed(*tasks: IssuedTask, secrecy: Secrecy = Secrecy.BIASA) -> DispositionIssued:
    return DispositionIssued(
        **letter_facts(secrecy),
        disposition_id=key("disposisi/1"),
        parent_task_id=key("tugas/bupati"),
        giver_position_id=key("bupati"),
        tasks=tasks or (issued("kadis"),),
    )


def moved(event: type[TaskFacts], state: TaskState, /, **changes: Any) -> TaskFacts:
    """A move of Bob's task, given by Alice."""
    facts = letter_facts(recipients=(key("bupati"), key("kadis")))
    return event(
        **{
            **facts,
            "task_id": key("tugas/kadis"),
            "parent_task_id": key("tugas/bupati"),
            "disposition_id": key("disposisi/1"),
            "position_id": key("kadis"),
            "giver_position_id": key("bupati"),
            "approver_position_id": key("bupati"),
            "role": Role.HANDLE,
            "state": state,
            "due_at": DUE,
            **changes,
        }
    )


EXTRA: dict[str, dict[str, Any]] = {
    "letter.closed.v1": {"outcome": Outcome.NOTED},
    "letter.voided.v1": {"reason": "salah"},
    "letter.corrected.v1": {"fields": ("subject",), "received_at": DUE},
    "letter.secrecy_raised.v1": {"before": Secrecy.BIASA},
    "letter.redirected.v1": {
        "previous": (key("bupati"),),
        "tasks": (issued("kadis"),),
        "reason": "salah alamat",
    },
    "letter.reopened.v1": {"tasks": (issued("kadis"),), "reason": "ada susulan"},
    "letter.paper_handed_over.v1": {
        "handover_id": key("serah/1"),
        "from_position_id": key("tu.setda"),
        "to_position_id": key("bupati"),
    },
    "letter.paper_received.v1": {
        "handover_id": key("serah/1"),
        "from_position_id": key("tu.setda"),
        "to_position_id": key("bupati"),
        "accepted": True,
    },
    "letter.review_asked.v1": {"step": "sign"},
    "letter.revision_asked.v1": {"position_id": key("kadis")},
    "letter.signed.v1": {
        "signer_position_id": key("bupati"),
        "method": "local",
        "signed_at": DUE,
    },
    "letter.dispatched.v1": {"dispatched_at": DUE},
    "task.reported.v1": {"final": True},
    "task.rejected.v1": {"reason": "kurang"},
    "task.completed.v1": {"by": "approval"},
    "task.returned.v1": {"reason": "bukan urusan kami"},
    "task.cancelled.v1": {"reason": "batal"},
    "task.due_changed.v1": {"reason": "mendesak"},
    "letter.attendance_decided.v1": {
        "invitation": None,
        "position_id": key("bupati"),
        "decision": "attend",
    },
}


def any_letter_event(event: type[LetterFacts], secrecy: Secrecy) -> LetterFacts:
    """An event of this type about a letter of this grade."""
    if issubclass(event, TaskFacts):
        facts = letter_facts(secrecy, recipients=(key("bupati"), key("kadis")))
        return moved(event, TaskState.REPORTED, **facts, **EXTRA.get(event.type, {}))
    if event is LetterRegistered:
        return registered(secrecy=secrecy)
    if event is DispositionIssued:
        return disposed(secrecy=secrecy)
    facts = letter_facts(secrecy, recipients=(key("bupati"),))
    return event(**facts, **EXTRA.get(event.type, {}))


def one_of_each(secrecy: Secrecy = Secrecy.BIASA) -> list[LetterFacts]:
    return [any_letter_event(event, secrecy) for event in EVENTS.values()]


def activity(kind: type[ActivityFacts], **changes: Any) -> ActivityFacts:
    facts: dict[str, Any] = {
        "activity_id": key("kegiatan/1"),
        "version": 1,
        "title": "Rapat SPBE",
        "kind": ActivityKind.RAPAT,
        "starts_at": DUE,
        "ends_at": DUE + timedelta(hours=2),
        "state": ActivityState.CONFIRMED,
        "visibility": Visibility.INTERNAL,
        "organiser_unit_id": key("kominfo"),
        "place_name": "Aula Ramu",
        "letter_id": None,
        "participants": (line("kadis", ParticipantRole.HOST),),
        "resource_ids": (),
        "keeper_position_ids": (key("ajudan"),),
        "requester_position_id": key("bupati"),
        "requester_person_id": key("alice"),
        "requester_client_id": None,
    }
    return kind(**{**facts, **changes})


def line(position: str, role: ParticipantRole = ParticipantRole.REQUIRED) -> LineFacts:
    return LineFacts(
        position_id=key(position),
        person_id=None,
        role=role,
        response=Response.PENDING,
    )


def appointment(
    kind: type[AssignmentStarted | AssignmentEnded], person: str, position: str
) -> AssignmentStarted | AssignmentEnded:
    return kind(
        assignment_id=key(f"{person}@{position}"),
        person=PersonRef(person_id=key(person), name=person.title()),
        position=PositionRef(
            position_id=key(position),
            code=position,
            title="Sekretaris Daerah",
            unit_name="Unit",
        ),
        capacity=AppointedCapacity.PLH,
        starts_on=NOW.date(),
        ends_on=DUE.date(),
        starts_at=NOW,
        ends_at=DUE,
        concerned_position_ids=(key(position), key("bupati")),
        concerned_person_ids=(key(person),),
    )


def sealed(
    event: Event, *, actor: ActorRef | None = None, at: datetime = NOW
) -> Envelope:
    """As it comes from the bus."""
    return Envelope(
        id=uuid5(LETTER, f"{event.type}{event}"),
        type=event.type,
        source="letters",
        subject=f"letter/{LETTER}",
        time=at,
        data=codec.dump(event),
        actor=actor,
    )


def told(
    event: Event,
    org: Organisation | None = None,
    *,
    actor: ActorRef | None = None,
    at: datetime = NOW,
) -> dict[UUID, Draft]:
    """What each person hears of `event` (which gives at most one topic each)."""
    scene = Scene(at=at, actor=actor, org=org or regency())
    read = read_event(sealed(event, actor=actor, at=at))
    drafts = drafts_of(notices_of(read, scene), scene)
    assert len({draft.person_id for draft in drafts}) == len(drafts)
    return {draft.person_id: draft for draft in drafts}
