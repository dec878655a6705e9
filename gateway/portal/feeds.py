"""The form of a calendar feed as a value: whose calendar, and how much it tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from gateway.portal import labels
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

MOST_FOUND = 20
ERROR_FIELDS = {
    "/position_id": "untuk",
    "/unit_id": "untuk",
    "/resource_id": "untuk",
    "/detail": "rincian",
}
_KINDS = {"jabatan": "position_id", "unit": "unit_id", "ruang": "resource_id"}


@dataclass(frozen=True)
class Wish:
    """What the form holds; `target` is ``jabatan:<id>``, ``unit:<id>`` or
    ``ruang:<id>``."""

    target: str = ""
    detail: str = "full"
    needle: str = ""

    def body(self) -> Row | None:
        """For ``create_calendar_feed``; None while nothing is chosen."""
        kind, _, key = self.target.partition(":")
        if kind not in _KINDS or not key:
            return None
        return {"detail": self.detail, _KINDS[kind]: key}


class Choice(NamedTuple):
    value: str
    text: str


def wish_of(fields: Mapping[str, str]) -> Wish:
    detail = fields.get("rincian", "full")
    return Wish(
        target=fields.get("untuk", ""),
        detail=detail if detail in labels.FEED_DETAILS else "full",
        needle=fields.get("cari", "")[:100],
    )


def searched(known: Offices, wish: Wish) -> Wish:
    """With the nearest match chosen: it was looked for to be chosen."""
    rows = known.search(wish.needle) if wish.needle else []
    if rows:
        return replace(wish, target=f"jabatan:{rows[0]['position_id']}")
    units = _named(known, wish)
    return replace(wish, target=f"unit:{units[0]['unit_id']}") if units else wish


def is_found(known: Offices, wish: Wish) -> bool:
    """Whether anything has the name that is looked for."""
    return bool(wish.needle and (known.search(wish.needle) or _named(known, wish)))


def choices(
    known: Offices,
    visitor: Visitor,
    rooms: Iterable[Row],
    wish: Wish,
    units: Iterable[Row] = (),
) -> list[tuple[str, list[Choice]]]:
    """Groups of the select."""
    rooms = list(rooms)
    found = known.search(wish.needle) if wish.needle else []
    groups = [
        ("Hasil pencarian", _offices(found[:MOST_FOUND])),
        ("Jabatan Anda", _offices(visitor.positions)),
        ("Di bawah Anda", _offices(known.subordinates(visitor.position_id))),
        ("Unit", [Choice(f"unit:{row['unit_id']}", row["name"]) for row in units]),
        ("Ruang", _things(rooms, "room")),
        ("Kendaraan", _things(rooms, "vehicle")),
    ]
    return [(name, rows) for name, rows in groups if rows]


def units_of(known: Offices, visitor: Visitor, wish: Wish) -> list[Row]:
    """Those of the visitor's offices, and of the name that is looked for."""
    own = [known.units.get(held["unit_id"]) for held in visitor.positions]
    found = {unit["unit_id"]: unit for unit in [*own, *_named(known, wish)] if unit}
    return list(found.values())[:MOST_FOUND]


def _named(known: Offices, wish: Wish) -> list[Row]:
    needed = wish.needle.casefold().split()
    return [
        unit
        for unit in known.units.values()
        if needed and all(part in str(unit["name"]).casefold() for part in needed)
    ]


def _offices(rows: Iterable[Row]) -> list[Choice]:
    return [Choice(f"jabatan:{row['position_id']}", row["title"]) for row in rows]


def _things(rows: Iterable[Row], kind: str) -> list[Choice]:
    return [
        Choice(f"ruang:{row['resource_id']}", row["name"])
        for row in rows
        if row["kind"] == kind
    ]
