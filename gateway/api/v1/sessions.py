"""Logging in and out, and who I am."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contracts.directory import Counters, Me, OpenedSession, OpenSession
from contracts.errors import NotFound, Unauthenticated, Unavailable
from gateway import keys
from gateway.api.v1.body import read_object
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, require_scope
from gateway.api.v1.validation import check_body, read_query
from gateway.auth import (
    anonymous_context,
    authenticate,
    clear_session_cookie,
    context_of,
    token_key,
)
from gateway.bus import RemoteFault
from gateway.client import Client, RequestContext
from gateway.peers import peer_address

OPEN_SESSION = Operation(
    name="open_session",
    method="POST",
    path="/sessions",
    service="directory",
    summary="Log in",
    tag="sessions",
    body=OpenSession,
    response=OpenedSession,
    status=201,
    public=True,
    errors=("invalid_credentials", "rate_limited"),
)
CLOSE_SESSION = Operation(
    name="close_session",
    method="DELETE",
    path="/sessions/current",
    service="directory",
    summary="Log out",
    tag="sessions",
    status=204,
)
GET_ME = Operation(
    name="get_me",
    method="GET",
    path="/me",
    service="directory",
    summary="Who I am, the positions I hold or act for, and what waits for me",
    tag="sessions",
    response=Me,
)
OPERATIONS = (OPEN_SESSION, CLOSE_SESSION, GET_ME)


def add_routes(app: web.Application) -> None:
    router = app.router
    router.add_post(BASE + OPEN_SESSION.path, open_session, name="open_session")
    router.add_delete(BASE + CLOSE_SESSION.path, close_session, name="close_session")
    router.add_get(BASE + GET_ME.path, get_me, name="get_me")


async def open_session(request: web.Request) -> web.StreamResponse:
    read_query(None, request.query)
    body = await read_object(request)
    check_body(OpenSession, body)
    answer = await log_in(request, body)
    return answer_with(request, OPEN_SESSION, answer)


async def log_in(request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
    """Also the portal's way in. Raises `Unauthenticated` or `TooMany`."""
    config = request.app[keys.CONFIG]
    if not config.demo_allowed and body.get("password") == config.demo_password:
        raise Unauthenticated("invalid_credentials")  # everybody knows that password
    done: dict[str, Any] = await request.app[keys.CLIENT].call(
        anonymous_context(request),
        "directory",
        "open_session",
        seconds=5.0,
        body=body,
        address=peer_address(request),
    )
    return done


async def close_session(request: web.Request) -> web.StreamResponse:
    context = await context_of(request)
    await log_out(request, context)
    response = web.Response(status=204, headers={"Cache-Control": "no-store"})
    clear_session_cookie(response)
    return response


async def log_out(request: web.Request, context: RequestContext) -> None:
    """Close the session of `request`; this copy of the gateway forgets it first."""
    key = token_key(request[keys.TOKEN])
    request.app[keys.SESSIONS].drop({"token_sha256": key})
    await request.app[keys.CLIENT].call(
        context, "directory", "close_session", token_sha256=key
    )
    request.app[keys.SESSIONS].drop({"token_sha256": key})


async def get_me(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), GET_ME)
    read_query(None, request.query)
    me = await read_me(request.app[keys.CLIENT], await context_of(request))
    return answer_with(request, GET_ME, me)


async def read_me(client: Client, context: RequestContext) -> dict[str, Any]:
    """The directory's answer with counters; one who counts may be away: null."""
    me, tasks, unread = await asyncio.gather(
        client.call(context, "directory", "get_me"),
        _or_nothing(client.call(context, "letters", "count_my_tasks")),
        _or_nothing(client.call(context, "notify", "count_unread")),
    )
    counters = dict.fromkeys(Counters.__struct_fields__)
    counters.update({name: tasks[name] for name in tasks if name in counters})
    counters["unread_notifications"] = unread.get("unread")
    return {**me, "counters": counters}


async def _or_nothing(call: Any) -> dict[str, Any]:
    try:
        return dict(await call)
    except (Unavailable, NotFound, RemoteFault):
        return {}
