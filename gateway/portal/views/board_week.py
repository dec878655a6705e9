"""The board of a week: offices and rooms as rows, a column a day."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from gateway.portal import agenda, rendering, status, words
from gateway.portal.access import page
from gateway.portal.asking import ask, ask_all, known_offices, section
from gateway.portal.offices import Offices
from gateway.portal.views import board
from gateway.portal.views.agenda import parse_day
from gateway.portal.visitor import Visitor


@page
async def board_week(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /jadwal/pekan?tanggal=&unit=``"""
    asked = request.query.get("tanggal")
    day = parse_day(asked) if asked else words.day_of(clock_now())
    unit_id = request.query.get("unit") or None
    days = [agenda.monday_of(day) + timedelta(days=n) for n in range(7)]
    rooms, known = await asyncio.gather(
        section(
            ask(request, visitor, "schedule", "list_resources", query={"limit": 200})
        ),
        known_offices(request, visitor),
    )
    query: dict[str, Any] = {
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "busy_of": board.shown_anyway(known, visitor, rooms, unit_id, board.NOBODY),
    }
    if unit_id:
        query["unit_id"] = unit_id
    found = await section(
        ask_all(request, visitor, "schedule", "list_activities", query)
    )
    going = [row for row in found.items if row["state"] not in agenda.GONE]
    rows = board.rows_of(known, visitor, going, unit_id, board.NOBODY)
    return rendering.render(
        request,
        visitor,
        "board_week.html",
        day=day,
        today=words.day_of(clock_now()),
        heading=words.days_between(days[0], days[-1]),
        found=found,
        offices=known,
        unit_id=unit_id,
        units=board.units_with_heads(known),
        legend=board.LEGEND,
        previous=day - timedelta(days=7),
        following=day + timedelta(days=7),
        days=[(each, _lines(agenda.on_day(going, each), known)) for each in days],
        total=len(going),
        board={
            "date": days[0].isoformat(),
            "until": days[-1].isoformat(),
            "week": [_column(each) for each in days],
            "resources": board.row_data(rows, rooms, going, board.NOBODY),
            "events": board.event_data(going),
            "said": words.days_between(days[0], days[-1]),
        },
    )


def _column(day: date) -> str:
    return f"{words.DAYS_SHORT[day.weekday()]} {day.day}"


def _lines(activities: list[dict[str, Any]], known: Offices) -> list[dict[str, Any]]:
    """A day as a list: an activity once, with whoever and whatever it takes."""
    return [
        {
            "row": row,
            "mark": status.activity_mark(row),
            "who": [
                *(known.short(line["position_id"]) for line in row["participants"]),
                *(room["name"] for room in row["resources"]),
            ],
        }
        for row in activities
    ]
