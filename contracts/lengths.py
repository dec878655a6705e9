"""How long an activity "until finished" is held for, by its kind: data of the regency."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from contracts.schedule import ActivityKind

DEMO = Path(__file__).parents[1] / "deploy" / "demo" / "activity_kinds.csv"
LONGEST_MINUTES = 24 * 60
DEFAULT = timedelta(hours=3)
Lengths = Mapping[ActivityKind, timedelta | None]
"""None: until the local day ends. A kind that is not named is held for `DEFAULT`."""


def read(path: Path) -> Lengths:
    """Of a CSV file with the columns kind and assumed_minutes.

    Raises: ValueError, naming the line.
    """
    found: dict[ActivityKind, timedelta | None] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        if not {"kind", "assumed_minutes"} <= set(table.fieldnames or ()):
            raise ValueError(f"{path.name}: kolom kind dan assumed_minutes harus ada")
        for row in table:
            try:
                kind, length = _row(row)
            except ValueError as error:
                where = f"{path.name}, baris {table.line_num}"
                raise ValueError(f"{where}: {error}") from error
            found[kind] = length
    return found


def _row(row: Mapping[str, str | None]) -> tuple[ActivityKind, timedelta | None]:
    kind = ActivityKind((row["kind"] or "").strip())
    text = (row["assumed_minutes"] or "").strip()
    if not text:
        return kind, None
    minutes = int(text)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise ValueError(f"assumed_minutes antara 1 dan {LONGEST_MINUTES}")
    return kind, timedelta(minutes=minutes)


_current: list[Lengths] = []


def use(lengths: Lengths) -> None:
    """From now on in this process; what is stored already keeps its time."""
    _current[:] = [lengths]


def current() -> Lengths:
    """The ones in use; until some are given, those of the demo's file."""
    if not _current:
        use(read(DEMO) if DEMO.exists() else {})
    return _current[0]


def assumed(kind: ActivityKind) -> timedelta | None:
    return current().get(kind, DEFAULT)
