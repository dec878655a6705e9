"""*Beban pekanan*: how much of their weeks leaders and offices have given away."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Unavailable
from gateway.bus import RemoteFault
from gateway.portal import faults, load, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices
from gateway.portal.views.agenda import parse_day
from gateway.portal.visitor import Visitor


@page
async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /beban?mulai=&unit=&pekan=``"""
    asked = request.query.get("mulai")
    first = load.monday_of(parse_day(asked) if asked else words.day_of(clock_now()))
    known = await known_offices(request, visitor)
    unit = known.units.get(request.query.get("unit", ""))
    query: dict[str, Any] = dict(load.period_of(first))
    if unit is not None:
        query["unit_id"] = unit["unit_id"]
    found, fault = await _found(request, visitor, query)
    weeks = load.weeks(found) if found else []
    return rendering.render(
        request,
        visitor,
        "load.html",
        found=found,
        fault=fault,
        unit=unit,
        units=sorted(known.units.values(), key=lambda row: str(row["name"])),
        weeks=weeks,
        chosen=_chosen(request, weeks, first),
        first=first,
        step=load.WEEKS * load.WEEK,
        draw=load,
        back="/lainnya",
    )


def _chosen(request: web.Request, weeks: list[date], first: date) -> date:
    """The week asked for, if it is one of those shown."""
    asked = request.query.get("pekan", "")
    return next((week for week in weeks if week.isoformat() == asked), first)


async def _found(
    request: web.Request, visitor: Visitor, query: dict[str, Any]
) -> tuple[dict[str, Any] | None, faults.Fault | None]:
    try:
        answer = ask(request, visitor, "schedule", "get_schedule_load", query=query)
        return await answer, None
    except Unavailable as error:
        return None, faults.fault_of(error)
    except RemoteFault:
        return None, faults.fault_of(Unavailable())
