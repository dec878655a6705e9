"""HTTP rows of letters: redirect, re-open, remind, hand over the paper."""

from __future__ import annotations

from functools import partial

from contracts.letters import Letter, Task
from contracts.letters.dispositions import (
    AcknowledgedTasks,
    AcknowledgeTasks,
    Handover,
    HandOverPaper,
    Handovers,
    RedirectLetter,
    RemindTask,
    ReopenLetter,
    SignReceipt,
)
from gateway.api.v1.operation import Operation

_row = partial(Operation, service="letters", tag="letters")
_command = partial(_row, method="POST", command=True)
_MOVE = ("position_not_held", "illegal_transition")

OPERATIONS: tuple[Operation, ...] = (
    _command(
        name="redirect_letter",
        path="/letters/{letter_id}/redirect",
        summary="Send a letter that went to the wrong office to the right one",
        response=Letter,
        body=RedirectLetter,
        etag=True,
        errors=(*_MOVE, "branch_begun", "outside_register"),
    ),
    _command(
        name="reopen_letter",
        path="/letters/{letter_id}/reopen",
        summary="Re-open a completed or closed letter; it has to be handled again",
        response=Letter,
        body=ReopenLetter,
        etag=True,
        errors=_MOVE,
    ),
    _command(
        name="acknowledge_tasks",
        path="/tasks/acknowledge",
        summary="Take note of up to 100 tasks; a result each",
        response=AcknowledgedTasks,
        body=AcknowledgeTasks,
        tag="tasks",
    ),
    _command(
        name="remind_task",
        path="/tasks/{task_id}/remind",
        summary="Remind who has a task the caller gave; once a day",
        response=Task,
        body=RemindTask,
        etag=True,
        tag="tasks",
        errors=(*_MOVE, "already_reminded"),
    ),
    _command(
        name="hand_over_paper",
        path="/letters/{letter_id}/handovers",
        summary="Hand the paper of a letter over to another office",
        response=Handover,
        body=HandOverPaper,
        status=201,
        errors=("position_not_held", "no_paper", "paper_on_the_way"),
    ),
    _command(
        name="sign_receipt",
        path="/letters/{letter_id}/handovers/{handover_id}/receipt",
        summary="Sign for the paper, or say that it did not come",
        response=Handover,
        body=SignReceipt,
        errors=_MOVE,
    ),
    _row(
        name="list_handovers",
        method="GET",
        path="/letters/{letter_id}/handovers",
        summary="The way of the paper from office to office",
        response=Handovers,
    ),
)
