"""The sealed trail of a letter: read, carried away, and checked by anybody."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from gateway.portal import rendering, tracking, trails
from gateway.portal.access import page
from gateway.portal.asking import ask
from gateway.portal.visitor import Visitor

SHOWN = 200
FETCHED = 1_000


@page
async def trail(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/jejak?lanjut=``: oldest first, as it was sealed."""
    letter_id = request.match_info["letter_id"]
    query = {"limit": SHOWN, "cursor": request.query.get("lanjut")}
    letter, found = await asyncio.gather(
        ask(request, visitor, "letters", "get_letter", letter_id=letter_id),
        _audit(request, visitor, letter_id, query),
    )
    return rendering.render(
        request,
        visitor,
        "trail.html",
        letter=letter,
        trail=found,
        entry_mark=tracking.entry_mark,
        actor_title=tracking.actor_title,
        corrections=trails.corrections,
        short_seal=trails.short_seal,
        back=f"/surat/{letter_id}",
    )


@page
async def download(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/jejak.json``: every line, for whoever has to check it."""
    letter_id = request.match_info["letter_id"]
    query: dict[str, Any] = {"limit": FETCHED, "cursor": None}
    pages = [await _audit(request, visitor, letter_id, query)]
    while pages[-1]["next_cursor"]:
        query["cursor"] = pages[-1]["next_cursor"]
        pages.append(await _audit(request, visitor, letter_id, query))
    document = trails.document(pages, clock_now())
    disposition = f'attachment; filename="{trails.filename(document)}"'
    return web.Response(
        text=json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        content_type="application/json",
        headers={**rendering.HEADERS, "Content-Disposition": disposition},
    )


async def _audit(
    request: web.Request, visitor: Visitor, letter_id: str, query: dict[str, Any]
) -> Any:
    given = {name: value for name, value in query.items() if value is not None}
    return await ask(
        request,
        visitor,
        "letters",
        "get_letter_audit",
        letter_id=letter_id,
        query=given,
    )


async def check(request: web.Request) -> web.StreamResponse:
    """``GET /periksa-jejak``: public; the file is read in the browser and stays there."""
    return rendering.render(request, None, "trail_check.html")
