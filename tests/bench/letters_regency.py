"""A made-up regency of 2,000 offices, and who asks in the measurements.

One regent, one secretary, three assistants (each above a third of the agencies), sixty
agencies of 33 offices. Ids are hashes of numbers, so that SQL makes the same ones.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import Actor
from contracts.directory import (
    AppointedCapacity,
    Assignment,
    Duty,
    Person,
    Position,
    Snapshot,
    Unit,
    UnitKind,
)

AGENCIES, SIZE, FIRST = 60, 33, 6
POSITIONS = FIRST + AGENCIES * SIZE
START = datetime(2024, 1, 1, tzinfo=UTC)

# Who asks: sees nearly all; a third; one agency; a few.
REGENT, ASSISTANT, HEAD, STAFF, REGISTRAR = 0, 2, FIRST, FIRST + 10, FIRST + 2


def identity(kind: str, number: int) -> UUID:
    return UUID(hashlib.md5(f"{kind}:{number}".encode()).hexdigest())


def actor(number: int) -> Actor:
    """Whoever holds office `number`."""
    return Actor(person_id=identity("person", number), name=f"Pemegang {number}")


def snapshot() -> Snapshot:
    """What the directory would answer to a service without any copy."""
    numbers = range(POSITIONS)
    return Snapshot(
        revision=1,
        units=tuple(_unit(number) for number in range(AGENCIES + 1)),
        positions=tuple(_position(number) for number in numbers),
        people=tuple(
            Person(
                person_id=identity("person", number),
                name=f"Pemegang {number}",
                version=1,
            )
            for number in numbers
        ),
        assignments=tuple(assignment(number) for number in numbers),
    )


def organisation() -> Organisation:
    rows = snapshot()
    return Organisation(
        units=rows.units,
        positions=rows.positions,
        people=rows.people,
        assignments=rows.assignments,
        delegations=(),
    )


def _unit(number: int) -> Unit:
    return Unit(
        unit_id=identity("unit", number),
        code=f"u{number}",
        name=f"Dinas {number}" if number else "Pimpinan",
        short_name=f"D{number}",
        kind=UnitKind.AGENCY if number else UnitKind.REGENCY,
        parent_id=identity("unit", 0) if number else None,
        register_unit_id=identity("unit", number),
        version=1,
    )


def _position(number: int) -> Position:
    unit, above, level, duty = _place(number)
    return Position(
        position_id=identity("position", number),
        code=f"p{number}",
        title=f"Jabatan {number}",
        short_title=f"J{number}",
        unit_id=identity("unit", unit),
        level=level,
        duty=duty,
        reports_to=None if above is None else identity("position", above),
        version=1,
    )


def _place(number: int) -> tuple[int, int | None, int, Duty]:
    """Unit, the office above, level, duty."""
    if number < FIRST:
        top = (
            (None, 1, Duty.HEAD),
            (0, 2, Duty.SECRETARY),
            *(((1, 3, Duty.ASSISTANT),) * 3),
            (1, 6, Duty.REGISTRAR),
        )
        above, level, duty = top[number]
        return 0, above, level, duty
    unit, place = (number - FIRST) // SIZE + 1, (number - FIRST) % SIZE
    head = FIRST + (unit - 1) * SIZE
    if place == 0:
        return unit, 2 + unit % 3, 4, Duty.HEAD
    if place <= 2:
        duty = Duty.SECRETARY if place == 1 else Duty.REGISTRAR
        return unit, head, 5, duty
    if place <= 6:
        return unit, head, 5, Duty.DIVISION_HEAD
    return unit, head + 3 + place % 4, 7, Duty.STAFF


def assignment(number: int) -> Assignment:
    return Assignment(
        assignment_id=identity("assignment", number),
        person_id=identity("person", number),
        position_id=identity("position", number),
        capacity=AppointedCapacity.DEFINITIVE,
        starts_on=date(2024, 1, 1),
        ends_on=None,
        starts_at=START,
        ends_at=None,
        version=1,
    )
