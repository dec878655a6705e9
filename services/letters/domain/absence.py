"""A due time in the recipient's absence: somebody else will have to keep it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.letters import Notice, PersonHolding
from services.letters.domain.task import Task


def warnings_of(org: Organisation, tasks: Iterable[Task]) -> Iterator[Notice]:
    """A notice for each task that falls due while a Plh is appointed."""
    for task in tasks:
        if task.due_at is not None:
            yield from _absence(org, task.position_id, task.due_at)


def expected(
    org: Organisation, position_ids: Iterable[UUID], at: datetime
) -> list[Notice]:
    """Of those a task may be given to, who will be away when it falls due."""
    return [notice for one in position_ids for notice in _absence(org, one, at)]


def _absence(org: Organisation, position_id: UUID, at: datetime) -> Iterator[Notice]:
    row = org.stand_in(position_id, at)
    if row is not None:
        person = org.person(row.person_id)
        yield Notice(
            code="recipient_absent",
            position_id=position_id,
            from_=row.starts_at,
            until=row.ends_at,
            acting=PersonHolding(
                person_id=row.person_id,
                name=person.name if person else "",
                capacity=row.capacity.value,
            ),
        )
