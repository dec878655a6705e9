"""*Ruang dan kendaraan*: all of them by unit, with what holds for each."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from gateway.portal import opening, rendering
from gateway.portal import resources as keeping
from gateway.portal.access import page
from gateway.portal.asking import ask_all, known_offices, section
from gateway.portal.labels import RESOURCE_KINDS
from gateway.portal.views.room_approvals import waiting_rooms
from gateway.portal.visitor import Visitor


@page
async def resources(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ruang?jenis=``"""
    values = await list_values(request, visitor)
    return rendering.render(request, visitor, "resources.html", **values)


async def list_values(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """The list; every form of this part opens over it."""
    kind = request.query.get("jenis", "")
    query: dict[str, Any] = {"limit": 200}
    if kind in RESOURCE_KINDS:
        query["kind"] = kind
    known, found = await asyncio.gather(
        known_offices(request, visitor),
        section(ask_all(request, visitor, "schedule", "list_resources", query)),
    )
    kept = keeping.kept_units(visitor, known)
    return {
        "waiting": await waiting_rooms(request, visitor, known),
        "found": found,
        "groups": keeping.by_unit(found.items, known),
        "units": kept,
        "kept": {unit["unit_id"] for unit in kept},
        "chosen": kind,
        "opening": opening,
    }
