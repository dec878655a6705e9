"""Bodies, queries and answers of the directory's endpoints."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.actor import PersonRef, PositionRef
from contracts.directory.codes import (
    AppointedCapacity,
    Capacity,
    Duty,
    Right,
    UnitKind,
)
from contracts.directory.rows import Assignment, Delegation, Position
from contracts.fields import Line, Request, SearchText
from contracts.paging import ListQuery


class HolderRef(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    name: str
    capacity: Capacity


class PositionWithHolders(Position, frozen=True, kw_only=True):
    """`holder`: the acting official if any, else the definitive, else null."""

    holder: HolderRef | None
    holders: tuple[HolderRef, ...]


class HeldPosition(msgspec.Struct, frozen=True, kw_only=True):
    position_id: UUID
    code: str
    title: str
    capacity: Capacity


class PersonWithPositions(msgspec.Struct, frozen=True, kw_only=True):
    """For administrators; `nip` is masked."""

    person_id: UUID
    name: str
    nip: str | None
    username: str | None
    positions: tuple[HeldPosition, ...]


class ListUnits(ListQuery, forbid_unknown_fields=True, kw_only=True):
    parent_id: UUID | None = None
    kind: UnitKind | None = None
    q: SearchText | None = None


class ListPositions(ListQuery, forbid_unknown_fields=True, kw_only=True):
    unit_id: UUID | None = None
    duty: Duty | None = None
    code: SearchText | None = None
    q: SearchText | None = None


class ListPeople(ListQuery, forbid_unknown_fields=True, kw_only=True):
    q: SearchText | None = None


class ListAssignments(ListQuery, forbid_unknown_fields=True, kw_only=True):
    position_id: UUID | None = None
    person_id: UUID | None = None


DateOrInstant = Annotated[
    str,
    msgspec.Meta(
        max_length=40,
        pattern=r"^\d{4}-\d{2}-\d{2}",
        description="A date (2026-11-24) or an instant with offset (RFC 3339)",
    ),
]


class AssignmentWithNames(Assignment, frozen=True, kw_only=True):
    """What the endpoints answer; `active`: in force at this moment."""

    person: PersonRef
    position: PositionRef
    active: bool


class DelegationWithNames(Delegation, frozen=True, kw_only=True):
    to_position: PositionRef
    active: bool


class CreateAssignment(Request, forbid_unknown_fields=True, kw_only=True):
    person_id: UUID
    position_id: UUID
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None = None
    decree: Line | None = None


class EndAssignment(Request, forbid_unknown_fields=True, kw_only=True):
    """Exactly one of the two; `ends_on` is the last day in office."""

    ends_on: date | None = None
    immediately: bool = False


class CreateDelegation(Request, forbid_unknown_fields=True, kw_only=True):
    """`from` and `until` are instants (RFC 3339) or dates, `until` inclusive then."""

    to_position_id: UUID
    rights: Annotated[list[Right], msgspec.Meta(min_length=1, max_length=3)]
    starts: DateOrInstant | None = msgspec.field(name="from", default=None)
    until: DateOrInstant | None = None
    include_secret: bool = False
