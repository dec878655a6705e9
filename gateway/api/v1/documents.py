"""PDFs made on demand: the disposition sheet, the preview of an outgoing letter.

The public `/verify/{token}` is described here and served by `gateway.verification`.
"""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from contracts import codec
from contracts.letters.documents import SheetQuery, Verification
from gateway import keys
from gateway.api.v1.files import send_file
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, path_arguments, require_scope
from gateway.api.v1.validation import read_query, read_struct
from gateway.auth import authenticate, context_of
from gateway.files.naming import disposition

_SECONDS = 45.0  # a turn at the press, then the press

SHEET = Operation(
    name="get_disposition_sheet",
    method="GET",
    path="/letters/{letter_id}/disposition-sheet.pdf",
    service="letters",
    summary="The printed lembar disposisi, a page for each disposition",
    tag="documents",
    query=SheetQuery,
    scope="letters:read",
    errors=("too_large",),
)
PREVIEW = Operation(
    name="get_letter_preview",
    method="GET",
    path="/letters/{letter_id}/preview.pdf",
    service="letters",
    summary="An outgoing letter as it would be printed; once signed, the letter itself",
    tag="documents",
    scope="letters:read",
    errors=("too_large",),
)
VERIFY = Operation(
    name="verify_letter",
    method="GET",
    path="/verify/{token}",
    at_root=True,
    service="letters",
    summary="Whether a signed letter is genuine; a page for people, JSON by Accept",
    tag="documents",
    response=Verification,
    public=True,
    errors=("rate_limited",),
)
OPERATIONS = (SHEET, PREVIEW, VERIFY)


def add_routes(app: web.Application) -> None:
    app.router.add_get(BASE + SHEET.path, get_disposition_sheet, name=SHEET.name)
    app.router.add_get(BASE + PREVIEW.path, get_letter_preview, name=PREVIEW.name)


async def get_disposition_sheet(request: web.Request) -> web.StreamResponse:
    query = codec.dump(read_struct(SheetQuery, request.query))
    return _pdf(await _made(request, SHEET, query=query))


async def get_letter_preview(request: web.Request) -> web.StreamResponse:
    read_query(None, request.query)
    found = await _made(request, PREVIEW)
    if found["file_id"] is None:
        return _pdf(found)
    file = await request.app[keys.CLIENT].call(
        await context_of(request),
        "letters",
        "get_letter_file",
        file_id=found["file_id"],
        **path_arguments(request, PREVIEW),
    )
    return await send_file(request, file)


async def _made(
    request: web.Request, operation: Operation, **more: Any
) -> dict[str, Any]:
    require_scope(await authenticate(request), operation)
    found: dict[str, Any] = await request.app[keys.CLIENT].call(
        await context_of(request),
        operation.service,
        operation.name,
        seconds=_SECONDS,
        **path_arguments(request, operation),
        **more,
    )
    return found


def _pdf(found: dict[str, Any]) -> web.Response:
    return web.Response(
        body=base64.b64decode(found["content"]),
        content_type="application/pdf",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": disposition(found["filename"], inline=True),
        },
    )
