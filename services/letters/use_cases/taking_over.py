"""An acting official takes an office over: he hears at once what waits there, in one
notification, and whose office it is hears the same at the end."""

from __future__ import annotations

import sqlalchemy as sa

from contracts import codec
from contracts.directory import AppointedCapacity, AssignmentEnded, AssignmentStarted
from contracts.envelope import Envelope
from contracts.letters import TasksTakenOver
from services.letters.caller import Caller
from services.letters.unit_of_work import LettersUnitOfWork

_OPEN = sa.text(
    "SELECT count(*) AS open_tasks,"
    " count(*) FILTER (WHERE due_at < :now) AS overdue_tasks,"
    " count(*) FILTER (WHERE due_at < :until) AS due_while_acting"
    " FROM task WHERE position_id = :position_id AND ended_at IS NULL"
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
            **counted,
        )
        uow.publish(told, subject=f"position/{position_id}")
