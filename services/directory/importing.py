"""The organisation from CSV files: first a plan, then one transaction.

Codes are the keys: what is there and equal stays, what differs is updated, nothing is
removed. For every position that has none yet, one person, one definitive assignment
and one account are made, named by the office (facts of people come from elsewhere);
aides may read and prepare for whom they serve. A second run changes nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec

from chassis.ids import new_id
from chassis.organisation import Organisation, with_included
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
from services.directory import passwords, snapshots
from services.directory.domain.appointments import day_of, midnight
from services.directory.officials import put_officials
from services.directory.unit_of_work import DirectoryUnitOfWork

#: Everybody of an imported organisation is in office since.
IN_OFFICE_SINCE = date(2026, 1, 1)

Cells = Mapping[str, str]


@dataclass
class Plan:
    """What an import would write; empty when everything is there already."""

    units: list[Unit] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    unmanned: list[Position] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.units or self.positions or self.unmanned)


@dataclass(frozen=True)
class Imported:
    """How many rows an import wrote."""

    units: int
    positions: int
    people: int


def import_organisation(
    uow: DirectoryUnitOfWork,
    units_csv: Path,
    positions_csv: Path,
    *,
    password: str,
    officials_csv: Path | None = None,
    demo: bool = True,
    since: date = IN_OFFICE_SINCE,
) -> Imported:
    """Bring the directory to what the files say; the caller commits.

    `officials_csv`: numbers and ranks of the holders that are made by this run.
    """
    version = uow.next_version()
    org = snapshots.organisation(uow.session)
    manned = set(uow.accounts.usernames())
    plan = plan_import(
        org, read_rows(units_csv), read_rows(positions_csv), manned, version
    )
    uow.offices.put_units(plan.units)
    uow.offices.put_positions(plan.positions)
    uow.changed(*plan.units, *plan.positions)
    if plan.unmanned:
        password_hash = passwords.hash_password(password)
        people = _man(uow, plan.unmanned, password_hash, demo, since, version)
        rows = read_rows(officials_csv) if officials_csv else []
        put_officials(uow, rows, people, day_of(uow.clock()), version)
    return Imported(len(plan.units), len(plan.positions), len(plan.unmanned))


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


# ---- the plan --------------------------------------------------------------------


def plan_import(
    org: Organisation,
    unit_rows: Iterable[Cells],
    position_rows: Iterable[Cells],
    manned: set[str],
    version: int,
    make_id: Callable[[], UUID] = new_id,
) -> Plan:
    """What differs from `org`. Raises: KeyError for a code that nobody defines."""
    unit_rows, position_rows = list(unit_rows), list(position_rows)
    unit_ids = {unit.code: unit.unit_id for unit in org.units}
    position_ids = {row.code: row.position_id for row in org.positions}
    for cells in unit_rows:
        unit_ids.setdefault(cells["code"], make_id())
    for cells in position_rows:
        position_ids.setdefault(cells["code"], make_id())
    units = [_unit(cells, unit_ids, version) for cells in unit_rows]
    positions = [
        _position(cells, unit_ids, position_ids, version) for cells in position_rows
    ]
    return Plan(
        units=[row for row in units if _differs(row, org.unit(row.unit_id))],
        positions=[
            row for row in positions if _differs(row, org.position(row.position_id))
        ],
        unmanned=[row for row in positions if row.code not in manned],
    )


def _unit(cells: Cells, ids: Mapping[str, UUID], version: int) -> Unit:
    return Unit(
        unit_id=ids[cells["code"]],
        code=cells["code"],
        name=cells["name"],
        short_name=cells["short_name"],
        kind=UnitKind(cells["kind"]),
        parent_id=ids[cells["parent_code"]] if cells["parent_code"] else None,
        register_unit_id=ids[cells["register_unit_code"]],
        version=version,
    )


def _position(
    cells: Cells,
    unit_ids: Mapping[str, UUID],
    position_ids: Mapping[str, UUID],
    version: int,
) -> Position:
    superior = cells["reports_to"]
    return Position(
        position_id=position_ids[cells["code"]],
        code=cells["code"],
        title=cells["title"],
        short_title=cells["short_title"],
        unit_id=unit_ids[cells["unit_code"]],
        level=int(cells["level"]),
        duty=Duty(cells["duty"]),
        reports_to=position_ids[superior] if superior else None,
        version=version,
    )


def _differs(wanted: Unit | Position, present: Unit | Position | None) -> bool:
    return present is None or _facts(wanted) != _facts(present)


def _facts(row: Unit | Position) -> dict[str, object]:
    facts = msgspec.structs.asdict(row)
    return {key: facts[key] for key in facts if key not in ("version", "unit_name")}


# ---- people, their offices and accounts -------------------------------------------


def _man(
    uow: DirectoryUnitOfWork,
    unmanned: list[Position],
    password_hash: str,
    demo: bool,
    since: date,
    version: int,
) -> dict[str, UUID]:
    """Who holds which office now, by its code."""
    made = [(position, _person(position, version)) for position in unmanned]
    uow.offices.put_people([person for _, person in made])
    for position, person in made:
        row = _assignment(position, person, since, version)
        uow.assignments.add(row, announced_at=row.starts_at)
        uow.accounts.add(
            account_id=new_id(),
            person_id=person.person_id,
            username=position.code,
            password_hash=password_hash,
            demo=demo,
        )
        uow.changed(person, row)
    holders = {position.position_id: person.person_id for position, person in made}
    for position, _ in made:
        if position.duty is Duty.AIDE and position.reports_to in holders:
            lent = _to_aide(position, holders[position.reports_to], since, version)
            uow.delegations.add(lent)
            uow.changed(lent)
    return {position.code: person.person_id for position, person in made}


def _person(position: Position, version: int) -> Person:
    return Person(
        person_id=new_id(),
        name=f"Pemegang Jabatan {position.short_title}",
        version=version,
    )


def _assignment(
    position: Position, person: Person, since: date, version: int
) -> Assignment:
    return Assignment(
        assignment_id=new_id(),
        person_id=person.person_id,
        position_id=position.position_id,
        capacity=AppointedCapacity.DEFINITIVE,
        starts_on=since,
        ends_on=None,
        starts_at=midnight(since),
        ends_at=None,
        version=version,
    )


def _to_aide(aide: Position, giver: UUID, since: date, version: int) -> Delegation:
    if aide.reports_to is None:
        raise ValueError(aide.code)
    granted = with_included([Right.PREPARE])
    return Delegation(
        delegation_id=new_id(),
        position_id=aide.reports_to,
        to_position_id=aide.position_id,
        rights=tuple(right for right in Right if right in granted),
        starts_at=midnight(since),
        ends_at=None,
        include_secret=False,
        given_by=giver,
        version=version,
    )
