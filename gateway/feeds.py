"""Private addresses of calendar feeds, and how often calendars are read by anybody.

The REST part and the portal both make addresses and show the public agenda.

The secret of an address is made here and never leaves but in the answer: the service
knows its hash.
"""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from gateway import keys
from gateway.auth import is_secure, token_key
from gateway.client import RequestContext
from gateway.peers import peer_address
from gateway.throttle import Throttle

SERVICE, METHOD = "schedule", "create_calendar_feed"


THROTTLE: web.AppKey[Throttle] = web.AppKey("calendars_throttle", Throttle)


def throttle() -> Throttle:
    """Wide: a calendar provider fetches for many people from few addresses, and a
    whole office looks out of one."""
    return Throttle(burst=120, every=0.5)


def hold_back(request: web.Request) -> None:
    """Raises: TooMany with the seconds until the next."""
    request.app[THROTTLE].take(peer_address(request))


async def new_feed(
    request: web.Request, context: RequestContext, body: dict[str, Any]
) -> dict[str, Any]:
    """A `NewCalendarFeed`; what the service refuses is raised."""
    token = secrets.token_urlsafe(32)
    made = await request.app[keys.CLIENT].call(
        context, SERVICE, METHOD, body=body, token_sha256=token_key(token)
    )
    scheme = "https" if is_secure(request) else "http"
    return {**made, "url": f"{scheme}://{request.host}/calendars/{token}.ics"}
