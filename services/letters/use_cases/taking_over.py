"""An acting official takes an office over: he hears at once what waits there, in one
notification, and whose office it is hears the same at the end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from contracts import codec
from contracts.directory import AppointedCapacity, AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope
from contracts.letters import GivenWhileAway, TasksTakenOver
from services.letters.caller import Caller
from services.letters.unit_of_work import LettersUnitOfWork

_OPEN = sa.text(
    "SELECT count(*) AS open_tasks,"
    " count(*) FILTER (WHERE due_at < :now) AS overdue_tasks,"
    " count(*) FILTER (WHERE due_at < :until) AS due_while_acting"
    " FROM task WHERE position_id = :position_id AND ended_at IS NULL"
)
_GIVEN = sa.text(
    "SELECT given_by AS position_id, count(*) AS tasks, min(due_at) AS first_due_at"
    " FROM task WHERE position_id = :position_id AND ended_at IS NULL"
    " AND state <> 'reported' AND given_by IS NOT NULL"
    " AND due_at >= :now AND due_at < :until GROUP BY given_by ORDER BY given_by"
)

Change = AssignmentStarted | AssignmentEnded


def read(envelope: Envelope) -> Change:
    if envelope.type == AssignmentStarted.type:
        return codec.load(AssignmentStarted, envelope.data)
    return codec.load(AssignmentEnded, envelope.data)


def tell_taken_over(uow: LettersUnitOfWork, caller: Caller, event: Change) -> None:
    """Tasks belong to offices, so nothing moves; of an office without open tasks
    nothing is told, nor of a definitive holder, who is no stand-in."""
    if event.capacity is AppointedCapacity.DEFINITIVE:
        return
    position_id = event.position.position_id
    until = event.ends_at or caller.now
    values = {"position_id": position_id, "now": caller.now, "until": until}
    counted = uow.session.execute(_OPEN, values).mappings().one()
    if counted["open_tasks"]:
        told = TasksTakenOver(
            position_id=position_id,
            person_id=event.person.person_id,
            capacity=event.capacity.value,
            began=isinstance(event, AssignmentStarted),
            givers=_givers(uow, event, values),
            **counted,
        )
        uow.publish(told, subject=f"position/{position_id}")


def _givers(
    uow: LettersUnitOfWork, event: Change, values: dict[str, Any]
) -> tuple[GivenWhileAway, ...]:
    """They gave before anybody knew of the absence, so nothing warned them then."""
    is_away = event.capacity is AppointedCapacity.PLH
    if not is_away or not isinstance(event, AssignmentStarted):
        return ()
    rows = uow.session.execute(_GIVEN, values).mappings()
    return tuple(GivenWhileAway(**row) for row in rows)
