"""Rooms and vehicles: who keeps them, and their form as the API wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import faults, opening, words
from gateway.portal.forms import Problem
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

ERROR_FIELDS = {
    "/code": "kode",
    "/name": "nama",
    "/kind": "jenis",
    "/unit_id": "unit",
    "/capacity": "kapasitas",
    "/place": "tempat",
    "/bookable_hours": "jam-1",
}


def keeps(visitor: Visitor, known: Offices, unit_id: str) -> bool:
    """Head, secretary or registrar of the unit; the service decides in the end."""
    acting, unit = visitor.acting or {}, known.units.get(unit_id)
    if unit is None or "prepare" not in acting.get("rights", ()):
        return False
    duty, own = acting.get("duty"), acting.get("unit_id")
    if duty == "registrar":
        mine = known.units.get(str(own)) or {}
        return bool(mine.get("register_unit_id") == unit["register_unit_id"])
    return duty in ("head", "secretary") and own == unit_id


def kept_units(visitor: Visitor, known: Offices) -> list[Row]:
    """Units whose rooms and vehicles the visitor may enter, by name."""
    found = [unit for key, unit in known.units.items() if keeps(visitor, known, key)]
    return sorted(found, key=lambda unit: str(unit["name"]))


def by_unit(rows: Iterable[Row], known: Offices) -> list[tuple[str, list[Row]]]:
    """Name of a unit and its rooms and vehicles, in order of the names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        unit = known.units.get(row["unit_id"]) or {"name": "Unit lama"}
        groups.setdefault(unit["name"], []).append(row)
    return sorted(groups.items())


def filled(row: Row) -> dict[str, str]:
    """The form of what is stored."""
    fields = {
        "kode": row["code"],
        "nama": row["name"],
        "jenis": row["kind"],
        "unit": row["unit_id"],
        "kapasitas": str(row["capacity"] or ""),
        "tempat": row["place"] or "",
        "aktif": "ya" if row["active"] else "",
        "setuju": "ya" if row["needs_approval"] else "",
        "versi": str(row["version"]),
    }
    return {**fields, **opening.lines_of(row["bookable_hours"])}


def body_of(fields: Mapping[str, str]) -> tuple[Row, list[Problem]]:
    """For ``create_resource`` and, without `kind`, for ``update_resource``."""
    hours, problems = opening.hours_of(fields)
    size = fields.get("kapasitas", "")
    named = [("kode", "Isi kode."), ("nama", "Isi nama."), ("unit", "Pilih unit.")]
    missing = [_problem(name, said) for name, said in named if not fields.get(name)]
    if size and not (size.isascii() and size.isdigit() and 0 < len(size) < 7):
        missing.append(_problem("kapasitas", "Tulis kapasitas dengan angka."))
        size = ""
    body = {
        "code": fields.get("kode", ""),
        "name": fields.get("nama", ""),
        "kind": fields.get("jenis", "room"),
        "unit_id": fields.get("unit", ""),
        "capacity": int(size) if size else None,
        "place": fields.get("tempat") or None,
        "active": "aktif" in fields,
        "needs_approval": "setuju" in fields,
        "bookable_hours": hours,
    }
    return body, [*missing, *problems]


def _problem(field: str, message: str) -> Problem:
    return {"field": field, "message": message}


def refusal(error: RakatError) -> str:
    """Why a room cannot be had, with what is booked, in one line."""
    booked = "; ".join(_booked(clash) for clash in error.facts.get("conflicts") or ())
    return f"Sudah terpakai: {booked}." if booked else faults.sentence(error)


def _booked(clash: Row) -> str:
    when = words.span_day(clash["starts_at"], clash["ends_at"], clock_now())
    return f"{clash['activity_title']}, {when}"
