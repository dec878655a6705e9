"""What is printed of a letter, so that a refusal is a page and not a document of the
API."""

from __future__ import annotations

import base64
from urllib.parse import quote

from aiohttp import web

from gateway.portal.access import page
from gateway.portal.asking import ask
from gateway.portal.visitor import Visitor

SECONDS = 45.0  # a turn at the press, then the press


@page
async def disposition_sheet(
    request: web.Request, visitor: Visitor
) -> web.StreamResponse:
    """``GET /surat/{letter_id}/lembar-disposisi.pdf``"""
    found = await ask(
        request,
        visitor,
        "letters",
        "get_disposition_sheet",
        seconds=SECONDS,
        letter_id=request.match_info["letter_id"],
    )
    # Made of the agenda number; quoted, so that it can never end the header.
    name = quote(found["filename"], safe="")
    return web.Response(
        body=base64.b64decode(found["content"]),
        content_type="application/pdf",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
