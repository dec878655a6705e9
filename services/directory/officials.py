"""Numbers and ranks of an imported organisation's first holders, from a CSV file.

Columns ``position_code,nip,grade``; the last two may be empty. Apart from the offices,
because the file is personal data and the organisation is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.directory import Grade
from services.directory.domain.people import civil_number
from services.directory.unit_of_work import DirectoryUnitOfWork


def put_officials(
    uow: DirectoryUnitOfWork,
    rows: Iterable[Mapping[str, str]],
    people: Mapping[str, UUID],
    today: date,
    version: int,
) -> int:
    """Of those in `people` (by code of their office); how many were written.

    Raises: Invalid, ValueError for what is no number or no rank.
    """
    wanted = [row for row in rows if row["position_code"] in people]
    for row in wanted:
        facts = _facts(row, today)
        uow.offices.put_facts(people[row["position_code"]], facts, version)
    return len(wanted)


def _facts(row: Mapping[str, str], today: date) -> dict[str, Any]:
    return {
        "nip": civil_number(row["nip"], today) if row["nip"] else None,
        "grade": Grade(row["grade"]).value if row["grade"] else None,
    }
