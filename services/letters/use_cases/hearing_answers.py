"""An answer given to the activity of a letter is an answer to its invitation.

Who comes instead has to read what he comes to: he gets the letter, as if it had been
passed on. Nothing goes back to the schedule, which knows it already.
"""

from __future__ import annotations

from uuid import UUID

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import NotFound
from contracts.letters import (
    Action,
    Attendance,
    DispositionState,
    RecipientLine,
    Role,
    Secrecy,
)
from contracts.schedule import Response
from contracts.schedule_events import ParticipantResponded
from services.letters.caller import Caller
from services.letters.domain import acts, attendance, authority, disposing
from services.letters.domain.attendance import Answer
from services.letters.domain.letter import ENDED, Letter
from services.letters.domain.task import Task
from services.letters.domain.workflow import Act, allows
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude

CHANGED = "Jawaban kehadiran berubah"
_DECISIONS = {
    Response.ATTENDING: Attendance.ATTEND,
    Response.NOT_ATTENDING: Attendance.DECLINE,
    Response.REPRESENTED: Attendance.REPRESENT,
}


def hear_answer(
    uow: LettersUnitOfWork, caller: Caller, event: ParticipantResponded, by: ActorRef
) -> None:
    """Only of an office that has the letter, and only what it did not say before.
    Attending or declining ends no task here: who keeps a calendar reports nothing."""
    decision = _DECISIONS.get(event.response)
    if event.letter_id is None or decision is None:
        return
    try:
        letter = uow.letters.lock(event.letter_id)
    except NotFound:
        return
    own = _own_task(letter, event.position_id)
    if letter.state in ENDED or own is None:
        return
    before = attendance.standing(uow.letters.answers(letter.letter_id), own.position_id)
    new = Answer(decision, event.represented_by)
    is_first = before is None and decision is not Attendance.REPRESENT
    if is_first or (before is not None and before.says(new)):
        return
    if before is not None:
        _call_off(letter, own.position_id, before.represented_by, caller)
    if event.represented_by is not None:
        _pass_on(uow, caller, letter, own, event.represented_by, by)
    letter.record(
        Action.ATTENDANCE_DECIDED,
        own,
        position_id=str(own.position_id),
        decision=decision.value,
        represented_by=str(event.represented_by) if event.represented_by else None,
        via="activity",
    )
    conclude(uow, caller, letter, by)


def _own_task(letter: Letter, position_id: UUID) -> Task | None:
    """The latest by which it was asked, an open one before the others."""
    mine = [
        task
        for task in letter.tasks.values()
        if task.position_id == position_id
        and task.role in (Role.HANDLE, Role.REPRESENT)
    ]
    return max(mine, key=lambda task: (task.is_open, task.created_at), default=None)


def _call_off(
    letter: Letter, position_id: UUID, sent: UUID | None, caller: Caller
) -> None:
    """Whoever was to come instead need not come any more."""
    for task in list(letter.tasks.values()):
        if task.position_id != sent or task.given_by != position_id:
            continue
        if allows(Act.WITHDRAW, task):
            acts.withdraw(letter, task, caller.now)
        elif allows(Act.CANCEL, task):
            acts.cancel(letter, task, caller.now, reason=CHANGED)


def _pass_on(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    own: Task,
    sent: UUID,
    by: ActorRef,
) -> None:
    """To represent, where the office may give that and has not finished; else to know.
    A secret letter goes nowhere by the hand of who keeps a calendar."""
    has_it = any(
        one.position_id == sent and one.is_open for one in letter.tasks.values()
    )
    recipient = caller.org.position(sent)
    if has_it or recipient is None or letter.secrecy.rank >= Secrecy.RAHASIA.rank:
        return
    stands_for = allows(Act.DISPOSE, own) and authority.may_give(
        caller.org, own.position_id, own.role, recipient, Role.REPRESENT
    )
    role = Role.REPRESENT if stands_for else Role.INFORM
    line = RecipientLine(position_id=sent, role=role, instructions=[])
    what = disposing.Disposing(
        disposition_id=id_at(caller.now),
        parent=own,
        note=None,
        recipients=[line],
        task_ids=[id_at(caller.now)],
    )
    uow.letters.add_disposition(
        disposition_id=what.disposition_id,
        letter_id=letter.letter_id,
        parent_task_id=own.task_id,
        given_by=own.position_id,
        state=DispositionState.ISSUED.value,
        note=None,
        recipients=codec.dump([line]),
        prepared_by=None,
        preparer_id=None,
        issued_by=codec.dump(by),
        created_at=caller.now,
        issued_at=caller.now,
    )
    if stands_for:
        disposing.issue(letter, caller.org, what, caller.now)
    else:
        disposing.make_known(letter, what, caller.now)
