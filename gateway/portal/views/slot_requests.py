"""Requests for a slot: those to me and by me, and one with the ways to answer it."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from gateway.portal import forms, rendering, slot_requests
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices, section
from gateway.portal.slot_requests import Row
from gateway.portal.visitor import Visitor


@page
async def requests(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /permintaan?kotak=dari-saya&saring=selesai&lanjut=``"""
    by_me = request.query.get("kotak") == "dari-saya"
    ended = request.query.get("saring") == "selesai"
    query = {
        "box": "by_me" if by_me else "to_me",
        "open": not ended,
        "cursor": request.query.get("lanjut"),
        "limit": 50,
    }
    sent = {name: value for name, value in query.items() if value is not None}
    found, known = await asyncio.gather(
        section(ask(request, visitor, "schedule", "list_slot_requests", query=sent)),
        known_offices(request, visitor),
    )
    return rendering.render(
        request,
        visitor,
        "slot_requests.html",
        found=found,
        by_me=by_me,
        ended=ended,
        offices=known,
        slots=slot_requests,
        fresh_key=_fresh_key,
        back="/lainnya",
    )


@page
async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /permintaan/{activity_id}?cara=pindah|tolak``"""
    found = await found_request(request, visitor)
    way = request.query.get("cara", "")
    return await request_page(request, visitor, found, MultiDict(aksi=way))


async def found_request(request: web.Request, visitor: Visitor) -> Row:
    """The one of the address, as the visitor may see it."""
    found: Row = await ask(
        request,
        visitor,
        "schedule",
        "get_slot_request",
        activity_id=request.match_info["activity_id"],
    )
    return found


async def request_page(
    request: web.Request,
    visitor: Visitor,
    found: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
    clash: dict[str, Any] | None = None,
) -> web.Response:
    """The request with its forms; `fields` is what was typed into them."""
    return rendering.render(
        request,
        visitor,
        "slot_request.html",
        status_code=status_code,
        found=found,
        activity=found["activity"],
        may=slot_requests.choices(found, visitor),
        slots=slot_requests,
        offices=await known_offices(request, visitor),
        fields=fields,
        problems=problems or [],
        clash=clash,
        fresh_key=_fresh_key,
        back="/permintaan",
    )


def _fresh_key() -> str:
    """One for each form: another body needs another key."""
    return str(uuid.uuid4())
