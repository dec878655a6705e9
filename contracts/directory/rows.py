"""The rows that every service keeps in its read copy, and the snapshot of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.directory.codes import (
    AppointedCapacity,
    Duty,
    Right,
    RowKind,
    UnitKind,
)
from contracts.fields import Instant


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """An agency (SKPD) or a part of one; `register_unit_id`: whose register its
    letters go to."""

    unit_id: UUID
    code: str
    name: str
    short_name: str
    kind: UnitKind
    parent_id: UUID | None
    register_unit_id: UUID
    version: int


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """An office (*jabatan*) in the tree of authority by `reports_to`.

    `unit_name` is filled by the index and by answers, not by rows.
    """

    position_id: UUID
    code: str
    title: str
    short_title: str
    unit_id: UUID
    unit_name: str = ""
    level: int
    duty: Duty
    reports_to: UUID | None
    version: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Copies know the name only; the NIP stays in the directory."""

    person_id: UUID
    name: str
    version: int


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A person holds a position. Dates are the decree's (`ends_on` inclusive); the
    instants are when it is really in force, half-open, and decide."""

    assignment_id: UUID
    person_id: UUID
    position_id: UUID
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None
    starts_at: Instant
    ends_at: Instant | None
    decree: str | None = None
    version: int

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """A holder lets whoever holds another position read, prepare or act for him.

    It lapses when its giver no longer holds the position; it grants what it names
    (`rights` holds the included lesser ones too).
    """

    delegation_id: UUID
    position_id: UUID
    to_position_id: UUID
    rights: tuple[Right, ...]
    starts_at: Instant = msgspec.field(name="from")
    ends_at: Instant | None = msgspec.field(name="until")
    include_secret: bool
    given_by: UUID  # person
    version: int

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A tombstone: the row `row_id` is gone as of `version`."""

    kind: RowKind
    row_id: UUID
    version: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``snapshot(since)``: every row changed after revision `since`.

    Versions are handed out in commit order, so nothing older can still appear.
    """

    revision: int
    units: tuple[Unit, ...] = ()
    positions: tuple[Position, ...] = ()
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    removed: tuple[Removed, ...] = ()
