"""A letter in memory, and the commonest acts on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from chassis.organisation import Organisation
from contracts.letters import Direction, RecipientLine, Role, Secrecy, Urgency
from services.letters.domain import disposing
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from tests.unit.letters import offices

INSTRUCTIONS = frozenset({"tindaklanjuti", "wakili"})
_numbers = count(1)


def fresh_id() -> UUID:
    return UUID(int=next(_numbers))


def letter(
    *addressees: str,
    copies: tuple[str, ...] = (),
    urgency: Urgency = Urgency.SEGERA,
    secrecy: Secrecy = Secrecy.BIASA,
) -> Letter:
    ids = tuple(map(offices.position_id, addressees or ("bupati",)))
    informed = tuple(map(offices.position_id, copies))
    made = Letter(
        letter_id=fresh_id(),
        direction=Direction.INCOMING,
        kind="undangan",
        number=None,
        agenda_number="SM/0001/2026",
        register_unit_id=offices.unit_id("setda"),
        registrar_position_id=offices.position_id("tu.setda"),
        sender_name="Pengirim",
        subject="Perihal",
        classification_code=None,
        urgency=urgency,
        secrecy=secrecy,
        addressees=ids,
        copies=informed,
        received_at=offices.NOW,
    )
    for position_id in ids:
        made.give(root(position_id, Role.HANDLE))
    for position_id in informed:
        made.give(root(position_id, Role.INFORM))
    return made


def root(position_id: UUID, role: Role) -> Task:
    due_at = None if role is Role.INFORM else offices.NOW + timedelta(hours=48)
    return Task(
        task_id=fresh_id(),
        position_id=position_id,
        role=role,
        created_at=offices.NOW,
        since=offices.NOW,
        due_at=due_at,
    )


def dispose(
    it: Letter,
    org: Organisation,
    parent: Task,
    *recipients: tuple[str, Role],
    now: datetime = offices.NOW,
) -> list[Task]:
    """Checked as by a caller; the new tasks."""
    lines = [
        RecipientLine(
            position_id=offices.position_id(code),
            role=role,
            instructions=["tindaklanjuti"],
        )
        for code, role in recipients
    ]
    disposing.check(org, parent, lines, INSTRUCTIONS, now)
    before = len(it.given)
    what = disposing.Disposing(
        disposition_id=fresh_id(),
        parent=parent,
        note=None,
        recipients=lines,
        task_ids=[fresh_id() for _ in lines],
    )
    disposing.issue(it, org, what, now)
    return it.given[before:]


def task_of(it: Letter, code: str) -> Task:
    """The latest task of an office."""
    position = offices.position_id(code)
    return [one for one in it.tasks.values() if one.position_id == position][-1]
