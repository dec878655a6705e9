"""``POST /activities/imports``: a calendar file into one position's time."""

from __future__ import annotations

from aiohttp import web

from contracts import codec
from contracts.errors import Malformed
from contracts.schedule_calendars import ImportQuery, ImportReport
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, idempotency_key, require_scope
from gateway.api.v1.validation import read_struct
from gateway.auth import authenticate, context_of
from gateway.calendar_files import LIMIT, SECONDS, no_calendar, too_large

_CHUNK = 64 * 1024

IMPORT = Operation(
    name="import_activities",
    method="POST",
    path="/activities/imports",
    service="schedule",
    summary="Book a calendar file's events (up to 2 MB); the same file again adds none",
    tag="calendars",
    response=ImportReport,
    query=ImportQuery,
    command=True,
    errors=("not_schedule_keeper", "malformed"),
)
OPERATIONS = (IMPORT,)


def add_routes(app: web.Application) -> None:
    app.router.add_post(BASE + IMPORT.path, import_activities, name=IMPORT.name)


async def import_activities(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), IMPORT)
    context = await context_of(request)
    query = codec.dump(read_struct(ImportQuery, request.query))
    key = idempotency_key(request)
    done = await request.app[keys.CLIENT].command(
        context,
        IMPORT.service,
        IMPORT.name,
        key=key,
        seconds=SECONDS,
        content=await _content(request),
        query=query,
    )
    return answer_with(request, IMPORT, done.body, replayed=done.replayed)


async def _content(request: web.Request) -> str:
    if request.content_type != "text/calendar":
        raise no_calendar()
    if (request.content_length or 0) > LIMIT:
        raise too_large()
    raw = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        raw += chunk
        if len(raw) > LIMIT:
            raise too_large()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(reason="text/calendar must be UTF-8") from error
