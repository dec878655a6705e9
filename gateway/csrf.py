"""Cross-site request forgery: a token only a page of ours can know.

It is derived from the session token, which no script and no other site can read;
nothing is stored. Forms carry it as ``csrf_token``, scripts as ``X-CSRF-Token``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from contracts.errors import Forbidden, Malformed, TooLarge
from gateway import mixed

HEADER = "X-CSRF-Token"
FIELD = "csrf_token"
LARGER: web.AppKey[dict[str, tuple[int, Callable[[], TooLarge]]]] = web.AppKey(
    "larger_forms", dict
)
"""Paths of forms that may be larger than others: how large, and the refusal."""
_FIELDS: web.RequestKey[MultiDictProxy[Any]] = web.RequestKey("fields", MultiDictProxy)


def token_for(session_token: str) -> str:
    """The CSRF token of a session, for forms and ``hx-headers``."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


async def check(request: web.Request, session_token: str) -> None:
    """Raises `Forbidden` unless the request shows the session's CSRF token."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("csrf_failed")
    shown = request.headers.get(HEADER) or await _from_form(request)
    expected = token_for(session_token)
    # A header may hold bytes that are no text; they are wrong, not an error of ours.
    if not hmac.compare_digest(
        shown.encode("utf-8", "surrogateescape"), expected.encode()
    ):
        raise Forbidden("csrf_failed")


async def _from_form(request: web.Request) -> str:
    if mixed.is_mixed(request) and not request.path.startswith("/api/"):
        return await mixed.first_field(request, FIELD)
    if request.content_type != "application/x-www-form-urlencoded":
        return ""  # an upload to the API carries the header; its body is streamed
    value = (await form_of(request)).get(FIELD)
    return value if isinstance(value, str) else ""


async def form_of(request: web.Request) -> MultiDictProxy[Any]:
    """The fields of a form. Raises: Malformed for a body that is none; TooLarge."""
    if _FIELDS not in request:
        try:
            request[_FIELDS] = await _read(request)
        except (ValueError, LookupError, AssertionError) as error:  # also its charset
            raise Malformed(reason="form cannot be read") from error
    return request[_FIELDS]


async def _read(request: web.Request) -> MultiDictProxy[Any]:
    larger = request.app[LARGER].get(request.path) if LARGER in request.app else None
    if larger is None:
        return await request.post()
    limit, too_large = larger
    if (request.content_length or 0) > limit:
        raise too_large()
    try:
        return await request.clone(client_max_size=limit).post()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large() from error
