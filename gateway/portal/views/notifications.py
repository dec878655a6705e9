"""What the visitor was told: read here, live in the bell of every page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import NotFound
from gateway.portal import rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act, ask, section
from gateway.portal.views.session import safe_onward
from gateway.portal.visitor import Visitor


@page
async def notifications(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /pemberitahuan?saring=semua``"""
    shows_all = request.query.get("saring") == "semua"
    query: dict[str, Any] = {"limit": 50}
    if not shows_all:
        query["unread"] = True
    if request.query.get("lanjut"):
        query["cursor"] = request.query["lanjut"]
    found = await section(
        ask(request, visitor, "notify", "list_notifications", query=query)
    )
    return rendering.render(
        request,
        visitor,
        "notifications.html",
        found=found,
        shows_all=shows_all,
        days=_by_day(found.items),
    )


def _by_day(items: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    now = clock_now()
    days = groupby(items, key=lambda row: words.day_of(row["created_at"]))
    return [
        (words.first_upper(words.day_word(day, now)), list(group))
        for day, group in days
    ]


@page
async def open_one(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /pemberitahuan/{notification_id}/buka?ke=``: mark read, then go there."""
    try:
        done = await act(
            request,
            visitor,
            "notify",
            "read_notification",
            notification_id=request.match_info["notification_id"],
        )
    except NotFound:
        raise web.HTTPSeeOther("/pemberitahuan") from None
    raise web.HTTPSeeOther(safe_onward(done.body["link"]))


@page
async def read_all(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /pemberitahuan/dibaca``"""
    await act(request, visitor, "notify", "read_all_notifications")
    return rendering.see_other(request, "/pemberitahuan")
