"""Cross-site request forgery: a token only a page of ours can know.

It is derived from the session token, which no script and no other site can read;
nothing is stored. Forms carry it as ``csrf_token``, scripts as ``X-CSRF-Token``.
"""

from __future__ import annotations

import hashlib
import hmac

from aiohttp import web

from contracts.errors import Forbidden

HEADER = "X-CSRF-Token"
FIELD = "csrf_token"


def token_for(session_token: str) -> str:
    """The CSRF token of a session, for forms and ``hx-headers``."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


async def check(request: web.Request, session_token: str) -> None:
    """Raises `Forbidden` unless the request shows the session's CSRF token."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("csrf_failed")
    shown = request.headers.get(HEADER) or await _from_form(request)
    if not hmac.compare_digest(shown.encode(), token_for(session_token).encode()):
        raise Forbidden("csrf_failed")


async def _from_form(request: web.Request) -> str:
    if request.content_type != "application/x-www-form-urlencoded":
        return ""  # a multipart upload carries the header; its body is streamed
    value = (await request.post()).get(FIELD)
    return value if isinstance(value, str) else ""
