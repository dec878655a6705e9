"""An answer to an invitation may be given again: people fall ill, hours come free.

What was answered stands in the trail; the last word of an office counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.letters import Action, Attendance, Invitation

ANSWERS = (Action.ATTENDANCE_DECIDED, Action.ACTIVITY_CANCELLED)
"""Actions of the trail that `standing` reads."""


@dataclass(frozen=True)
class Answer:
    """`off`: the activity was called off since, so the same may be said again."""

    decision: Attendance
    represented_by: UUID | None = None
    off: bool = False

    def says(self, other: Answer) -> bool:
        mine = (self.decision, self.represented_by)
        return mine == (other.decision, other.represented_by)


def standing(
    lines: Iterable[tuple[Action, Mapping[str, Any]]], position_id: UUID
) -> Answer | None:
    """The last answer of an office, from lines of the trail in their order."""
    answer: Answer | None = None
    for action, detail in lines:
        if action is Action.ACTIVITY_CANCELLED:
            answer = answer and Answer(answer.decision, answer.represented_by, True)
        elif detail["position_id"] == str(position_id):
            sent = detail["represented_by"]
            decision = Attendance(detail["decision"])
            answer = Answer(decision, UUID(sent) if sent else None)
    return answer


def may_answer_again(
    before: Answer | None,
    new: Answer,
    invitation: Mapping[str, Any] | None,
    now: datetime,
) -> bool:
    """Something else, or the same of what was called off; about time to come."""
    if before is None:
        return False
    if before.off:
        return True
    return not before.says(new) and is_ahead(invitation, now)


def is_ahead(invitation: Mapping[str, Any] | None, now: datetime) -> bool:
    if invitation is None:
        return False
    when = msgspec.convert(invitation, Invitation)
    return (when.ends_at or when.starts_at) > now
