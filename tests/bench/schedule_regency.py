"""A made-up regency of 500 offices for the schedule, and who asks in the measurements.

Twenty offices of the leadership, then twelve agencies of forty. Ids are hashes of
numbers, as in the letters' regency.
"""

from __future__ import annotations

from functools import cache

from chassis.organisation import Organisation
from contracts.directory import Duty, Person, Position, Snapshot, Unit, UnitKind
from tests.bench.letters_regency import actor, assignment, identity

__all__ = ["actor", "identity"]

LEADERS, AGENCIES, SIZE = 20, 12, 40
OFFICES = LEADERS + AGENCIES * SIZE
REGENT, PROTOCOL = 0, 6
_TOP = (
    (Duty.HEAD, 1),
    (Duty.DEPUTY, 1),
    (Duty.SECRETARY, 2),
    *(((Duty.ASSISTANT, 3),) * 3),
    (Duty.PROTOCOL, 6),
    (Duty.REGISTRAR, 6),
    *(((Duty.ADVISER, 4),) * (LEADERS - 8)),
)


def unit_of(office: int) -> int:
    """0 is the leadership, 1 to 12 the agencies."""
    return 0 if office < LEADERS else (office - LEADERS) // SIZE + 1


def offices_of(unit: int) -> range:
    if unit == 0:
        return range(LEADERS)
    first = LEADERS + (unit - 1) * SIZE
    return range(first, first + SIZE)


def head_of(unit: int) -> int:
    return offices_of(unit)[0]


def registrar_of(unit: int) -> int:
    """Who keeps the time of everybody in an agency."""
    return offices_of(unit)[2]


def staff_of(unit: int) -> int:
    return offices_of(unit)[30]


@cache
def snapshot() -> Snapshot:
    """What the directory would answer to a service without any copy."""
    numbers = range(OFFICES)
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


@cache
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
    unit = unit_of(number)
    duty, level, above = _place(number, unit)
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


def _place(number: int, unit: int) -> tuple[Duty, int, int | None]:
    """Duty, level, the office above."""
    if unit == 0:
        duty, level = _TOP[number]
        return duty, level, None if number == REGENT else REGENT
    head, place = head_of(unit), number - head_of(unit)
    if place == 0:
        return Duty.HEAD, 3 + unit % 2, 2
    if place <= 2:
        return (Duty.SECRETARY if place == 1 else Duty.REGISTRAR), 5, head
    if place <= 6:
        return Duty.DIVISION_HEAD, 5, head
    return Duty.STAFF, 7, head + 3 + place % 4
