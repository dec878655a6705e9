"""A message for the next page: what was done, and the way to undo it.

It travels in a cookie of the browser it is meant for, for one minute at most; the
page that shows it deletes it. Undoing is an ordinary act, checked like any other.
"""

from __future__ import annotations

import base64
from typing import Literal

import msgspec
from aiohttp import web

from gateway.auth import is_secure

COOKIE = "rakat_kabar"


class Flash(msgspec.Struct, kw_only=True):
    """A toast; `undo` lists the tasks that a click on *Batalkan* withdraws."""

    text: str
    tone: Literal["done", "soon"] = "done"
    undo: list[str] = []
    link: str | None = None
    link_text: str | None = None


def put(request: web.Request, response: web.StreamResponse, flash: Flash) -> None:
    """Leave `flash` for the next page."""
    value = base64.urlsafe_b64encode(msgspec.json.encode(flash)).decode()
    response.set_cookie(
        COOKIE,
        value,
        max_age=60,
        httponly=True,
        samesite="Lax",
        path="/",
        secure=is_secure(request),
    )


def take(request: web.Request) -> Flash | None:
    """The message left for this page, if any."""
    raw = request.cookies.get(COOKIE)
    if not raw:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(raw), type=Flash)
    except (ValueError, msgspec.DecodeError):
        return None
