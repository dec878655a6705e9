"""*Cari waktu*: when everybody and everything chosen is free."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Invalid, Unavailable
from gateway.bus import RemoteFault
from gateway.portal import faults, forms, free_time, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import Section, ask, ask_all, known_offices, section
from gateway.portal.free_time import Wish
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

CANDIDATES = 8


@page
async def search(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /cari-waktu?peserta=&ruang=&lama=&dari=&sampai=&jam=&cari=&hapus=``"""
    known, rooms = await asyncio.gather(
        known_offices(request, visitor),
        section(
            ask(request, visitor, "schedule", "list_resources", query={"limit": 200})
        ),
    )
    today = words.day_of(clock_now())
    wish = free_time.wish_of(request.query, known, visitor.position_id, today)
    found: dict[str, Any] = {"slots": []}
    try:
        found.update(await _found(request, visitor, wish))
        status = 200
    except Invalid as error:
        found["problems"] = forms.problems_of(error, free_time.ERROR_FIELDS)
        status = error.status
    return rendering.render(
        request,
        visitor,
        "free_time.html",
        status_code=status,
        wish=wish,
        draw=free_time,
        offices=known,
        rooms=rooms.items,
        candidates=_candidates(known, visitor, wish),
        **found,
    )


async def _found(request: web.Request, visitor: Visitor, wish: Wish) -> dict[str, Any]:
    """The slots, and what lies on the day of the first of them."""
    if wish.is_empty:
        return {}
    try:
        answer = await ask(
            request, visitor, "schedule", "list_free_slots", query=wish.query()
        )
    except (Unavailable, RemoteFault):
        return {"fault": faults.fault_of(Unavailable())}
    slots = free_time.apart(answer["slots"])
    if not slots:
        return {}
    day = words.day_of(slots[0]["starts_at"])
    taken = await _taken(request, visitor, day, [*wish.offices, *wish.resources])
    return {"slots": slots, "day": day, "taken": taken}


async def _taken(
    request: web.Request, visitor: Visitor, day: date, busy_of: list[str]
) -> Section:
    query = {
        "from": day.isoformat(),
        "to": day.isoformat(),
        "busy_of": busy_of,
        "limit": 200,
    }
    return await section(
        ask_all(request, visitor, "schedule", "list_activities", query)
    )


def _candidates(known: Offices, visitor: Visitor, wish: Wish) -> list[dict[str, Any]]:
    if wish.needle:
        rows = known.search(wish.needle)
    else:
        rows = known.subordinates(visitor.position_id)
    return [row for row in rows if row["position_id"] not in wish.offices][:CANDIDATES]
