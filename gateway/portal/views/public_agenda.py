"""The public agenda: what the regency announces, for anybody, on any phone."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from gateway import keys
from gateway.auth import anonymous_context
from gateway.feeds import hold_back
from gateway.portal import rendering, words
from gateway.portal.asking import section

SHOWN = 50


async def agenda(request: web.Request) -> web.StreamResponse:
    """``GET /agenda-publik?lanjut=``: from today on; nobody is logged in."""
    hold_back(request)
    query: dict[str, Any] = {"limit": SHOWN}
    if cursor := request.query.get("lanjut"):
        query["cursor"] = cursor
    found = await section(
        request.app[keys.CLIENT].call(
            anonymous_context(request),
            "schedule",
            "list_public_activities",
            query=query,
        )
    )
    today = words.day_of(clock_now())
    return rendering.render(
        request,
        None,
        "public_agenda.html",
        found=found,
        days=by_day(found.items, today),
        time_of=time_of,
    )


def by_day(
    items: list[dict[str, Any]], today: date
) -> list[tuple[date, list[dict[str, Any]]]]:
    """What began earlier and goes on stands under today."""

    def day(item: dict[str, Any]) -> date:
        return max(today, words.day_of(item["starts_at"]))

    return [(key, list(rows)) for key, rows in groupby(items, key=day)]


def time_of(item: dict[str, Any]) -> str:
    """The hours; over midnight the days, too."""
    start, end = item["starts_at"], item["ends_at"]
    if end and words.day_of(start) != words.day_of(end):
        return f"{words.moment_full(start)} – {words.moment_full(end)} WITA"
    return f"{words.span(start, end)} WITA"
