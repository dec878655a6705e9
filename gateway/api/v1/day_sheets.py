"""``GET /day-sheets/{position_id}/{date}``: a leader's day, on paper or in a message."""

from __future__ import annotations

import asyncio

from aiohttp import web

from chassis.clock import now as clock_now
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, path_arguments, require_scope
from gateway.api.v1.validation import read_query
from gateway.auth import authenticate, context_of
from gateway.exports import day_sheet
from gateway.files.naming import disposition

SHEET = Operation(
    name="get_day_sheet",
    method="GET",
    path="/day-sheets/{position_id}/{date}",
    service="schedule",
    summary="The day of a leader: PDF, or plain text fit for a chat message, by Accept",
    tag="calendars",
    scope="schedule:read",
    errors=("invalid",),
)
OPERATIONS = (SHEET,)


def add_routes(app: web.Application) -> None:
    app.router.add_get(BASE + SHEET.path, get_day_sheet, name=SHEET.name)


async def get_day_sheet(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), SHEET)
    read_query(None, request.query)
    sheet = await request.app[keys.CLIENT].call(
        await context_of(request),
        SHEET.service,
        SHEET.name,
        **path_arguments(request, SHEET),
    )
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept"}
    if wants_text(request.headers.get("Accept", "")):
        text = day_sheet.as_text(sheet)
        return web.Response(text=text, content_type="text/plain", headers=headers)
    name = f"agenda-{sheet['date']}.pdf"
    headers["Content-Disposition"] = disposition(name, inline=True)
    return web.Response(
        body=await asyncio.to_thread(day_sheet.as_pdf, sheet, clock_now()),
        content_type="application/pdf",
        headers=headers,
    )


def wants_text(accept: str) -> bool:
    """Text is preferred by name only; whoever takes anything gets the paper."""
    liked = {"text": 0.0, "application": 0.0}
    for part in accept.lower().split(","):
        kind, _, rest = part.strip().partition(";")
        family, _, name = kind.strip().partition("/")
        if name in ("plain", "pdf") and family in liked:
            liked[family] = max(liked[family], _quality(rest))
    return liked["text"] > liked["application"]


def _quality(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
