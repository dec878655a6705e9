"""Which act leads from which state to which: the whole table.

`confirm` on a confirmed activity is a second try for lines that were displaced or
blocked; without such lines it is refused (`Activity.act`).
"""

from __future__ import annotations

from enum import StrEnum

from contracts.errors import Conflict
from contracts.schedule import ActivityState

_S = ActivityState


class Act(StrEnum):
    CONFIRM = "confirm"
    CANCEL = "cancel"
    POSTPONE = "postpone"
    COMPLETE = "complete"
    UPDATE = "update"
    RESPOND = "respond"
    RECORD = "record"


TABLE: dict[ActivityState, dict[Act, ActivityState]] = {
    _S.PROPOSED: {
        Act.CONFIRM: _S.CONFIRMED,
        Act.CANCEL: _S.CANCELLED,
        Act.POSTPONE: _S.POSTPONED,
        Act.UPDATE: _S.PROPOSED,
        Act.RESPOND: _S.PROPOSED,
    },
    _S.TENTATIVE: {
        Act.CONFIRM: _S.CONFIRMED,
        Act.CANCEL: _S.CANCELLED,
        Act.POSTPONE: _S.POSTPONED,
        Act.UPDATE: _S.TENTATIVE,
        Act.RESPOND: _S.TENTATIVE,
    },
    _S.CONFIRMED: {
        Act.CONFIRM: _S.CONFIRMED,
        Act.CANCEL: _S.CANCELLED,
        Act.POSTPONE: _S.POSTPONED,
        Act.COMPLETE: _S.COMPLETED,
        Act.UPDATE: _S.CONFIRMED,
        Act.RESPOND: _S.CONFIRMED,
        Act.RECORD: _S.CONFIRMED,
    },
    _S.POSTPONED: {
        Act.CONFIRM: _S.CONFIRMED,
        Act.CANCEL: _S.CANCELLED,
        Act.UPDATE: _S.POSTPONED,
    },
    _S.COMPLETED: {Act.RECORD: _S.COMPLETED},
    _S.CANCELLED: {},
}

LIVE = frozenset({_S.PROPOSED, _S.TENTATIVE, _S.CONFIRMED, _S.COMPLETED})
"""States in which lines lie on the schedule at all."""

OPEN = LIVE - {_S.COMPLETED}
"""Of these, the states of what is still to come."""


def next_state(state: ActivityState, act: Act) -> ActivityState:
    """Raises: Conflict ``illegal_transition`` with `state`."""
    following = TABLE[state].get(act)
    if following is None:
        raise Conflict("illegal_transition", state=state.value)
    return following
