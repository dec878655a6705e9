"""The moves a task may make, as data; one function applies them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.errors import Conflict
from contracts.letters import Role, TaskState
from services.letters.domain.task import BLOCKING, OPEN, Task

_S = TaskState


class Act(StrEnum):
    READ = "read"
    ACCEPT = "accept"
    DISPOSE = "dispose"
    REPORT = "report"
    FINISH = "finish"  # a final report
    ACKNOWLEDGE = "acknowledge"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    CHANGE_DUE = "change_due"
    REMIND = "remind"
    COMPLETE = "complete"  # by itself
    END = "end"  # with its letter or its parent


@dataclass(frozen=True)
class Move:
    """From any of `sources` to `target` (None: stays), after the acts it includes."""

    sources: frozenset[TaskState]
    target: TaskState | None
    roles: frozenset[Role] = frozenset(Role)
    includes: tuple[Act, ...] = ()


_AT_WORK = frozenset({_S.SENT, _S.READ, _S.IN_PROGRESS})
_TAKEN_UP = (Act.READ, Act.ACCEPT)

MOVES: dict[Act, Move] = {
    Act.READ: Move(frozenset({_S.SENT}), _S.READ),
    Act.ACCEPT: Move(
        frozenset({_S.SENT, _S.READ}), _S.IN_PROGRESS, BLOCKING, (Act.READ,)
    ),
    Act.DISPOSE: Move(_AT_WORK, None, includes=_TAKEN_UP),
    Act.REPORT: Move(_AT_WORK, None, BLOCKING, _TAKEN_UP),
    Act.FINISH: Move(_AT_WORK, _S.REPORTED, BLOCKING, _TAKEN_UP),
    Act.ACKNOWLEDGE: Move(
        _AT_WORK,
        _S.COMPLETED,
        frozenset({Role.COORDINATE, Role.INFORM}),
        (Act.READ,),
    ),
    Act.RETURN: Move(_AT_WORK, _S.RETURNED, includes=(Act.READ,)),
    Act.APPROVE: Move(frozenset({_S.REPORTED}), _S.COMPLETED),
    Act.REJECT: Move(frozenset({_S.REPORTED}), _S.IN_PROGRESS),
    Act.WITHDRAW: Move(frozenset({_S.SENT}), _S.WITHDRAWN),
    Act.CANCEL: Move(frozenset({_S.READ, _S.IN_PROGRESS, _S.REPORTED}), _S.CANCELLED),
    Act.CHANGE_DUE: Move(OPEN, None, BLOCKING),
    Act.REMIND: Move(_AT_WORK, None),
    Act.COMPLETE: Move(OPEN, _S.COMPLETED, BLOCKING),
    Act.END: Move(OPEN, _S.CANCELLED),
}


def allows(act: Act, task: Task) -> bool:
    move = MOVES[act]
    return task.state in move.sources and task.role in move.roles


def require(act: Act, task: Task) -> None:
    """Raises: Conflict ``already_read`` (a late withdrawal), ``illegal_transition``."""
    if allows(act, task):
        return
    late = act is Act.WITHDRAW and task.is_open
    code = "already_read" if late else "illegal_transition"
    raise Conflict(code, state=task.state.value)


def perform(act: Act, task: Task, now: datetime) -> tuple[Act, ...]:
    """Move the task; the acts done, in order: the included ones, then `act`."""
    require(act, task)
    done = []
    for step in (*MOVES[act].includes, act):
        if step is act or allows(step, task):
            target = MOVES[step].target
            if target is not None:
                task.enter(target, now)
            done.append(step)
    return tuple(done)
