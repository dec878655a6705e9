"""Private addresses of calendar feeds; the REST part and the portal both make them.

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

SERVICE, METHOD = "schedule", "create_calendar_feed"


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
