"""What the directory publishes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.actor import PersonRef, PositionRef
from contracts.directory.codes import AppointedCapacity
from contracts.directory.rows import (
    Assignment,
    Delegation,
    Person,
    Position,
    Removed,
    Unit,
)
from contracts.envelope import Event
from contracts.fields import Instant


class DirectoryChanged(Event, frozen=True, kw_only=True):
    """Internal. Published with every committed change; read copies upsert the rows
    that are newer than theirs, in whatever order events arrive."""

    type: ClassVar[str] = "directory.changed.v1"

    units: tuple[Unit, ...] = ()
    positions: tuple[Position, ...] = ()
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    removed: tuple[Removed, ...] = ()


class _AssignmentFacts(Event, frozen=True, kw_only=True):
    """`concerned_*`: who is told: the person, the position's holders, Sekda."""

    assignment_id: UUID
    person: PersonRef
    position: PositionRef
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None
    starts_at: Instant
    ends_at: Instant | None
    decree: str | None = None
    concerned_position_ids: tuple[UUID, ...] = ()
    concerned_person_ids: tuple[UUID, ...] = ()


class AssignmentStarted(_AssignmentFacts, frozen=True, kw_only=True):
    """An assignment came into force (on its date, once). Heard by notify, schedule."""

    type: ClassVar[str] = "assignment.started.v1"


class AssignmentEnded(_AssignmentFacts, frozen=True, kw_only=True):
    """An assignment is no longer in force. Heard by notify and schedule."""

    type: ClassVar[str] = "assignment.ended.v1"


class SessionRevoked(Event, frozen=True, kw_only=True):
    """Internal. A session was closed; the gateway drops it from its cache."""

    type: ClassVar[str] = "session.revoked.v1"

    session_id: UUID
    token_sha256: str


EVENTS: dict[str, type[Event]] = {
    event.type: event
    for event in (DirectoryChanged, AssignmentStarted, AssignmentEnded, SessionRevoked)
}
