"""The board: offices and rooms as rows, one day across; and the clash monitor."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.codec import ZONE
from gateway.portal import agenda, moving, rendering, status, ways_out, words
from gateway.portal.access import page
from gateway.portal.asking import Section, ask, known_offices, section
from gateway.portal.offices import Offices
from gateway.portal.views.agenda import parse_day
from gateway.portal.visitor import Visitor

PINNED_LEVEL = 2
FIRST_HOUR, LAST_HOUR = 7, 18
NOBODY: frozenset[str] = frozenset()
LEGEND = (
    ("st-conf", "Definitif", ""),
    ("st-tent", "Tentatif", ""),
    ("st-rep", "Diwakilkan", ""),
    ("st-clash", "Bentrok", "late"),
    ("st-lock", "Rincian disembunyikan", ""),
)


@page
async def board(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /jadwal?tanggal=&unit=``"""
    asked = request.query.get("tanggal")
    day = parse_day(asked) if asked else words.day_of(clock_now())
    values = await board_values(request, visitor, day)
    return rendering.render(request, visitor, "board.html", **values)


async def board_values(
    request: web.Request, visitor: Visitor, day: date, wanted: frozenset[str] = NOBODY
) -> dict[str, Any]:
    """What the board of a day shows; sheets open over the same board.

    Offices and rooms in `wanted` have a row though nothing of theirs is on.
    """
    unit_id = request.query.get("unit") or None
    rooms, known = await asyncio.gather(
        section(
            ask(request, visitor, "schedule", "list_resources", query={"limit": 200})
        ),
        known_offices(request, visitor),
    )
    busy_of = shown_anyway(known, visitor, rooms, unit_id, wanted)
    found = await section(_activities(request, visitor, day, unit_id, busy_of))
    activities = agenda.on_day(found.items, day)
    rows = rows_of(known, visitor, activities, unit_id, wanted)
    return {
        "day": day,
        "found": found,
        "offices": known,
        "unit_id": unit_id,
        "units": units_with_heads(known),
        "legend": LEGEND,
        "previous": day - timedelta(days=1),
        "following": day + timedelta(days=1),
        "lines": _lines(activities, rows, rooms),
        "board": {
            "date": day.isoformat(),
            "first": f"{_first_hour(activities, day):02}:00",
            "last": f"{_last_hour(activities, day):02}:00",
            "at": f"{_opening(activities, day):02}:00",
            "resources": row_data(rows, rooms, activities, wanted),
            "events": event_data(activities),
            "said": words.day_long(day),
        },
    }


async def _activities(
    request: web.Request,
    visitor: Visitor,
    day: date,
    unit_id: str | None,
    busy_of: list[str],
) -> Any:
    query: dict[str, Any] = {
        "from": day.isoformat(),
        "to": day.isoformat(),
        "busy_of": busy_of,
        "limit": 200,
    }
    if unit_id:
        query["unit_id"] = unit_id
    return await ask(request, visitor, "schedule", "list_activities", query=query)


def shown_anyway(
    known: Offices,
    visitor: Visitor,
    rooms: Section,
    unit_id: str | None,
    wanted: frozenset[str],
) -> list[str]:
    """Offices and rooms that have a row whatever is on: of hidden activities the
    schedule tells only whose time was asked for."""
    offices = rows_of(known, visitor, [], unit_id, wanted)
    shown = {row["position_id"] for row in offices} | wanted
    shown |= {row["resource_id"] for row in rooms.items}
    return sorted(shown)


def units_with_heads(known: Offices) -> list[dict[str, Any]]:
    """What the board can be narrowed to."""
    led = {row["unit_id"] for row in known.positions.values() if row["duty"] == "head"}
    units = [unit for unit in known.units.values() if unit["unit_id"] in led]
    return sorted(units, key=lambda unit: str(unit["name"]))


def rows_of(
    known: Offices,
    visitor: Visitor,
    activities: list[dict[str, Any]],
    unit_id: str | None,
    wanted: frozenset[str],
) -> list[dict[str, Any]]:
    """The leaders, my own office, and whoever has something that day."""
    busy = {line["position_id"] for row in activities for line in row["participants"]}
    busy |= wanted
    rows = [
        row
        for row in known.positions.values()
        if row["position_id"] in busy
        or row["position_id"] == visitor.position_id
        or (not unit_id and _is_leader(row))
        or (unit_id and row["unit_id"] == unit_id and row["duty"] == "head")
    ]
    return sorted(rows, key=lambda row: (row["level"], str(row["title"])))


