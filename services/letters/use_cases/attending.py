"""An addressee of an invitation attends, sends somebody, or declines: one tap."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Held
from contracts.directory import Right
from contracts.errors import Conflict, Forbidden, invalid
from contracts.letters import (
    Action,
    Attendance,
    AttendanceResult,
    DecideAttendance,
    Notice,
    RecipientLine,
    ReportTask,
    Role,
    TaskState,
)
from services.letters import views_tasks
from services.letters.caller import Caller
from services.letters.domain import acts, attendance, redirecting
from services.letters.domain.attendance import Answer
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.domain.workflow import Act, allows
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.disposing import (
    Order,
    add_issued,
    check,
    hand_out,
    usable,
)
from services.letters.use_cases.finding import lock_letter
from services.letters.use_cases.working import add_report

ANSWERED = frozenset({TaskState.REPORTED, TaskState.COMPLETED})
REPRESENT_ME = "wakili"
CHANGED = "Jawaban kehadiran berubah"
_WORDS = {Attendance.ATTEND: "Hadir", Attendance.DECLINE: "Tidak dapat hadir"}


def decide_attendance(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: DecideAttendance
) -> AttendanceResult:
    letter = lock_letter(uow, caller, letter_id)
    letter.require_open()
    if letter.kind != "undangan" and letter.invitation is None:
        raise Conflict("not_an_invitation", kind=letter.kind)
    task, held = _invited(letter, caller)
    if letter.invitation is None and body.decision is not Attendance.DECLINE:
        raise Conflict("invitation_missing")
    before = attendance.standing(uow.letters.answers(letter_id), task.position_id)
    is_off = before is not None and before.off
    _send_nobody_else(letter, task, caller, None if is_off else body.represented_by)
    disposition_id, warnings = None, list[Notice]()
    is_changed = not allows(Act.FINISH, task)
    if is_changed:
        task = _answer_again(uow, caller, letter, task, held, body, before)
    if body.decision is Attendance.REPRESENT:
        disposition_id, warnings = _send(uow, caller, letter, task, held, body)
    elif not is_changed:
        _answer(uow, caller, letter, task, held, body)
    letter.record(
        Action.ATTENDANCE_DECIDED,
        task,
        position_id=str(task.position_id),
        decision=body.decision.value,
        represented_by=str(body.represented_by) if disposition_id else None,
    )
    conclude(uow, caller, letter, caller.ref(held))
    shown = [task.task_id, *(one.task_id for one in letter.given)]
    return AttendanceResult(
        letter_id=letter_id,
        position_id=task.position_id,
        decision=body.decision,
        represented_by=body.represented_by if disposition_id else None,
        disposition_id=disposition_id,
        letter_state=letter.state,
        tasks=views_tasks.by_ids(uow.session, caller, shown, full=True),
        warnings=warnings,
    )


def _invited(letter: Letter, caller: Caller) -> tuple[Task, Held]:
    """The caller's task by which he was invited: an addressee's, or one handed down;
    else the one he answered by."""
    mine = [
        (task, held)
        for held in usable(letter, caller, Right.ACT)
        for task in letter.tasks.values()
        if task.position_id == held.position_id
        and task.role in (Role.HANDLE, Role.REPRESENT)
    ]
    for task, held in mine:
        if allows(Act.FINISH, task):
            return task, held
    for task, held in reversed(mine):
        if task.state in ANSWERED:
            return task, held
    if mine:
        raise Conflict("illegal_transition", state=mine[0][0].state.value)
    raise Forbidden("forbidden", reason="not_invited")


def _answer(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    task: Task,
    held: Held,
    body: DecideAttendance,
) -> None:
    """Attending or declining is the whole answer: it is the task's final report."""
    if body.represented_by is not None:
        raise invalid("/represented_by", "Hanya untuk keputusan 'represent'")
    report_id = id_at(caller.now)
    acts.report(letter, task, caller.now, final=True, report_id=report_id)
    text = body.note or _WORDS[body.decision]
    add_report(uow, caller, task, held, report_id, ReportTask(text=text, final=True))


def _answer_again(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    task: Task,
    held: Held,
    body: DecideAttendance,
    before: Answer | None,
) -> Task:
    """The task ended with the first answer and stays so. Who now sends somebody has
    the letter again, until that one is back."""
    new = Answer(body.decision, body.represented_by)
    if not attendance.may_answer_again(before, new, letter.invitation, caller.now):
        raise Conflict("illegal_transition", state=task.state.value)
    if body.decision is not Attendance.REPRESENT:
        if body.represented_by is not None:
            raise invalid("/represented_by", "Hanya untuk keputusan 'represent'")
        text, report_id = body.note or _WORDS[body.decision], id_at(caller.now)
        report = ReportTask(text=text, final=True)
        add_report(uow, caller, task, held, report_id, report)
        if task.is_open:  # who gave it waits for the report and hears of the other one
            detail = {"final": True, "report_id": str(report_id)}
            letter.record(Action.REPORTED, task, **detail)
        return task
    return redirecting.take_up_again(
        letter, caller.now, task.position_id, reason=CHANGED, task_id=id_at(caller.now)
    )


def _send_nobody_else(
    letter: Letter, task: Task, caller: Caller, keep: UUID | None
) -> None:
    """Whoever was sent before, and is not sent now, need not go."""
    for child in letter.children(task):
        if child.role is not Role.REPRESENT or child.position_id == keep:
            continue
        if allows(Act.WITHDRAW, child):
            acts.withdraw(letter, child, caller.now)
        elif child.is_open:
            acts.cancel(letter, child, caller.now, reason=CHANGED)


def _send(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter: Letter,
    task: Task,
    held: Held,
    body: DecideAttendance,
) -> tuple[UUID, list[Notice]]:
    """Sending somebody is a disposition in role `represent`."""
    if body.represented_by is None:
        raise invalid("/represented_by", "Pilih siapa yang mewakili")
    if caller.org.position(body.represented_by) is None:
        raise invalid("/represented_by", "Jabatan tidak dikenal")
    _refuse_again(letter, task, body.represented_by)
    line = RecipientLine(
        position_id=body.represented_by,
        role=Role.REPRESENT,
        instructions=[REPRESENT_ME],
    )
    order = Order(letter, task, held, body.note, [line])
    check(uow, caller, order)
    disposition_id = id_at(caller.now)
    add_issued(uow, caller, order, disposition_id)
    return disposition_id, hand_out(uow, caller, order, disposition_id)


def _refuse_again(letter: Letter, task: Task, position_id: UUID) -> None:
    """A second tap sends nobody twice."""
    for child in letter.tasks.values():
        if (
            child.parent_task_id == task.task_id
            and child.position_id == position_id
            and child.role is Role.REPRESENT
            and child.is_open
        ):
            raise Conflict("illegal_transition", state=child.state.value)
