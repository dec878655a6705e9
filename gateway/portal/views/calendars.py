"""*Langganan kalender*: private addresses for other calendar programs."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web

from contracts.errors import NotFound, RakatError
from gateway.feeds import new_feed
from gateway.portal import feeds as choosing
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, section
from gateway.portal.feeds import Wish
from gateway.portal.flash import Flash
from gateway.portal.visitor import Visitor

HERE = "/kalender"


@page
async def feeds(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kalender``"""
    values = await _values(request, visitor, Wish())
    return rendering.render(request, visitor, "calendars.html", **values)


@page
async def make(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kalender``: make a feed, or search and show the form as it stands."""
    fields = await forms.posted(request)
    wish = choosing.wish_of(fields)
    if fields.get("aksi") == "cari":
        wish = choosing.searched(await known_offices(request, visitor), wish)
        return await _again(request, visitor, wish, [], 200)
    body = wish.body()
    if body is None:
        problem = {
            "field": "untuk",
            "message": "Pilih jabatan, unit, ruang, atau kendaraan.",
        }
        return await _again(request, visitor, wish, [problem], 422)
    try:
        made = await new_feed(
            request, visitor.context, body, fields.get("kunci") or None
        )
    except RakatError as error:
        problems = forms.problems_of(error, choosing.ERROR_FIELDS)
        return await _again(request, visitor, wish, problems, error.status)
    # Shown in this very answer: a redirect would have to carry the secret.
    values = await _values(request, visitor, Wish())
    return rendering.render(
        request, visitor, "calendars.html", made=made.body, **values
    )


async def _again(
    request: web.Request,
    visitor: Visitor,
    wish: Wish,
    problems: list[forms.Problem],
    status_code: int,
) -> web.Response:
    values = await _values(request, visitor, wish)
    return rendering.render(
        request,
        visitor,
        "calendars.html",
        status_code=status_code,
        problems=problems,
        **values,
    )


async def _values(request: web.Request, visitor: Visitor, wish: Wish) -> dict[str, Any]:
    known, rooms, mine = await asyncio.gather(
        known_offices(request, visitor),
        section(
            ask(request, visitor, "schedule", "list_resources", query={"limit": 200})
        ),
        section(ask(request, visitor, "schedule", "list_calendar_feeds")),
    )
    units = choosing.units_of(known, visitor, wish)
    groups = choosing.choices(known, visitor, rooms.items, wish, units)
    found = choosing.is_found(known, wish)
    return {
        "mine": mine,
        "wish": wish,
        "groups": groups,
        "found": found,
        "key": str(uuid.uuid4()),
    }


@page
async def revoke_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kalender/{feed_id}/cabut``: asks first; programs lose the calendar."""
    values = await _values(request, visitor, Wish())
    feed_id = request.match_info["feed_id"]
    found = [row for row in values["mine"].items if row["feed_id"] == feed_id]
    if not found and not values["mine"].fault:
        raise NotFound
    feed = found[0] if found else {"feed_id": feed_id, "name": "", "detail": "full"}
    return rendering.sheet(
        request, visitor, "calendar_revoke.html", feed=feed, **values
    )


@page
async def revoke(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kalender/{feed_id}/cabut``"""
    try:
        await act(
            request,
            visitor,
            "schedule",
            "delete_calendar_feed",
            feed_id=request.match_info["feed_id"],
        )
    except NotFound:
        said = "Alamat kalender ini sudah dicabut sebelumnya."
    else:
        said = "Alamat kalender dicabut. Tidak ada yang dapat membacanya lagi."
    return rendering.see_other(request, HERE, Flash(text=said))
