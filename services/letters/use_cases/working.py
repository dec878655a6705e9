"""Acts on one task: by its holder, or by who gave it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.errors import Forbidden, Invalid
from contracts.letters import (
    Action,
    ChangeDue,
    GiveReason,
    Notice,
    ReportTask,
    Secrecy,
    Task,
)
from services.letters import views_tasks
from services.letters.caller import Caller
from services.letters.domain import absence, acts, authority, task
from services.letters.domain.letter import Letter
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_task

Effect = Callable[[Letter, task.Task], object]


def read_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> Task:
    return _by_holder(
        uow, caller, task_id, lambda it, on: acts.read(it, on, caller.now)
    )


def accept_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> Task:
    return _by_holder(
        uow, caller, task_id, lambda it, on: acts.accept(it, on, caller.now)
    )


def acknowledge_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> Task:
    return _by_holder(
        uow, caller, task_id, lambda it, on: acts.acknowledge(it, on, caller.now)
    )


def return_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: GiveReason
) -> Task:
    new_id = id_at(caller.now)
    return _by_holder(
        uow,
        caller,
        task_id,
        lambda it, on: acts.give_back(
            it, on, caller.now, reason=body.reason, new_task_id=new_id
        ),
    )


def report_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: ReportTask
) -> Task:
    letter, on = lock_task(uow, caller, task_id)
    held = caller.act_as(on.position_id, letter.secrecy)
    if body.file_ids and letter.secrecy is Secrecy.SANGAT_RAHASIA:
        message = "Surat sangat rahasia tidak disimpan sebagai berkas"
        raise Invalid("paper_only", errors=[{"field": "/file_ids", "message": message}])
    report_id = id_at(caller.now)
    acts.report(letter, on, caller.now, final=body.final, report_id=report_id)
    add_report(uow, caller, on, held, report_id, body)
    uow.files.attach(
        body.file_ids,
        uploaded_by=caller.actor.key,
        letter_id=letter.letter_id,
        report_id=report_id,
    )
    conclude(uow, caller, letter, caller.ref(held))
    return views_tasks.one(uow.session, caller, task_id)


def add_report(
    uow: LettersUnitOfWork,
    caller: Caller,
    on: task.Task,
    held: Held,
    report_id: UUID,
    body: ReportTask,
) -> None:
    uow.letters.add_report(
        report_id=report_id,
        task_id=on.task_id,
        final=body.final,
        text=body.text,
        reported_by=codec.dump(caller.ref(held)),
        reported_at=caller.now,
    )


# ---- the giver ----------------------------------------------------------------------


def approve_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> Task:
    return _by_giver(
        uow, caller, task_id, lambda it, on: acts.approve(it, on, caller.now)
    )


def reject_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: GiveReason
) -> Task:
    return _by_giver(
        uow,
        caller,
        task_id,
        lambda it, on: acts.reject(it, on, caller.now, reason=body.reason),
    )


def withdraw_task(uow: LettersUnitOfWork, caller: Caller, task_id: UUID) -> Task:
    return _by_giver(
        uow, caller, task_id, lambda it, on: acts.withdraw(it, on, caller.now)
    )


def cancel_task(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: GiveReason
) -> Task:
    return _by_giver(
        uow,
        caller,
        task_id,
        lambda it, on: acts.cancel(it, on, caller.now, reason=body.reason),
    )


def change_due(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, body: ChangeDue
) -> Task:
    """With a warning when the holder is away then."""
    warnings: list[Notice] = []

    def change(it: Letter, on: task.Task) -> None:
        acts.change_due(it, on, caller.now, due_at=body.due_at, reason=body.reason)
        warnings.extend(absence.warnings_of(caller.org, [on]))

    changed = _by_giver(uow, caller, task_id, change)
    changed.warnings = warnings
    return changed


def _by_holder(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, effect: Effect
) -> Task:
    letter, on = lock_task(uow, caller, task_id)
    held = caller.act_as(on.position_id, letter.secrecy)
    return _done(uow, caller, letter, on, held, effect)


def _by_giver(
    uow: LettersUnitOfWork, caller: Caller, task_id: UUID, effect: Effect
) -> Task:
    letter, on = lock_task(uow, caller, task_id)
    return _done(uow, caller, letter, on, giver_of(caller, letter, on), effect)


def giver_of(caller: Caller, letter: Letter, on: task.Task) -> Held:
    """The caller as the giver, or as the position above a vacant giver.

    Raises: Forbidden (a root has no giver).
    """
    if on.given_by is None:
        raise Forbidden("forbidden", reason="no_giver")
    if caller.may_act_as(on.given_by, letter.secrecy):
        return caller.act_as(on.given_by, letter.secrecy)
    approver = authority.approver_of(caller.org, on.given_by, caller.now)
    return caller.act_as(approver or on.given_by, letter.secrecy)


def _done(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    on: task.Task,
    held: Held,
    effect: Effect,
) -> Task:
    effect(letter, on)
    if not letter.records and letter.secrecy.rank >= Secrecy.RAHASIA.rank:
        # An act done already changes nothing, but its answer is read once more.
        letter.record(Action.VIEWED, what="task")
    if letter.records:
        conclude(uow, caller, letter, caller.ref(held))
    return views_tasks.one(uow.session, caller, on.task_id)
