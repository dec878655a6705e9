"""Private addresses of calendar feeds, and how often calendars are read by anybody.

The REST part and the portal both make addresses and show the public agenda.

The secret of an address is made here and never leaves but in the answer: the service
knows its hash. Of a request with an Idempotency-Key it follows from the session's own
secret, so that a repetition is told the same address though nobody kept it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Any

import msgspec
from aiohttp import web

from gateway import keys
from gateway.auth import is_secure, token_key
from gateway.client import Done, RequestContext
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
    request: web.Request,
    context: RequestContext,
    body: dict[str, Any],
    key: str | None = None,
) -> Done:
    """A `NewCalendarFeed`; what the service refuses is raised."""
    if key is None:
        token = secrets.token_urlsafe(32)
    else:
        token = _following(request[keys.TOKEN], key, body)
    done = await request.app[keys.CLIENT].command(
        context, SERVICE, METHOD, key=key, body=body, token_sha256=token_key(token)
    )
    scheme = "https" if is_secure(request) else "http"
    url = f"{scheme}://{request.host}/calendars/{token}.ics"
    return Done({**done.body, "url": url}, done.replayed)


def _following(session_token: str, key: str, body: dict[str, Any]) -> str:
    """As long and as secret as the session's token; of each key and body another."""
    facts = msgspec.json.encode(("calendar feed", key, body), order="sorted")
    digest = hmac.digest(session_token.encode(), facts, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
