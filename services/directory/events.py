"""What the directory tells about an assignment, and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import PersonRef
from contracts.directory import Assignment, AssignmentEnded, AssignmentStarted
from services.directory.views_people import position_ref


def assignment_started(
    org: Organisation, row: Assignment, at: datetime
) -> AssignmentStarted:
    return AssignmentStarted(**_facts(org, row, at))


def assignment_ended(
    org: Organisation, row: Assignment, at: datetime
) -> AssignmentEnded:
    return AssignmentEnded(**_facts(org, row, at))


def _facts(org: Organisation, row: Assignment, at: datetime) -> dict[str, Any]:
    person = org.person(row.person_id)
    told = _told_positions(org, row)
    return {
        "assignment_id": row.assignment_id,
        "person": PersonRef(
            person_id=row.person_id, name=person.name if person else ""
        ),
        "position": position_ref(org, row.position_id),
        "capacity": row.capacity,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "decree": row.decree,
        "concerned_position_ids": told,
        "concerned_person_ids": _told_people(org, row, told, at),
    }


def _told_positions(org: Organisation, row: Assignment) -> tuple[UUID, ...]:
    sekda = org.sekda
    return _once([row.position_id, *([sekda.position_id] if sekda else [])])


def _told_people(
    org: Organisation, row: Assignment, positions: Iterable[UUID], at: datetime
) -> tuple[UUID, ...]:
    holders = [holder for key in positions for holder in org.holders(key, at)]
    return _once([row.person_id, *(holder.person_id for holder in holders)])


def _once(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))
