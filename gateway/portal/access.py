"""The door of the portal: who looks, and errors shown as pages.

``@page`` turns a view ``(request, visitor) -> response`` into a handler.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from contracts.errors import NotFound, RakatError, Unauthenticated, Unavailable
from gateway.auth import authenticate
from gateway.bus import RemoteFault
from gateway.client import RequestContext
from gateway.keys import CLIENT, REQUEST_ID, TOKEN
from gateway.portal import faults, rendering
from gateway.portal.memory import Memory
from gateway.portal.visitor import Visitor

View = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACTING_COOKIE = "rakat_jabatan"
ME: web.AppKey[Memory[dict[str, Any]]] = web.AppKey("portal_me", Memory)


def page(view: View) -> Handler:
    """A view of a logged-in person."""

    @functools.wraps(view)
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            visitor = await visitor_of(request)
            return await view(request, visitor)
        except Unauthenticated:
            return to_login(request)

    return handler


async def visitor_of(request: web.Request) -> Visitor:
    """Raises `Unauthenticated`, and `Forbidden` for a forged post."""
    actor = await authenticate(request)
    if actor.person_id is None:
        raise Unauthenticated
    token = request[TOKEN]
    context = RequestContext(request_id=request[REQUEST_ID], actor=actor)
    me, counters = await asyncio.gather(
        _me(request, context, str(actor.person_id)), _counters(request, context)
    )
    acting = _acting(request, me["positions"])
    if acting:
        context = context.acting_as(UUID(acting["position_id"]))
    return Visitor(context, token, {**me, "counters": counters}, acting)


async def _me(
    request: web.Request, context: RequestContext, person_id: str
) -> dict[str, Any]:
    """Offices held: two seconds old at most, older only while directory is away."""

    async def load() -> dict[str, Any]:
        found: dict[str, Any] = await request.app[CLIENT].call(
            context, "directory", "get_me"
        )
        return found

    return await request.app[ME].get(person_id, load)


async def _counters(
    request: web.Request, context: RequestContext
) -> dict[str, int | None]:
    tasks, unread = await asyncio.gather(
        _count(request, context, "letters", "count_my_tasks"),
        _count(request, context, "notify", "count_unread"),
    )
    return {
        **tasks,
        "unread_notifications": unread.get("unread"),
        "watermark": unread.get("watermark"),
    }


async def _count(
    request: web.Request, context: RequestContext, service: str, method: str
) -> dict[str, int | None]:
    try:
        found: dict[str, int | None] = await request.app[CLIENT].call(
            context, service, method
        )
    except (NotFound, Unavailable, RemoteFault):
        return {}
    return found


def _acting(
    request: web.Request, positions: list[dict[str, Any]]
) -> dict[str, Any] | None:
    wanted = request.cookies.get(ACTING_COOKIE)
    for held in positions:
        if held["position_id"] == wanted:
            return held
    return positions[0] if positions else None


def to_login(request: web.Request) -> web.StreamResponse:
    """Log in, then come back to this page."""
    onward = request.path_qs if request.method == "GET" else "/"
    location = f"/masuk?lanjut={quote(onward)}" if onward != "/" else "/masuk"
    return rendering.see_other(request, location)


async def error_page(
    request: web.Request, error: RakatError, request_id: str
) -> web.StreamResponse:
    """Any error of the portal: what happened, whether work is safe, what to do."""
    if isinstance(error, Unauthenticated):
        return to_login(request)
    is_fragment = rendering.is_fragment(request)
    response = rendering.render(
        request,
        None if is_fragment else await _visitor_or_none(request),
        "_fault_text.html" if is_fragment else "fault.html",
        block="text" if is_fragment else None,
        status_code=error.status,
        fault=faults.fault_of(error),
        code=error.code,
        request_id=request_id[:8],
    )
    if (seconds := error.facts.get("retry_after")) is not None:
        response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


async def _visitor_or_none(request: web.Request) -> Visitor | None:
    try:
        return await visitor_of(request)
    except (RakatError, RemoteFault):
        return None


@page
async def missing(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """Any other address of the portal."""
    raise NotFound
