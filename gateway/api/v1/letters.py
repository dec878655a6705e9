"""HTTP rows of letters: letters, dispositions, tasks."""

from __future__ import annotations

from functools import partial

from contracts.letters import (
    AttendanceResult,
    ChangeDue,
    CloseLetter,
    DecideAttendance,
    Disposition,
    DispositionsQuery,
    DispositionSuggestion,
    DraftLetter,
    GiveReason,
    IssueDisposition,
    Letter,
    LettersQuery,
    RegisterLetter,
    ReportTask,
    Task,
    TasksQuery,
    Tracking,
    VoidLetter,
)
from contracts.letters.dispositions import GivenTask, GivenTasksQuery
from contracts.letters.search import FoundLetter
from contracts.paging import Page
from gateway.api.v1.operation import OneOf, Operation

_READ, _WRITE = "letters:read", "letters:write"

_row = partial(Operation, service="letters", tag="letters")
_disposition = partial(
    _row,
    tag="dispositions",
    response=Disposition,
    command=True,
    errors=("position_not_held", "outside_authority", "illegal_transition"),
)
_act = partial(
    _row,
    method="POST",
    tag="tasks",
    response=Task,
    command=True,
    etag=True,
)
_MOVE = ("position_not_held", "illegal_transition")

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="register_letter",
        method="POST",
        path="/letters",
        summary="Register an incoming letter, or draft an outgoing one",
        response=Letter,
        body=OneOf(
            "direction", (("incoming", RegisterLetter), ("outgoing", DraftLetter))
        ),
        status=201,
        command=True,
        scope=_WRITE,
        etag=True,
        errors=("position_not_held", "outside_register", "paper_only"),
    ),
    _row(
        name="list_letters",
        method="GET",
        path="/letters",
        summary="Letters the caller may see, by box and filter",
        response=Page[FoundLetter],
        query=LettersQuery,
        scope=_READ,
        errors=("query_too_broad",),
    ),
    _row(
        name="get_letter",
        method="GET",
        path="/letters/{letter_id}",
        summary="A letter with its files and the caller's tasks",
        response=Letter,
        scope=_READ,
        etag=True,
    ),
    _row(
        name="get_letter_tracking",
        method="GET",
        path="/letters/{letter_id}/tracking",
        summary="Where the letter is: who must handle, coordinate, follows, knows",
        response=Tracking,
        scope=_READ,
    ),
    _row(
        name="void_letter",
        method="POST",
        path="/letters/{letter_id}/void",
        summary="Void a letter registered by mistake; its number is kept",
        response=Letter,
        body=VoidLetter,
        command=True,
        etag=True,
        errors=_MOVE,
    ),
    _row(
        name="close_letter",
        method="POST",
        path="/letters/{letter_id}/close",
        summary="Close a letter with an outcome",
        response=Letter,
        body=CloseLetter,
        command=True,
        etag=True,
        errors=(*_MOVE, "open_tasks"),
    ),
    _row(
        name="decide_attendance",
        method="POST",
        path="/letters/{letter_id}/attendance",
        summary="Attend an invitation, send somebody, or decline",
        response=AttendanceResult,
        body=DecideAttendance,
        command=True,
        errors=(
            *_MOVE,
            "not_an_invitation",
            "invitation_missing",
            "outside_authority",
            "open_children",
        ),
    ),
    # ---- dispositions -----------------------------------------------------------
    _disposition(
        name="issue_disposition",
        method="POST",
        path="/letters/{letter_id}/dispositions",
        summary="Pass a letter on to offices, each with a role; or prepare it",
        body=IssueDisposition,
        status=201,
    ),
    _row(
        name="suggest_disposition",
        method="GET",
        path="/letters/{letter_id}/disposition-suggestion",
        summary="What this office usually does with such letters",
        response=DispositionSuggestion,
        tag="dispositions",
    ),
    _row(
        name="list_dispositions",
        method="GET",
        path="/dispositions",
        summary="Dispositions prepared for the caller's positions",
        response=Page[Disposition],
        query=DispositionsQuery,
        tag="dispositions",
    ),
    _disposition(
        name="confirm_disposition",
        method="POST",
        path="/dispositions/{disposition_id}/confirm",
        summary="Issue a prepared disposition",
    ),
    _disposition(
        name="discard_disposition",
        method="POST",
        path="/dispositions/{disposition_id}/discard",
        summary="Discard a prepared disposition",
    ),
    # ---- tasks ------------------------------------------------------------------
    _row(
        name="list_tasks",
        method="GET",
        path="/tasks",
        summary="Tasks of the caller's positions, the most pressing first",
        response=Page[Task],
        query=TasksQuery,
        tag="tasks",
    ),
    _row(
        name="list_given_tasks",
        method="GET",
        path="/given-tasks",
        summary="Tasks the caller's positions gave, and how far each is",
        response=Page[GivenTask],
        query=GivenTasksQuery,
        tag="tasks",
    ),
    _row(
        name="get_task",
        method="GET",
        path="/tasks/{task_id}",
        summary="A task with its reports",
        response=Task,
        scope=_READ,
        etag=True,
        tag="tasks",
    ),
    _act(
        name="read_task",
        path="/tasks/{task_id}/read",
        summary="Mark a task as read",
        errors=_MOVE,
    ),
    _act(
        name="accept_task",
        path="/tasks/{task_id}/accept",
        summary="Take a task up",
        errors=_MOVE,
    ),
    _act(
        name="report_task",
        path="/tasks/{task_id}/reports",
        summary="Report on a task; a final report waits for the giver",
        body=ReportTask,
        errors=(*_MOVE, "open_children", "paper_only"),
    ),
    _act(
        name="approve_task",
        path="/tasks/{task_id}/approve",
        summary="Approve a final report",
        errors=(*_MOVE, "open_children"),
    ),
    _act(
        name="reject_task",
        path="/tasks/{task_id}/reject",
        summary="Send a final report back",
        body=GiveReason,
        errors=_MOVE,
    ),
    _act(
        name="acknowledge_task",
        path="/tasks/{task_id}/acknowledge",
        summary="Take note; completes what informs or coordinates",
        errors=(*_MOVE, "open_children"),
    ),
    _act(
        name="return_task",
        path="/tasks/{task_id}/return",
        summary="Give a task back: not for this office",
        body=GiveReason,
        errors=(*_MOVE, "open_children"),
    ),
    _act(
        name="withdraw_task",
        path="/tasks/{task_id}/withdraw",
        summary="Take back a task nobody read yet",
        errors=(*_MOVE, "already_read"),
    ),
    _act(
        name="cancel_task",
        path="/tasks/{task_id}/cancel",
        summary="Call off a task that was read",
        body=GiveReason,
        errors=_MOVE,
    ),
    _act(
        name="change_task_due",
        path="/tasks/{task_id}/due",
        summary="Set another due time",
        body=ChangeDue,
        errors=_MOVE,
    ),
)
