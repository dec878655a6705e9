"""A disposition: one office passes a letter on to several, each with a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.directory import Position
from contracts.errors import FieldError, Forbidden, Invalid
from contracts.letters import Action, Notice, RecipientLine, Role, Urgency
from services.letters.domain import absence, acts, authority, due
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.domain.workflow import Act


@dataclass(frozen=True, kw_only=True)
class Disposing:
    """Who disposes of which task; `note` is for the whole group."""

    disposition_id: UUID
    parent: Task
    note: str | None
    recipients: Sequence[RecipientLine]
    task_ids: Sequence[UUID]


def check(
    org: Organisation,
    parent: Task,
    recipients: Sequence[RecipientLine],
    instructions: frozenset[str],
    now: datetime,
) -> None:
    """Raises: Invalid naming the field; Forbidden ``outside_authority``."""
    errors = [
        error
        for index, line in enumerate(recipients)
        for error in _mistakes(org, parent, recipients, index, line, instructions, now)
    ]
    if errors:
        raise Invalid(errors=errors)
    outside = [
        str(line.position_id) for line in recipients if not _within(org, parent, line)
    ]
    if outside:
        raise Forbidden("outside_authority", position_ids=outside)


def issue(
    letter: Letter, org: Organisation, what: Disposing, now: datetime
) -> list[Notice]:
    """Make a task per recipient; the warnings."""
    acts.perform(letter, what.parent, Act.DISPOSE, now)
    warnings: list[Notice] = []
    for task_id, line in zip(what.task_ids, what.recipients, strict=True):
        due_at, overdue = _due(line, what.parent, letter.urgency, now)
        if overdue:
            warnings.append(Notice(code="parent_overdue", position_id=line.position_id))
        if org.holder(line.position_id, now) is None:
            warnings.append(
                Notice(code="recipient_vacant", position_id=line.position_id)
            )
        task = letter.give(_task(what, line, task_id, due_at, now))
        warnings += absence.warnings_of(org, [task])
    letter.acted = True
    letter.record(Action.DISPOSED, what.parent, **_detail(what))
    letter.settle(None, now)
    return warnings


def make_known(letter: Letter, what: Disposing, now: datetime) -> None:
    """Recipients who only have to know; also of a task that is finished, which stays."""
    for task_id, line in zip(what.task_ids, what.recipients, strict=True):
        letter.give(_task(what, line, task_id, None, now))
    letter.record(Action.DISPOSED, what.parent, **_detail(what))


def _mistakes(
    org: Organisation,
    parent: Task,
    recipients: Sequence[RecipientLine],
    index: int,
    line: RecipientLine,
    instructions: frozenset[str],
    now: datetime,
) -> list[FieldError]:
    where = f"/recipients/{index}"
    found: list[FieldError] = []

    def wrong(field: str, message: str) -> None:
        found.append({"field": where + field, "message": message})

    if org.position(line.position_id) is None:
        wrong("/position_id", "Jabatan tidak dikenal")
    elif line.position_id == parent.position_id:
        wrong("/position_id", "Disposisi kepada diri sendiri tidak dapat dikirim")
    elif any(line.position_id == one.position_id for one in recipients[:index]):
        wrong("/position_id", "Jabatan ini sudah ada dalam daftar penerima")
    for at, code in enumerate(line.instructions):
        if code not in instructions:
            wrong(f"/instructions/{at}", "Instruksi tidak dikenal")
    if line.due_at is not None and line.due_at <= now:
        wrong("/due_at", "Batas waktu harus di masa depan")
    return found


def _within(org: Organisation, parent: Task, line: RecipientLine) -> bool:
    recipient: Position | None = org.position(line.position_id)
    return recipient is not None and authority.may_give(
        org, parent.position_id, parent.role, recipient, line.role
    )


def _due(
    line: RecipientLine, parent: Task, urgency: Urgency, now: datetime
) -> tuple[datetime | None, bool]:
    if line.role is Role.INFORM:
        return None, False
    if line.due_at is not None:
        return line.due_at, False
    return due.due_of_child(parent.due_at, urgency, now)


def _task(
    what: Disposing,
    line: RecipientLine,
    task_id: UUID,
    due_at: datetime | None,
    now: datetime,
) -> Task:
    return Task(
        task_id=task_id,
        position_id=line.position_id,
        role=line.role,
        disposition_id=what.disposition_id,
        parent_task_id=what.parent.task_id,
        given_by=what.parent.position_id,
        instructions=tuple(line.instructions),
        note=line.note,
        due_at=due_at,
        created_at=now,
        since=now,
    )


def _detail(what: Disposing) -> dict[str, object]:
    lines = [
        {
            "task_id": str(task_id),
            "position_id": str(line.position_id),
            "role": line.role.value,
            "instructions": list(line.instructions),
        }
        for task_id, line in zip(what.task_ids, what.recipients, strict=True)
    ]
    return {"disposition_id": str(what.disposition_id), "recipients": lines}
