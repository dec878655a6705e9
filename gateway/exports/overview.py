"""The leader's overview as a table: a row for each unit, then all letters once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.exports.columns import day

Row = dict[str, Any]

HEADS = (
    *("Unit", "Nama singkat", "Berjalan", "Terlambat", "Belum dibaca > 1 hari"),
    *("Masuk", "Median selesai (jam)", "Masuk dari", "Masuk sampai"),
)
_COUNTS = ("running", "overdue", "unread", "received")


def rows(found: Row) -> Iterator[list[str | int]]:
    period = [day(found["from"]), day(found["to"])]
    for unit in found["units"]:
        names = [unit["name"], unit["short_name"]]
        yield [*names, *_counts(unit), _hours(unit["median_hours"]), *period]
    whole = {row["step"]: row["median_hours"] for row in found["steps"]}
    median = _hours(whole.get("registered_completed"))
    yield ["Seluruhnya, tiap surat sekali", "", *_counts(found), median, *period]


def _counts(row: Row) -> list[int]:
    return [row[name] for name in _COUNTS]


def _hours(value: float | None) -> str:
    """With the comma a spreadsheet set to Indonesian reads as a number."""
    return "" if value is None else f"{value:g}".replace(".", ",")
