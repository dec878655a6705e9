"""The day of one office, and the week around it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import NotFound
from gateway.portal import agenda, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices, section
from gateway.portal.visitor import Visitor

FIRST_YEAR, LAST_YEAR = 1945, 2199


@page
async def today(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /agenda``: today."""
    raise web.HTTPSeeOther(f"/agenda/{words.day_of(clock_now()).isoformat()}")


@page
async def day_view(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /agenda/{tanggal}?jabatan=``"""
    day = parse_day(request.match_info["tanggal"])
    position_id = request.query.get("jabatan") or visitor.position_id
    found, known = await asyncio.gather(
        section(_week(request, visitor, day, position_id)),
        known_offices(request, visitor),
    )
    now = clock_now()
    todays = agenda.on_day(found.items, day)
    office = known.get(position_id)
    title = office["title"] if office else visitor.acting_title
    return rendering.render(
        request,
        visitor,
        "day.html",
        day=day,
        days=agenda.week(found.items, day, position_id),
        found=found,
        entries=agenda.entries(todays, day, now),
        activities=todays,
        to_answer=[row for row in todays if awaits_answer(row, position_id)],
        awaits_answer=awaits_answer,
        position_id=position_id,
        title=title,
        is_other=position_id != visitor.position_id,
        text=agenda.as_text(title, todays, position_id or "", day),
        previous=day - timedelta(days=7),
        following=day + timedelta(days=7),
    )


def parse_day(text: str) -> date:
    """Raises `NotFound` for a day that does not exist, or of another age."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotFound
    return day


def awaits_answer(activity: dict[str, Any], position_id: str | None) -> bool:
    """Whether the office is asked, and the visitor may answer for it."""
    return any(
        line["position_id"] == position_id
        and line["response"] == "pending"
        and line["role"] != "host"
        and line["kept_by_me"]
        and activity["state"] in ("proposed", "tentative", "confirmed")
        for line in activity["participants"]
    )


async def _week(
    request: web.Request, visitor: Visitor, day: date, position_id: str | None
) -> Any:
    monday = agenda.monday_of(day)
    query = {
        "from": monday.isoformat(),
        "to": (monday + timedelta(days=6)).isoformat(),
        "position_id": position_id,
        "limit": 200,
    }
    return await ask(request, visitor, "schedule", "list_activities", query=query)
