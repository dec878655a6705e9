"""The demo regency as an `Organisation`, one holder per office; ids by code."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from chassis.organisation import Organisation
from contracts.actor import Actor
from contracts.directory import (
    AppointedCapacity,
    Assignment,
    Delegation,
    Duty,
    Person,
    Position,
    Right,
    Unit,
    UnitKind,
)

SPACE = UUID("6f3c8a52-0d0e-4b7e-9a57-0c9a5b8f1d20")
DEMO = Path(__file__).parents[3] / "deploy" / "demo"
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Kandangan


def unit_id(code: str) -> UUID:
    return uuid5(SPACE, f"unit:{code}")


def position_id(code: str) -> UUID:
    return uuid5(SPACE, f"position:{code}")


def person_id(code: str) -> UUID:
    return uuid5(SPACE, f"person:{code}")


def actor(code: str, acting_as: str | None = None) -> Actor:
    """Whoever holds the office `code`."""
    return Actor(
        person_id=person_id(code),
        name=f"Pemegang {code}",
        acting_as=position_id(acting_as) if acting_as else None,
    )


@cache
def rows() -> tuple[tuple[Unit, ...], tuple[Position, ...]]:
    units = tuple(
        Unit(
            unit_id=unit_id(row["code"]),
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=UnitKind(row["kind"]),
            parent_id=unit_id(row["parent_code"]) if row["parent_code"] else None,
            register_unit_id=unit_id(row["register_unit_code"]),
            version=1,
        )
        for row in _read("units")
    )
    positions = tuple(
        Position(
            position_id=position_id(row["code"]),
            code=row["code"],
            title=row["title"],
            short_title=row["short_title"],
            unit_id=unit_id(row["unit_code"]),
            level=int(row["level"]),
            duty=Duty(row["duty"]),
            reports_to=position_id(row["reports_to"]) if row["reports_to"] else None,
            version=1,
        )
        for row in _read("positions")
    )
    return units, positions


def regency(
    *,
    vacant: Iterable[str] = (),
    also: Iterable[Assignment] = (),
    delegations: Iterable[Delegation] = (),
) -> Organisation:
    """Everybody in office but in the `vacant` ones, with more assignments if given."""
    units, positions = rows()
    empty = set(vacant)
    codes = [row.code for row in positions]
    return Organisation(
        units=units,
        positions=positions,
        people=[
            Person(person_id=person_id(code), name=f"Pemegang {code}", version=1)
            for code in codes
        ],
        assignments=[
            *(holds(code, code) for code in codes if code not in empty),
            *also,
        ],
        delegations=delegations,
    )


def holds(
    person: str,
    position: str,
    capacity: str = "definitive",
    until: datetime | None = None,
) -> Assignment:
    return Assignment(
        assignment_id=uuid5(SPACE, f"assignment:{person}:{position}"),
        person_id=person_id(person),
        position_id=position_id(position),
        capacity=AppointedCapacity(capacity),
        starts_on=date(2026, 1, 1),
        ends_on=None,
        starts_at=START,
        ends_at=until,
        version=1,
    )


def lends(
    position: str, to: str, *rights: str, include_secret: bool = False
) -> Delegation:
    return Delegation(
        delegation_id=uuid5(SPACE, f"delegation:{position}:{to}"),
        position_id=position_id(position),
        to_position_id=position_id(to),
        rights=tuple(Right(one) for one in rights),
        starts_at=START,
        ends_at=None,
        include_secret=include_secret,
        given_by=person_id(position),
        version=1,
    )


def _read(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
