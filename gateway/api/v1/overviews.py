"""The leader's overview: JSON, or its table of units as CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Literal

from aiohttp import web

from contracts import codec
from contracts.letters.dispositions import Overview, OverviewQuery
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, require_scope
from gateway.api.v1.validation import read_struct
from gateway.auth import authenticate, context_of
from gateway.exports import overview, spreadsheet, streaming
from gateway.exports.choosing import format_of


class OverviewFileQuery(OverviewQuery):
    """`format` before ``Accept``; the file has a row for each unit."""

    format: Literal["json", "csv"] | None = None


OVERVIEW = Operation(
    name="get_overview",
    method="GET",
    path="/overview",
    service="letters",
    summary="Letters in numbers over what a leader may see; CSV has its units",
    tag="letters",
    response=Overview,
    query=OverviewFileQuery,
    errors=("forbidden", "not_found"),
)
OPERATIONS = (OVERVIEW,)


def add_routes(app: web.Application) -> None:
    app.router.add_get(BASE + OVERVIEW.path, get_overview, name=OVERVIEW.name)


async def get_overview(request: web.Request) -> web.StreamResponse:
    require_scope(await authenticate(request), OVERVIEW)
    query: dict[str, Any] = codec.dump(read_struct(OverviewFileQuery, request.query))
    kind = format_of(query.pop("format"), request)
    found = await request.app[keys.CLIENT].call(
        await context_of(request), OVERVIEW.service, OVERVIEW.name, query=query
    )
    if kind != "csv":
        return answer_with(request, OVERVIEW, found)
    return await streaming.send(
        request,
        _lines(found),
        media_type=spreadsheet.FULL_TYPE,
        filename=f"ikhtisar-surat-{found['from']}-{found['to']}.csv",
    )


async def _lines(found: dict[str, Any]) -> AsyncIterator[bytes]:
    yield spreadsheet.lines([overview.HEADS, *overview.rows(found)], first=True)
