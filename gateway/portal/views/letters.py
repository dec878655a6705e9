"""Lists of letters and the search: words, boxes, filters."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import rendering, searching
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices, section
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor


@page
async def letters(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat?q=&kotak=&keadaan=&jenis=&urgensi=&sifat=&unit=&dari=&sampai=``"""
    kinds, known = await asyncio.gather(
        _kinds(request, visitor), known_offices(request, visitor)
    )
    units = _units(known)
    search = searching.asked_for(request.query, set(kinds), set(units))
    found = await section(
        ask(request, visitor, "letters", "list_letters", query=search.sent())
    )
    return rendering.render(
        request,
        visitor,
        "letters.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        search=search,
        boxes=_boxes(visitor),
        states=searching.STATES,
        kinds=kinds,
        units=units,
        chips=searching.rare_chips(search, kinds, units),
        nothing=searching.nothing(search),
        marked=searching.marked,
    )


async def _kinds(request: web.Request, visitor: Visitor) -> dict[str, str]:
    """Kinds of letters by code; none to filter by while letters are away."""
    try:
        found: dict[str, Any] = await ask(
            request, visitor, "letters", "get_reference", name="kinds"
        )
    except RakatError:
        return {}
    return {item["code"]: item["label_id"] for item in found["items"]}


def _units(known: Offices) -> dict[str, str]:
    """Units that keep a register, by name."""
    keeping = {unit.get("register_unit_id") for unit in known.units.values()}
    rows = [unit for unit in known.units.values() if unit["unit_id"] in keeping]
    rows.sort(key=lambda unit: str(unit["name"]))
    return {unit["unit_id"]: unit["name"] for unit in rows}


def _boxes(visitor: Visitor) -> dict[str, str]:
    hidden = () if visitor.registers else ("tercatat",)
    titles = searching.BOX_TITLES.items()
    return {code: title for code, title in titles if code not in hidden}
