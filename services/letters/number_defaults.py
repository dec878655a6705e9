"""The patterns of numbers a regency starts with, from ``number_templates.csv``.

Units and signers are named by their codes; a row about an office that is not there is
left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.organisation import Organisation
from services.letters.ids import ids_at
from services.letters.unit_of_work import LettersUnitOfWork


def load(uow: LettersUnitOfWork, org: Organisation, folder: Path) -> None:
    """Replaces the templates of every unit the file names."""
    by_unit: dict[UUID | None, list[dict[str, Any]]] = {}
    for unit_id, row in _rows(org, folder):
        by_unit.setdefault(unit_id, []).append(row)
    for unit_id, rows in by_unit.items():
        ids = ids_at(uow.clock(), len(rows))
        given = (
            {**row, "template_id": key} for row, key in zip(rows, ids, strict=True)
        )
        uow.numbers.replace_templates(unit_id, given, at=uow.clock(), actor=None)


def _rows(
    org: Organisation, folder: Path
) -> Iterator[tuple[UUID | None, dict[str, Any]]]:
    units = {unit.code: unit.unit_id for unit in org.units}
    path = folder / "number_templates.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            signer = org.position_by_code(row["signer_code"])
            missing = row["signer_code"] and signer is None
            if missing or (row["unit_code"] and row["unit_code"] not in units):
                continue
            yield (
                units.get(row["unit_code"]),
                {
                    "kind": row["kind"] or None,
                    "signer_position_id": signer.position_id if signer else None,
                    "pattern": row["pattern"],
                    "series": row["series"],
                },
            )
