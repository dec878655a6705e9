"""All operations of the API in one table, gathered from the rows of each part."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from gateway.api.v1 import (
    calendar_imports,
    calendars,
    day_sheets,
    directory,
    documents,
    files,
    letters,
    letters_dispositions,
    letters_outgoing,
    letters_registers,
    letters_search,
    letters_trail,
    notify,
    openapi,
    overviews,
    reference,
    registers,
    router,
    schedule,
    schedule_calendars,
    schedule_requests,
    schedule_resources,
    schedule_series,
    schedule_slots,
    sessions,
    stream,
)
from gateway.api.v1.operation import Operation

_LETTERS = (
    letters,
    letters_outgoing,
    letters_registers,
    letters_search,
    letters_dispositions,
    letters_trail,
)
_SCHEDULE = (
    schedule,
    schedule_series,
    schedule_resources,
    schedule_calendars,
    schedule_requests,
    schedule_slots,
)
_PARTS = (directory, *_LETTERS, *_SCHEDULE, notify)
_OWN = (
    sessions,
    files,
    documents,
    letters_search,
    stream,
    reference,
    registers,
    overviews,
    calendars,
    calendar_imports,
    day_sheets,
)
"""Parts whose handlers do more than pass a call on."""


def operations() -> tuple[Operation, ...]:
    """Those served by a service over RPC alone."""
    return tuple(operation for part in _PARTS for operation in part.OPERATIONS)


def all_operations() -> tuple[Operation, ...]:
    """With those that have a handler of their own."""
    own = [operation for part in _OWN for operation in part.OPERATIONS]
    names = {operation.name for operation in own}
    return (*own, *(each for each in operations() if each.name not in names))


def add_api(app: web.Application) -> None:
    """Every route of the API, fixed paths before those with parameters."""
    for part in _OWN:
        part.add_routes(app)
    own = {operation.name for part in _OWN for operation in part.OPERATIONS}
    for operation in sorted(operations(), key=_fixed_first):
        if operation.name not in own:
            router.add_operation(app, operation)
    app.router.add_get(
        router.BASE + "/openapi.json", _publish(published()), name="get_openapi"
    )


@cache
def published() -> bytes:
    """The OpenAPI document; a table of constants, made once a process."""
    return msgspec.json.encode(openapi.document(all_operations()))


def _fixed_first(operation: Operation) -> tuple[int, str]:
    return len(operation.parameters), operation.path


def _publish(document: bytes) -> Any:
    async def get_openapi(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=document,
            content_type="application/json",
            headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"},
        )

    return get_openapi
