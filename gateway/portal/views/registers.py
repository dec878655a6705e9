"""The buku agenda on screen: the shelf of books, and one book month by month."""

from __future__ import annotations

import asyncio
import calendar
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Unavailable
from gateway.bus import RemoteFault
from gateway.portal import faults, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import Section, ask, section
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

DIRECTIONS = {"masuk": "incoming", "keluar": "outgoing"}
NAMES = {"incoming": "Surat masuk", "outgoing": "Surat keluar"}
CODES = {value: code for code, value in DIRECTIONS.items()}


@page
async def shelf(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /buku-agenda``"""
    found = await section(ask(request, visitor, "letters", "list_registers"))
    return rendering.render(
        request,
        visitor,
        "registers.html",
        found=found,
        units=_by_unit(found.items),
        names=NAMES,
        codes=CODES,
    )


def _by_unit(books: list[Row]) -> list[tuple[str, list[Row]]]:
    """Books of one unit together, in the order the service gives."""
    units: dict[str, tuple[str, list[Row]]] = {}
    for book in books:
        units.setdefault(book["unit_id"], (book["unit_name"], []))[1].append(book)
    return [*units.values()]


@page
async def book(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /buku-agenda/{unit_id}/{year}?arah=&bulan=&q=&lama=&lanjut=``"""
    unit_id, year = request.match_info["unit_id"], request.match_info["year"]
    asked = _asked(request, year)
    head, shelf_of = await asyncio.gather(
        _lines(request, visitor, unit_id, year, asked),
        section(ask(request, visitor, "letters", "list_registers")),
    )
    found, unit_name = head
    return rendering.render(
        request,
        visitor,
        "register.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        unit_name=unit_name,
        unit_id=unit_id,
        year=int(year),
        asked=asked,
        outgoing=asked["direction"] == "outgoing",
        title=f"{NAMES[asked['direction']]} {year}",
        years=_years(shelf_of.items, unit_id, asked),
        months=_months(int(year)),
        month=request.query.get("bulan", ""),
        link=_linker(request),
        names=NAMES,
        codes=CODES,
        download=_download(unit_id, year, asked),
    )


def _asked(request: web.Request, year: str) -> Row:
    """What the address asks, in the words of the API; what is none is left out."""
    direction = DIRECTIONS.get(request.query.get("arah", ""), "incoming")
    asked: Row = {"direction": direction}
    if request.query.get("lama"):
        asked["legacy"] = True
    if text := request.query.get("q", "").strip()[:200]:
        asked["q"] = text
    month = request.query.get("bulan", "")
    if month.isascii() and month.isdigit() and 1 <= int(month) <= 12:
        last = calendar.monthrange(int(year), int(month))[1]
        asked["from"] = f"{year}-{int(month):02}-01"
        asked["to"] = f"{year}-{int(month):02}-{last}"
    return asked


async def _lines(
    request: web.Request, visitor: Visitor, unit_id: str, year: str, asked: Row
) -> tuple[Section, str]:
    query = {**asked, "limit": 50}
    if cursor := request.query.get("lanjut"):
        query["cursor"] = cursor
    try:
        found = await ask(
            request,
            visitor,
            "letters",
            "list_register",
            unit_id=unit_id,
            year=year,
            query=query,
        )
    except Unavailable as error:
        return Section([], faults.fault_of(error)), ""
    except RemoteFault:
        return Section([], faults.fault_of(Unavailable())), ""
    return Section(found["items"], more=found["next_cursor"]), found["unit_name"]


def _years(books: list[Row], unit_id: str, asked: Row) -> list[tuple[int, bool]]:
    """Other years of the same book, those of the old application last."""
    same = [
        (each["year"], each["legacy"])
        for each in books
        if each["unit_id"] == unit_id and each["direction"] == asked["direction"]
    ]
    return sorted(same, key=lambda each: (each[1], -each[0]))


def _months(year: int) -> list[tuple[str, str]]:
    """The months there can be letters of, the latest first as the lines are."""
    today = words.day_of(clock_now())
    last = today.month if year == today.year else 12
    return [(str(n), words.MONTHS_SHORT[n - 1]) for n in range(last, 0, -1)]


def _linker(request: web.Request) -> Any:
    """Addresses of this book with some of its filters changed."""

    def link(year: int | None = None, **changes: str | None) -> str:
        kept = {
            name: value for name, value in request.query.items() if name != "lanjut"
        }
        asked = {name: value for name, value in {**kept, **changes}.items() if value}
        path = request.path.rsplit("/", 1)[0] + f"/{year}" if year else request.path
        return f"{path}?{urlencode(asked)}" if asked else path

    return link


def _download(unit_id: str, year: str, asked: Row) -> Any:
    def download(kind: str) -> str:
        query = {**asked, "format": kind}
        if query.get("legacy"):
            query["legacy"] = "true"
        return f"/api/v1/registers/{unit_id}/{year}?{urlencode(query)}"

    return download
