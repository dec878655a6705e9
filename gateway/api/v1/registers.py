"""Registers and retention lists: JSON a page at a time, CSV and PDF the whole book."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Literal

from aiohttp import web

from chassis.clock import now as clock_now
from contracts import codec
from contracts.letters.registers import (
    RegisterPage,
    RegisterQuery,
    RegisterSort,
    RetentionQuery,
    RetentionRow,
)
from contracts.paging import Page
from gateway import keys
from gateway.api.v1.operation import Operation
from gateway.api.v1.router import BASE, answer_with, path_arguments, require_scope
from gateway.api.v1.validation import read_struct
from gateway.auth import authenticate, context_of
from gateway.exports import columns, retention, spreadsheet, streaming
from gateway.exports.book import Book
from gateway.exports.choosing import format_of

Row = dict[str, Any]


class RegisterFileQuery(RegisterQuery):
    """`format` before ``Accept``; a file holds the whole book, oldest line first."""

    format: Literal["json", "csv", "pdf"] | None = None


class RetentionFileQuery(RetentionQuery):
    format: Literal["json", "csv"] | None = None


REGISTER = Operation(
    name="list_register",
    method="GET",
    path="/registers/{unit_id}/{year}",
    service="letters",
    summary="A register's lines, newest first; CSV and PDF are the whole book",
    tag="registers",
    response=RegisterPage,
    query=RegisterFileQuery,
    scope="letters:read",
)
RETENTION = Operation(
    name="list_retention",
    method="GET",
    path="/retention",
    service="letters",
    summary="Ended letters of the caller's registers by how long they are kept",
    tag="registers",
    response=Page[RetentionRow],
    query=RetentionFileQuery,
    errors=("outside_register", "not_found"),
)
OPERATIONS = (REGISTER, RETENTION)


def add_routes(app: web.Application) -> None:
    # A year only: other words in this place are other operations.
    path = REGISTER.path.replace("{year}", r"{year:\d{1,6}}")
    app.router.add_get(BASE + path, list_register, name=REGISTER.name)
    app.router.add_get(BASE + RETENTION.path, list_retention, name=RETENTION.name)


async def list_register(request: web.Request) -> web.StreamResponse:
    ask, query = await _asked(request, REGISTER, RegisterFileQuery)
    kind = format_of(query.pop("format"), request)
    if kind == "json":
        return answer_with(request, REGISTER, await ask(query=query))
    whole = query | {"sort": RegisterSort.OLDEST.value, "limit": streaming.PAGE}
    found = streaming.pages(partial(_page, ask, whole))
    direction, year = query["direction"], request.match_info["year"]
    name = f"{columns.TITLES[direction]} {year}".lower().replace(" ", "-")
    if kind == "csv":
        parts, media_type = _csv(found, direction), spreadsheet.FULL_TYPE
    else:
        parts, media_type = _pdf(found, direction, query), "application/pdf"
    return await streaming.send(
        request, parts, media_type=media_type, filename=f"{name}.{kind}"
    )


async def list_retention(request: web.Request) -> web.StreamResponse:
    ask, query = await _asked(request, RETENTION, RetentionFileQuery)
    kind = format_of(query.pop("format"), request)
    if kind != "csv":
        return answer_with(request, RETENTION, await ask(query=query))
    found = streaming.pages(partial(_page, ask, query | {"limit": streaming.PAGE}))
    parts = _lines(found, [each for each, _ in retention.COLUMNS], retention.cells)
    return await streaming.send(
        request,
        parts,
        media_type=spreadsheet.FULL_TYPE,
        filename="retensi.csv",
    )


async def _asked(
    request: web.Request, operation: Operation, kind: type[Any]
) -> tuple[Callable[..., Awaitable[Any]], dict[str, Any]]:
    """The question to ask, as often as there are pages, and the query of the caller."""
    require_scope(await authenticate(request), operation)
    context = await context_of(request)
    query: dict[str, Any] = codec.dump(read_struct(kind, request.query))
    ask = partial(
        request.app[keys.CLIENT].call,
        context,
        operation.service,
        operation.name,
        **path_arguments(request, operation),
    )
    return ask, query


async def _page(
    ask: Callable[..., Awaitable[Any]], query: dict[str, Any], cursor: str | None
) -> Row:
    page: Row = await ask(query=query | {"cursor": cursor})
    return page


# ---- the whole book --------------------------------------------------------------


def _csv(found: AsyncIterator[Row], direction: str) -> AsyncIterator[bytes]:
    heads = [column.title for column in columns.OF_DIRECTION[direction]]
    return _lines(found, heads, partial(columns.cells, direction))


async def _lines(
    found: AsyncIterator[Row], heads: list[str], cells: Callable[[Row], list[Any]]
) -> AsyncIterator[bytes]:
    page = await anext(found)
    yield spreadsheet.lines([heads, *map(cells, page["items"])], first=True)
    async for page in found:
        yield spreadsheet.lines(map(cells, page["items"]))


async def _pdf(
    found: AsyncIterator[Row], direction: str, query: dict[str, Any]
) -> AsyncIterator[bytes]:
    page = await anext(found)
    heading = f"{page['unit_name']}, tahun {page['year']}{_told(page, query)}"
    book = Book(
        columns.TITLES[direction],
        heading,
        columns.OF_DIRECTION[direction],
        clock_now(),
    )
    yield book.begin()
    cells = partial(columns.cells, direction)
    yield await asyncio.to_thread(book.add, map(cells, page["items"]))
    async for page in found:
        yield await asyncio.to_thread(book.add, map(cells, page["items"]))
    yield book.end()


def _told(page: Row, query: dict[str, Any]) -> str:
    """Which part of the book this is, if not the whole."""
    parts = ["aplikasi lama"] if page["legacy"] else []
    for word, name in (("mulai", "from"), ("sampai", "to")):
        if query.get(name):
            parts.append(f"{word} {columns.day(query[name])}")
    if query.get("q"):
        parts.append(f"yang memuat “{query['q']}”")
    return f" ({', '.join(parts)})" if parts else ""
