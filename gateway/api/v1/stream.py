"""The row and handler of the notification stream; see `gateway.stream`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE
from gateway.api.v1.validation import read_query
from gateway.auth import context_of


class StreamQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """For clients that cannot set the header ``Last-Event-ID``."""

    last_event_id: str | None = None


STREAM = Operation(
    name="stream_notifications",
    method="GET",
    path="/notifications/stream",
    service="notify",
    summary="My notifications, live and in order; resumes by Last-Event-ID",
    tag="notifications",
    query=StreamQuery,
    errors=("rate_limited",),
)
OPERATIONS = (STREAM,)


def add_routes(app: web.Application) -> None:
    app.router.add_get(
        BASE + STREAM.path, stream_notifications, name=STREAM.name, allow_head=False
    )


async def stream_notifications(request: web.Request) -> web.StreamResponse:
    context = await context_of(request)
    read_query(StreamQuery, request.query)
    token = request[keys.TOKEN]

    async def revalidate() -> None:
        await request.app[keys.SESSIONS].of(token, context.request_id)

    return await request.app[keys.STREAMS].serve(request, context, revalidate)
