"""What the organisation index answers with, and the small walks it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from contracts.directory import AppointedCapacity, Assignment, Capacity, Right

ALL_RIGHTS = frozenset(Right)
_INCLUDED = {
    Right.READ: {Right.READ},
    Right.PREPARE: {Right.READ, Right.PREPARE},
    Right.ACT: set(Right),
}

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Held:
    """A position somebody may use now, by his own assignment or by delegation."""

    position_id: UUID
    capacity: Capacity
    primary: bool
    rights: frozenset[Right]
    include_secret: bool
    delegation_id: UUID | None
    since: datetime

    @property
    def own(self) -> bool:
        return self.delegation_id is None


@dataclass(frozen=True, slots=True)
class Holder:
    person_id: UUID
    name: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who sees what a position is given; holders see secret letters too."""

    person_id: UUID
    name: str
    capacity: Capacity
    rights: frozenset[Right]
    include_secret: bool


def with_included(rights: Iterable[Right]) -> frozenset[Right]:
    """The rights named and the lesser ones they include."""
    return frozenset(lesser for right in rights for lesser in _INCLUDED[Right(right)])


def seniority(row: Assignment) -> tuple[datetime, UUID]:
    return row.starts_at, row.assignment_id


def is_definitive(row: Assignment) -> bool:
    return row.capacity is AppointedCapacity.DEFINITIVE


def is_plh(row: Assignment) -> bool:
    return row.capacity is AppointedCapacity.PLH


def own_held(row: Assignment, *, primary: bool) -> Held:
    return Held(
        position_id=row.position_id,
        capacity=Capacity(row.capacity),
        primary=primary,
        rights=ALL_RIGHTS,
        include_secret=True,
        delegation_id=None,
        since=row.starts_at,
    )


def joined(first: Held | None, other: Held) -> Held:
    """Two delegations of one position: what either gives."""
    if first is None:
        return other
    return Held(
        position_id=first.position_id,
        capacity=first.capacity,
        primary=False,
        rights=first.rights | other.rights,
        include_secret=first.include_secret or other.include_secret,
        delegation_id=first.delegation_id,
        since=min(first.since, other.since),
    )


def reader_of(delegate: Holder, held: Held) -> Reader:
    return Reader(
        delegate.person_id,
        delegate.name,
        held.capacity,
        held.rights,
        held.include_secret,
    )


def grouped(
    rows: Iterable[Row], key: Callable[[Row], UUID | None]
) -> dict[UUID | None, list[Row]]:
    """The rows by what `key` says of them, order kept."""
    groups: dict[UUID | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def climb(start: UUID, upper: Callable[[UUID], UUID | None]) -> tuple[UUID, ...]:
    """The nodes above `start`, nearest first; a cycle ends the walk."""
    chain: list[UUID] = []
    here = upper(start)
    while here is not None and here != start and here not in chain:
        chain.append(here)
        here = upper(here)
    return tuple(chain)


def descend(start: UUID, lower: Callable[[UUID], Iterable[UUID]]) -> frozenset[UUID]:
    """The nodes below `start` at any depth, without itself."""
    found: set[UUID] = set()
    waiting = [start]
    while waiting:
        for key in lower(waiting.pop()):
            if key not in found and key != start:
                found.add(key)
                waiting.append(key)
    return frozenset(found)
