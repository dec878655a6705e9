"""Reads of one letter; those of secret letters leave a line in its trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts import letters as c
from contracts.errors import NotFound
from contracts.letters import Action, RecipientLine, Role, Secrecy
from contracts.paging import Page
from services.letters import (
    views,
    views_dispositions,
    views_letters,
    views_tasks,
    views_tracking,
)
from services.letters.caller import Caller
from services.letters.domain import authority, suggestion
from services.letters.domain.due import due_of_child
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import see


def get_letter(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> c.Letter:
    found = views_letters.one(uow.session, caller, letter_id)
    note_view(uow, caller, letter_id, found.secrecy, "letter")
    return found


def get_letter_tracking(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> c.Tracking:
    secrecy = see(uow, caller, letter_id)
    note_view(uow, caller, letter_id, secrecy, "tracking")
    letter = uow.letters.read(letter_id)
    return views_tracking.tracking_of(uow.session, caller, letter)


def get_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> c.Task:
    letter_id, secrecy = views.letter_of_task(uow.session, caller.reaches(), task_id)
    note_view(uow, caller, letter_id, Secrecy(secrecy), "task")
    return views_tasks.one(uow.session, caller, task_id)


def list_prepared(
    uow: LettersUnitOfWork, caller: Caller, query: c.DispositionsQuery
) -> Page[c.Disposition]:
    """Drafts are shown with their words, because a leader confirms from this list;
    so those on secret letters are reads."""
    found = views_dispositions.prepared(uow.session, caller, query)
    for letter_id in sorted({one.letter_id for one in found.items}):
        _, secrecy = views.seen_letter(uow.session, caller.reaches(), letter_id)
        note_view(uow, caller, letter_id, Secrecy(secrecy), "prepared")
    return found


def note_again(uow: LettersUnitOfWork, caller: Caller, answer: Any) -> None:
    """A command repeated with its key shows its first answer once more: only to who
    still sees the letter, and as a read of it.

    Raises: NotFound.
    """
    letter_id = answer.get("letter_id") if isinstance(answer, dict) else None
    if letter_id is not None:
        secrecy = see(uow, caller, UUID(letter_id))
        note_view(uow, caller, UUID(letter_id), secrecy, "again")


def get_letter_file(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, file_id: UUID
) -> c.File:
    """The facts by which the gateway finds the bytes; a report's file only for who
    may read the report."""
    secrecy = see(uow, caller, letter_id)
    query = sa.text(
        "SELECT f.*, t.task_id, t.position_id, t.given_by, t.parent_task_id,"
        " :secrecy AS secrecy FROM file f LEFT JOIN report r USING (report_id)"
        " LEFT JOIN task t ON t.task_id = r.task_id"
        " WHERE f.letter_id = :letter_id AND f.file_id = :file_id"
    )
    values = {"letter_id": letter_id, "file_id": file_id, "secrecy": secrecy.value}
    row = uow.session.execute(query, values).mappings().first()
    if row is None or (
        row["report_id"] is not None
        and not views_tasks.may_read_notes(uow.session, caller, [row])
    ):
        raise NotFound
    note_view(uow, caller, letter_id, secrecy, "file", file_id=str(file_id))
    return views_tasks.files_of([row])[0]


def suggest_disposition(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> c.DispositionSuggestion:
    """What this office usually does with such letters, as far as it may today."""
    see(uow, caller, letter_id)
    letter = uow.letters.read(letter_id)
    nothing = c.DispositionSuggestion(recipients=[], basis=None)
    parent = _my_open_task(letter, caller)
    if parent is None:
        return nothing
    like = suggestion.Earlier(
        kind=letter.kind,
        classification=letter.classification_code,
        sender=letter.sender_name,
        recipients=(),
    )
    before = views_dispositions.earlier(uow.session, parent.position_id, letter_id)
    found = suggestion.usual(before, like)
    if found is None:
        return nothing
    pattern, basis = found
    lines = [_line(letter, parent, one, caller) for one in pattern]
    allowed = [line for line in lines if _may_give(caller, parent, line)]
    if len(allowed) < len(lines):
        return nothing
    return c.DispositionSuggestion(recipients=allowed, basis=basis)


def _my_open_task(letter: Letter, caller: Caller) -> Task | None:
    mine = [
        task
        for held in caller.held
        for task in letter.tasks.values()
        if task.position_id == held.position_id
        and task.is_open
        and caller.actor.acting_as in (None, held.position_id)
    ]
    return min(mine, key=lambda task: not task.blocks, default=None)


def _line(
    letter: Letter, parent: Task, one: tuple[str, str, tuple[str, ...]], caller: Caller
) -> RecipientLine:
    position_id, role, instructions = one
    due_at, _ = due_of_child(parent.due_at, letter.urgency, caller.now)
    return RecipientLine(
        position_id=UUID(position_id),
        role=Role(role),
        instructions=list(instructions),
        due_at=None if role == Role.INFORM else due_at,
    )


def _may_give(caller: Caller, parent: Task, line: RecipientLine) -> bool:
    """Still in office, somebody there, and within the office's authority."""
    position = caller.org.position(line.position_id)
    return (
        position is not None
        and caller.org.holder(line.position_id, caller.now) is not None
        and authority.may_give(
            caller.org, parent.position_id, parent.role, position, line.role
        )
    )


def note_view(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    secrecy: Secrecy,
    what: str,
    **detail: Any,
) -> None:
    """Every read of a letter `rahasia` or above is recorded before it is answered."""
    if secrecy.rank < Secrecy.RAHASIA.rank:
        return
    uow.begin()
    letter = uow.letters.lock(letter_id)
    readable = caller.readable(secrecy)
    held = next((one for one in caller.held if one.position_id in readable), None)
    letter.record(Action.VIEWED, what=what, **detail)
    conclude(uow, caller, letter, caller.ref(held))
