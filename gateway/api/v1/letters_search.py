"""HTTP rows of letters: the text of a page, as JSON or plain."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contracts.letters.search import PageText
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, path_arguments, require_scope
from gateway.api.v1.validation import read_query
from gateway.auth import authenticate, context_of

PAGE_TEXT = Operation(
    name="get_page_text",
    method="GET",
    path="/letters/{letter_id}/files/{file_id}/pages/{n}/text",
    service="letters",
    summary="The text of a page, for slow lines and screen readers",
    tag="files",
    response=PageText,
    scope="letters:read",
    errors=("invalid",),
)
OPERATIONS = (PAGE_TEXT,)


def add_routes(app: web.Application) -> None:
    app.router.add_get(BASE + PAGE_TEXT.path, get_page_text, name=PAGE_TEXT.name)


async def get_page_text(request: web.Request) -> web.StreamResponse:
    """JSON; with ``Accept: text/plain`` the text alone, its state in a header."""
    require_scope(await authenticate(request), PAGE_TEXT)
    read_query(None, request.query)
    found: dict[str, Any] = await request.app[keys.CLIENT].call(
        await context_of(request),
        "letters",
        PAGE_TEXT.name,
        **path_arguments(request, PAGE_TEXT),
    )
    if not _wants_plain(request):
        return answer_with(request, PAGE_TEXT, found)
    headers = {"Cache-Control": "no-store", "X-Text-State": found["state"]}
    return web.Response(text=found["text"], headers=headers)


def _wants_plain(request: web.Request) -> bool:
    """Only who names it and not JSON; browsers that take anything get JSON."""
    given = request.headers.get("Accept", "").lower()
    kinds = [each.split(";")[0].strip() for each in given.split(",")]
    return "text/plain" in kinds and "application/json" not in kinds
