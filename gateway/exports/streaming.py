"""From a service's pages to a file that leaves while it grows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from contracts.errors import Unavailable
from gateway.files.naming import disposition

log = structlog.get_logger(__name__)

PAGE = 200
_TRIES = 4

Page = dict[str, Any]
Ask = Callable[[str | None], Awaitable[Page]]


async def pages(ask: Ask) -> AsyncIterator[Page]:
    """Page after page; a service that is away for a moment is asked again."""
    cursor: str | None = None
    while True:
        page = await _patiently(ask, cursor)
        yield page
        cursor = page["next_cursor"]
        if cursor is None:
            return


async def _patiently(ask: Ask, cursor: str | None) -> Page:
    for tried in range(_TRIES):
        try:
            return await ask(cursor)
        except Unavailable:
            if cursor is None or tried == _TRIES - 1:
                raise  # of the first page the caller is told
            await asyncio.sleep(0.25 * 2**tried)
    raise AssertionError("unreachable")


async def send(
    request: web.Request, parts: AsyncIterator[bytes], *, media_type: str, filename: str
) -> web.StreamResponse:
    """Everything that can fail with an answer happens before the first byte; what
    fails later breaks the connection off, so that nobody takes a part for the whole."""
    first = await anext(parts)
    response = web.StreamResponse(
        headers={
            "Content-Type": media_type,
            "Content-Disposition": disposition(filename, inline=False),
            "Cache-Control": "no-store",
            "Vary": "Accept",
            "X-Content-Type-Options": "nosniff",
        }
    )
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    await response.write(first)
    try:
        async for part in parts:
            await response.write(part)
    except Exception as error:
        log.warning("export broken off", file=filename, error=type(error).__name__)
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response
