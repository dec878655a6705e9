"""A small regency to ask: builders of rows for the organisation index."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from chassis.organisation import Organisation
from contracts.codec import ZONE
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

_SPACE = UUID("00000000-0000-7000-8000-000000000000")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def key(code: str) -> UUID:
    """The id of whatever is called `code` here."""
    return uuid5(_SPACE, code)


def unit(
    code: str, parent: str | None, kind: str = "agency", register: str = ""
) -> Unit:
    return Unit(
        unit_id=key(code),
        code=code,
        name=f"Unit {code}",
        short_name=code,
        kind=UnitKind(kind),
        parent_id=key(parent) if parent else None,
        register_unit_id=key(register or code),
        version=1,
    )


def position(
    code: str, unit_code: str, level: int, reports_to: str | None, duty: str = "head"
) -> Position:
    return Position(
        position_id=key(code),
        code=code,
        title=f"Jabatan {code}",
        short_title=code,
        unit_id=key(unit_code),
        level=level,
        duty=Duty(duty),
        reports_to=key(reports_to) if reports_to else None,
        version=1,
    )


def person(name: str) -> Person:
    return Person(person_id=key(name), name=name, version=1)


def assignment(
    who: str,
    where: str,
    capacity: str = "definitive",
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
) -> Assignment:
    return Assignment(
        assignment_id=key(f"{who}@{where}/{capacity}/{starts_on}"),
        person_id=key(who),
        position_id=key(where),
        capacity=AppointedCapacity(capacity),
        starts_on=starts_on,
        ends_on=ends_on,
        starts_at=midnight(starts_on),
        ends_at=midnight(ends_on + timedelta(days=1)) if ends_on else None,
        version=1,
    )


def delegation(
    given_by: str,
    of: str,
    to: str,
    *rights: str,
    include_secret: bool = False,
    until: datetime | None = None,
) -> Delegation:
    return Delegation(
        delegation_id=key(f"{of}>{to}/{rights}"),
        position_id=key(of),
        to_position_id=key(to),
        rights=tuple(Right(right) for right in rights),
        starts_at=NOW - timedelta(days=1),
        ends_at=until,
        include_secret=include_secret,
        given_by=key(given_by),
        version=1,
    )


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


UNITS = (
    unit("pemkab", None, "regency", register="setda"),
    unit("setda", "pemkab", "secretariat"),
    unit("bag.umum", "setda", "section", register="setda"),
    unit("kominfo", "pemkab"),
)
POSITIONS = (
    position("bupati", "pemkab", 1, None),
    position("wabup", "pemkab", 1, "bupati", "deputy"),
    position("sekda", "setda", 2, "bupati"),
    position("ajudan", "pemkab", 6, "bupati", "aide"),
    position("kabag", "bag.umum", 4, "sekda"),
    position("tu.setda", "setda", 6, "kabag", "registrar"),
    position("kadis", "kominfo", 3, "sekda"),
    position("sekretaris", "kominfo", 4, "kadis", "secretary"),
    position("tu.kominfo", "kominfo", 6, "sekretaris", "registrar"),
)
PEOPLE = tuple(person(name) for name in ("alice", "bob", "charlie", "dewi"))


def organisation(*rows: Assignment | Delegation) -> Organisation:
    return Organisation(
        units=UNITS,
        positions=POSITIONS,
        people=PEOPLE,
        assignments=[row for row in rows if isinstance(row, Assignment)],
        delegations=[row for row in rows if isinstance(row, Delegation)],
    )