def _is_leader(row: dict[str, Any]) -> bool:
    return row["level"] <= PINNED_LEVEL and row["duty"] in (
        "head",
        "deputy",
        "assistant",
    )


def row_data(
    rows: list[dict[str, Any]],
    rooms: Section,
    activities: list[dict[str, Any]],
    wanted: frozenset[str],
) -> list[dict[str, Any]]:
    """Offices, then the rooms in use and all meeting rooms."""
    used = {room_id for row in activities for room_id in row["resource_ids"]} | wanted
    shown = [
        {"id": row["position_id"], "title": row["title"], "note": _holder_note(row)}
        for row in rows
    ]
    for room in rooms.items:
        if room["resource_id"] in used or room["kind"] == "room":
            note = f"Ruang, {room['capacity']} orang" if room["capacity"] else "Sarana"
            shown.append(
                {"id": room["resource_id"], "title": room["name"], "note": note}
            )
    return shown


def _holder_note(row: dict[str, Any]) -> str:
    holder = row.get("holder")
    if holder is None:
        return "Belum ada pejabat"
    capacity = {"plt": "Dijabat Plt.", "plh": "Dijabat Plh.", "pj": "Dijabat Pj."}
    return capacity.get(holder["capacity"], "")


def event_data(activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One block per office and room; times as the board shows them, without zone."""
    offices = [
        _block(row, line["position_id"], line["position_id"])
        for row in activities
        for line in row["participants"]
    ]
    rooms = [
        _block(row, room["resource_id"], None)
        for row in activities
        for room in row["resources"]
    ]
    return offices + rooms


def _block(row: dict[str, Any], row_id: str, position_id: str | None) -> dict[str, Any]:
    mark = status.activity_mark(row, position_id)
    return {
        "row": row_id,
        "start": agenda.starts(row).strftime("%Y-%m-%d %H:%M"),
        "end": agenda.ends(row).strftime("%Y-%m-%d %H:%M"),
        "title": row["title"],
        "tone": status.activity_tone(row, position_id),
        "state": mark.words,
        "glyph": mark.glyph,
        "activity_id": row["activity_id"],
        "move": moving.may_move(row),
        "link": None if row["masked"] else f"/kegiatan/{row['activity_id']}",
    }


def _lines(
    activities: list[dict[str, Any]], rows: list[dict[str, Any]], rooms: Section
) -> list[dict[str, Any]]:
    """The same as a table: for the phone, for screen readers, without scripts."""
    titles = {row["position_id"]: row["title"] for row in rows}
    lines = [
        {
            "who": titles.get(line["position_id"], line["title"]),
            "row": row,
            "mark": status.activity_mark(row, line["position_id"]),
        }
        for row in activities
        for line in row["participants"]
    ]
    lines += [
        {"who": room["name"], "row": row, "mark": status.activity_mark(row)}
        for row in activities
        for room in row["resources"]
    ]
    return sorted(lines, key=lambda line: (line["who"], line["row"]["starts_at"]))


def _first_hour(activities: list[dict[str, Any]], day: date) -> int:
    night = [row for row in activities if _ends_by(row, day, FIRST_HOUR)]
    begun = [row for row in night if agenda.starts(row).date() != day]
    return 0 if begun else _opening(activities, day)


def _opening(activities: list[dict[str, Any]], day: date) -> int:
    """Where the board is opened: the night before stays to the left."""
    today = [row for row in activities if agenda.starts(row).date() == day]
    return min([FIRST_HOUR, *(agenda.starts(row).hour for row in today)])


def _last_hour(activities: list[dict[str, Any]], day: date) -> int:
    hours = [LAST_HOUR]
    for row in activities:
        if agenda.ends(row).date() == day:
            hours.append(agenda.ends(row).hour + 1)
        elif agenda.starts(row).date() == day:
            hours.append(24)  # over midnight
    return min(24, max(hours))


def _ends_by(row: dict[str, Any], day: date, hour: int) -> bool:
    return agenda.ends(row) <= datetime.combine(day, time(hour), ZONE)


@page
async def conflicts(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /bentrok``: displaced lines and overlapping tentative ones."""
    today = words.day_of(clock_now())
    query = {"from": today.isoformat(), "to": (today + timedelta(days=60)).isoformat()}
    found, known = await asyncio.gather(
        section(ask(request, visitor, "schedule", "list_conflicts", query=query)),
        known_offices(request, visitor),
    )
    return rendering.render(
        request,
        visitor,
        "conflicts.html",
        found=found,
        offices=known,
        out=ways_out,
    )
