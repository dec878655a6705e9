"""Letters in numbers, for those who lead."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Unavailable
from gateway.bus import RemoteFault
from gateway.portal import faults, overview, rendering
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices
from gateway.portal.visitor import Visitor


@page
async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ikhtisar?rentang=&unit=``"""
    asked = request.query.get("rentang", "bulan")
    chosen = asked if asked in overview.RANGES else "bulan"
    now = clock_now()
    query = overview.period_of(chosen, overview.today_of(now))
    known = await known_offices(request, visitor)
    unit = known.units.get(request.query.get("unit", ""))
    if unit is not None:
        query["unit_id"] = unit["unit_id"]
    found, fault = await _found(request, visitor, query)
    return rendering.render(
        request,
        visitor,
        "overview.html",
        found=found,
        fault=fault,
        unit=unit,
        chosen=chosen,
        ranges=overview.RANGES,
        draw=overview,
        csv=overview.download(query),
        link=partial(overview.address, chosen, unit["unit_id"] if unit else None),
        units=len(known.units),
        back="/",
    )


async def _found(
    request: web.Request, visitor: Visitor, query: dict[str, str]
) -> tuple[dict[str, Any] | None, faults.Fault | None]:
    try:
        answer = ask(request, visitor, "letters", "get_overview", query=query)
        return await answer, None
    except Unavailable as error:
        return None, faults.fault_of(error)
    except RemoteFault:
        return None, faults.fault_of(Unavailable())
