"""Enumerations and reference lists, for forms and for applications."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contracts.errors import NotFound
from contracts.reference import DATA_LISTS, ReferenceList, items_of
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with
from gateway.api.v1.validation import read_query
from gateway.auth import context_of
from gateway.client import Client, RequestContext

GET_REFERENCE = Operation(
    name="get_reference",
    method="GET",
    path="/reference/{name}",
    service="gateway",
    summary="A list of codes with their labels",
    tag="reference",
    response=ReferenceList,
    scope="directory:read",
)
OPERATIONS = (GET_REFERENCE,)


def add_routes(app: web.Application) -> None:
    app.router.add_get(BASE + GET_REFERENCE.path, get_reference, name="get_reference")


async def get_reference(request: web.Request) -> web.StreamResponse:
    context = await context_of(request)  # any scope will do: the words are no secret
    read_query(None, request.query)
    name = request.match_info["name"]
    items = await read_reference(request.app[keys.CLIENT], context, name)
    return answer_with(request, GET_REFERENCE, {"items": items})


async def read_reference(
    client: Client, context: RequestContext, name: str
) -> list[dict[str, Any]]:
    """The items of the list `name`; raises `NotFound`. Also for the portal."""
    closed = items_of(name)
    if closed is not None:
        return closed
    if name not in DATA_LISTS:
        raise NotFound()
    answer = await client.call(context, DATA_LISTS[name], "get_reference", name=name)
    return list(answer["items"])
