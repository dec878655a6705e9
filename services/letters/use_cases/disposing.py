"""Pass a letter on: issue at once, or prepare for the leader, who confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
import sqlalchemy as sa

from chassis.organisation import Held
from contracts import codec
from contracts.directory import Right
from contracts.errors import Conflict, Forbidden, NotFound, invalid
from contracts.letters import (
    Action,
    Disposition,
    DispositionState,
    IssueDisposition,
    Notice,
    RecipientLine,
)
from services.letters import views, views_dispositions, views_tasks
from services.letters.caller import Caller
from services.letters.domain import disposing, workflow
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.ids import id_at, ids_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter


@dataclass(frozen=True)
class Order:
    """A disposition about to be issued or prepared: of which task, as which office."""

    letter: Letter
    parent: Task
    held: Held
    note: str | None
    lines: Sequence[RecipientLine]


def issue_disposition(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: IssueDisposition
) -> Disposition:
    letter = lock_letter(uow, caller, letter_id)
    right = Right.PREPARE if body.prepared else Right.ACT
    parent, held = parent_of(letter, caller, body.parent_task_id, right)
    lines = [
        msgspec.convert(one, RecipientLine, from_attributes=True)
        for one in body.recipients
    ]
    order = Order(letter, parent, held, body.note, lines)
    disposition_id = id_at(caller.now)
    check(uow, caller, order)
    if body.prepared:
        prepare(uow, caller, order, disposition_id)
        return views_dispositions.one(uow.session, caller, disposition_id)
    _add(uow, caller, order, disposition_id, DispositionState.ISSUED)
    warnings = hand_out(uow, caller, order, disposition_id)
    conclude(uow, caller, letter, caller.ref(held))
    return _shown(uow, caller, letter, disposition_id, warnings)


def confirm_disposition(
    uow: LettersUnitOfWork, caller: Caller, disposition_id: UUID
) -> Disposition:
    """The leader issues what was prepared; everything is judged as of now."""
    letter, row = _lock_prepared(uow, caller, disposition_id)
    held = caller.act_as(row["given_by"], letter.secrecy)
    lines = msgspec.convert(row["recipients"], list[RecipientLine])
    parent = letter.tasks[row["parent_task_id"]]
    order = Order(letter, parent, held, row["note"], lines)
    check(uow, caller, order)
    uow.letters.change_disposition(
        disposition_id,
        state=DispositionState.ISSUED.value,
        issued_by=codec.dump(caller.ref(held)),
        issued_at=caller.now,
    )
    warnings = hand_out(uow, caller, order, disposition_id)
    conclude(uow, caller, letter, caller.ref(held))
    return _shown(uow, caller, letter, disposition_id, warnings)


def discard_disposition(
    uow: LettersUnitOfWork, caller: Caller, disposition_id: UUID
) -> Disposition:
    """By the leader, or by the one who prepared it."""
    letter, row = _lock_prepared(uow, caller, disposition_id)
    mine = row["preparer_id"] == caller.actor.person_id
    right = Right.PREPARE if mine else Right.ACT
    held = caller.act_as(row["given_by"], letter.secrecy, right)
    uow.letters.change_disposition(
        disposition_id, state=DispositionState.DISCARDED.value
    )
    parent = letter.tasks[row["parent_task_id"]]
    letter.record(Action.DISCARDED, parent, disposition_id=str(disposition_id))
    conclude(uow, caller, letter, caller.ref(held))
    return views_dispositions.one(uow.session, caller, disposition_id)


def _shown(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    disposition_id: UUID,
    warnings: list[Notice],
) -> Disposition:
    shown = views_dispositions.one(uow.session, caller, disposition_id)
    ids = [task.task_id for task in letter.given]
    shown.tasks = views_tasks.by_ids(uow.session, caller, ids)
    shown.warnings = warnings
    return shown


# ---- steps, also used by attendance -----------------------------------------------


def parent_of(
    letter: Letter, caller: Caller, task_id: UUID | None, right: Right = Right.ACT
) -> tuple[Task, Held]:
    """The task that is passed on and how the caller holds it: the one named, else
    his first open one on this letter."""
    if task_id is not None:
        task = letter.tasks.get(task_id)
        if task is None:
            raise invalid("/parent_task_id", "Tugas bukan bagian dari surat ini")
        return task, caller.act_as(task.position_id, letter.secrecy, right)
    found = [
        (task, held)
        for held in usable(letter, caller, right)
        for task in letter.tasks.values()
        if task.position_id == held.position_id
    ]
    for task, held in sorted(found, key=lambda one: not one[0].blocks):
        if workflow.allows(workflow.Act.DISPOSE, task):
            return task, held
    if found:
        raise Conflict("illegal_transition", state=found[0][0].state.value)
    if any(_has_task(letter, one.position_id) for one in caller.held):
        raise Forbidden("forbidden", needed=right.value)
    raise Forbidden("outside_authority")


def _has_task(letter: Letter, position_id: UUID) -> bool:
    return any(task.position_id == position_id for task in letter.tasks.values())


def usable(letter: Letter, caller: Caller, right: Right) -> list[Held]:
    """His positions (or the chosen one) that may do this with such a letter."""
    chosen = caller.acting(right).position_id if caller.actor.acting_as else None
    readable = caller.readable(letter.secrecy)
    return [
        held
        for held in caller.held
        if right in held.rights
        and held.position_id in readable
        and chosen in (None, held.position_id)
    ]


def check(uow: LettersUnitOfWork, caller: Caller, order: Order) -> None:
    order.letter.require_open()
    workflow.require(workflow.Act.DISPOSE, order.parent)
    instructions = frozenset(uow.instructions)
    disposing.check(caller.org, order.parent, order.lines, instructions, caller.now)


def add_issued(
    uow: LettersUnitOfWork, caller: Caller, order: Order, disposition_id: UUID
) -> None:
    _add(uow, caller, order, disposition_id, DispositionState.ISSUED)


def hand_out(
    uow: LettersUnitOfWork, caller: Caller, order: Order, disposition_id: UUID
) -> list[Notice]:
    what = disposing.Disposing(
        disposition_id=disposition_id,
        parent=order.parent,
        note=order.note,
        recipients=order.lines,
        task_ids=ids_at(caller.now, len(order.lines)),
    )
    return disposing.issue(order.letter, caller.org, what, caller.now)


def prepare(
    uow: LettersUnitOfWork, caller: Caller, order: Order, disposition_id: UUID
) -> None:
    """Store the draft; nobody but the office sees it and no task is made."""
    _add(uow, caller, order, disposition_id, DispositionState.PREPARED)
    detail = {"disposition_id": str(disposition_id)}
    order.letter.record(Action.PREPARED, order.parent, **detail)
    conclude(uow, caller, order.letter, caller.ref(order.held))


def _add(
    uow: LettersUnitOfWork,
    caller: Caller,
    order: Order,
    disposition_id: UUID,
    state: DispositionState,
) -> None:
    issued = state is DispositionState.ISSUED
    by = codec.dump(caller.ref(order.held))
    uow.letters.add_disposition(
        disposition_id=disposition_id,
        letter_id=order.letter.letter_id,
        parent_task_id=order.parent.task_id,
        given_by=order.parent.position_id,
        state=state.value,
        note=order.note,
        recipients=codec.dump(list(order.lines)),
        prepared_by=None if issued else by,
        preparer_id=None if issued else caller.actor.person_id,
        issued_by=by if issued else None,
        created_at=caller.now,
        issued_at=caller.now if issued else None,
    )


def _lock_prepared(
    uow: LettersUnitOfWork, caller: Caller, disposition_id: UUID
) -> tuple[Letter, sa.RowMapping]:
    """The letter first, then its draft; only the office it is for knows of it."""
    letter_id, given_by = views.letter_of_disposition(uow.session, disposition_id)
    letter = lock_letter(uow, caller, letter_id)
    if given_by not in caller.readable(letter.secrecy):
        raise NotFound
    row = uow.letters.lock_disposition(disposition_id)
    if row["state"] != DispositionState.PREPARED:
        raise Conflict("illegal_transition", state=row["state"])
    return letter, row
