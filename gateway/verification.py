"""``GET /verify/{token}``: whether a letter is genuine, for anybody who holds it.

A page for people, JSON for programs, by ``Accept``. Nobody is logged in; unknown
tokens and secret letters get the same answer; each address has a rate.
"""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from contracts.errors import NotFound, RakatError
from gateway import keys
from gateway.auth import anonymous_context
from gateway.bus import RemoteFault
from gateway.peers import peer_address
from gateway.portal.views import verification as page
from gateway.problems import problem
from gateway.throttle import Throttle

_SECONDS = 20.0  # the first look at a signature starts a process
_LONGEST = 64
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept", "X-Robots-Tag": "noindex"}

THROTTLE: web.AppKey[Throttle] = web.AppKey("verify_throttle", Throttle)


def add_routes(app: web.Application) -> None:
    app[THROTTLE] = Throttle(burst=30, every=2.0)
    app.router.add_get("/verify/{token:[^/]+}", verify_letter, name="verify_letter")


async def verify_letter(request: web.Request) -> web.StreamResponse:
    try:
        found, error = await _verified(request), None
    except RakatError as refused:
        found, error = None, refused
    except RemoteFault:
        found, error = None, RakatError()
    if _wants_json(request):
        response = _json(request, found, error)
    else:
        response = page.show(request, found, error)
    response.headers.update(_HEADERS)
    return response


async def _verified(request: web.Request) -> dict[str, Any]:
    request.app[THROTTLE].take(peer_address(request))
    token = request.match_info["token"]
    if not token.isascii() or len(token) > _LONGEST:
        raise NotFound()
    found: dict[str, Any] = await request.app[keys.CLIENT].call(
        anonymous_context(request),
        "letters",
        "verify_letter",
        seconds=_SECONDS,
        token=token,
    )
    return found


def _json(
    request: web.Request, found: dict[str, Any] | None, error: RakatError | None
) -> web.Response:
    if error is not None:
        status, headers, body = problem(error, request[keys.REQUEST_ID])
        return web.Response(status=status, headers=headers, body=body)
    return web.Response(
        body=msgspec.json.encode(found),
        content_type="application/json",
        charset="utf-8",
    )


def _wants_json(request: web.Request) -> bool:
    """Browsers name text/html first; a program that accepts anything gets JSON."""
    for part in request.headers.get("Accept", "").lower().split(","):
        kind = part.split(";")[0].strip()
        if kind in ("text/html", "application/xhtml+xml"):
            return False
        if kind in ("application/json", "application/problem+json"):
            return True
    return True
