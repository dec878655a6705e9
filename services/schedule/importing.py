"""Rooms and vehicles from a CSV file: code, name, kind, unit_code, capacity, place.

::

    with opener(database, clock)() as uow:
        import_resources(uow, Path("deploy/demo/resources.csv"), organisation)
        uow.commit()

Codes are the keys: a second import changes what differs and adds nothing twice.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.errors import invalid
from contracts.schedule import ResourceKind
from services.schedule import tables
from services.schedule.unit_of_work import UnitOfWork

_CHANGEABLE = ("name", "kind", "unit_id", "capacity", "place")


def import_resources(uow: UnitOfWork, source: Path, org: Organisation) -> int:
    """How many rows the file has; all of them are in the database then.

    Raises: Invalid, naming the row.
    """
    with source.open(encoding="utf-8", newline="") as lines:
        rows = list(_rows(csv.DictReader(lines), org))
    if rows:
        given = insert(tables.resource).values(rows)
        uow.session.execute(
            given.on_conflict_do_update(
                index_elements=["code"],
                set_={
                    **{name: given.excluded[name] for name in _CHANGEABLE},
                    "version": tables.resource.c.version + 1,
                },
            )
        )
    return len(rows)


def _rows(
    cells: Iterable[Mapping[str, str]], org: Organisation
) -> Iterable[dict[str, Any]]:
    units = {unit.code: unit.unit_id for unit in org.units}
    for index, row in enumerate(cells):
        if row["unit_code"] not in units:
            raise invalid(f"/{index}/unit_code", "Unit ini tidak dikenal")
        yield {
            "resource_id": new_id(),
            "code": row["code"],
            "name": row["name"],
            "kind": ResourceKind(row["kind"]).value,
            "unit_id": units[row["unit_code"]],
            "capacity": int(row["capacity"]) if row["capacity"] else None,
            "place": row["place"] or None,
        }
