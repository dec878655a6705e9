"""Calendars for programs that know only an address: feeds and the public agenda.

The secret of an address is made in `gateway.feeds`; the service knows its hash. No log
has it either (`gateway.middleware` writes route names).
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from aiohttp import web

from contracts.errors import NotFound
from contracts.schedule_calendars import CreateCalendarFeed, NewCalendarFeed
from gateway import keys
from gateway.api.v1.body import read_object
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, idempotency_key, require_scope
from gateway.api.v1.validation import check_body, read_query
from gateway.auth import (
    anonymous_context,
    authenticate,
    context_of,
    token_key,
)
from gateway.feeds import METHOD, SERVICE, hold_back, new_feed

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = 10.0  # a year of a whole unit
_HEADERS = {"X-Robots-Tag": "noindex", "Access-Control-Allow-Origin": "*"}

CREATE = Operation(
    name=METHOD,
    method="POST",
    path="/calendar-feeds",
    service=SERVICE,
    summary="A private address to subscribe to; told once, kept only as a hash",
    tag="calendars",
    response=NewCalendarFeed,
    body=CreateCalendarFeed,
    status=201,
    command=True,
    errors=("too_many_feeds",),
)
READ = Operation(
    name="read_calendar_feed",
    method="GET",
    path="/calendars/{token}.ics",
    at_root=True,
    service="schedule",
    summary="The calendar behind a feed's address (RFC 5545)",
    tag="calendars",
    public=True,
    etag=True,
    errors=("rate_limited",),
)
PUBLIC = Operation(
    name="read_public_calendar",
    method="GET",
    path="/calendars/public.ics",
    at_root=True,
    service="schedule",
    summary="The public agenda (RFC 5545)",
    tag="calendars",
    public=True,
    etag=True,
    errors=("rate_limited",),
)
OPERATIONS = (CREATE, READ, PUBLIC)


def add_routes(app: web.Application) -> None:
    app.router.add_post(BASE + CREATE.path, create_calendar_feed, name=CREATE.name)
    app.router.add_get(PUBLIC.path, read_public_calendar, name=PUBLIC.name)
    app.router.add_get(READ.path, read_calendar_feed, name=READ.name)


async def create_calendar_feed(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), CREATE)
    read_query(None, request.query)
    body = await read_object(request)
    check_body(CREATE.body, body)
    key = idempotency_key(request)
    made = await new_feed(request, await context_of(request), body, key)
    return answer_with(request, CREATE, made.body, replayed=made.replayed)


async def read_calendar_feed(request: web.Request) -> web.StreamResponse:
    token = request.match_info["token"]
    if not _TOKEN.fullmatch(token):
        hold_back(request)  # a guess counts, too
        raise NotFound()
    return await _calendar(
        request, READ, cache="private, no-cache", token_sha256=token_key(token)
    )


async def read_public_calendar(request: web.Request) -> web.StreamResponse:
    return await _calendar(request, PUBLIC, cache="public, max-age=300")


async def _calendar(
    request: web.Request, operation: Operation, *, cache: str, **arguments: Any
) -> web.Response:
    """Parameters that readers append to break caches are none of ours."""
    hold_back(request)
    found = await request.app[keys.CLIENT].call(
        anonymous_context(request),
        operation.service,
        operation.name,
        seconds=_SECONDS,
        **arguments,
    )
    body = found["content"].encode()
    tag = f'"{hashlib.blake2s(body, digest_size=16).hexdigest()}"'
    headers = {**_HEADERS, "ETag": tag, "Cache-Control": cache}
    if _has(request, tag):
        return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="rakat.ics"'
    return web.Response(
        body=body, content_type="text/calendar", charset="utf-8", headers=headers
    )


def _has(request: web.Request, tag: str) -> bool:
    given = request.headers.get("If-None-Match", "").split(",")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in given)
