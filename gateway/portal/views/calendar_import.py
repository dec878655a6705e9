"""*Impor kalender*: a calendar file looked at first, then booked."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from contracts.errors import Forbidden, Invalid, RakatError, TooLarge
from gateway import calendar_files
from gateway.portal import feeds, forms, importing, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, known_offices
from gateway.portal.importing import File
from gateway.portal.visitor import Visitor

HERE = "/kalender/impor"


@page
async def form(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kalender/impor``"""
    return await _page(request, visitor, importing.file_of({}))


@page
async def take(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kalender/impor``: search, look what would happen, or book."""
    fields = await forms.posted(request)
    file = importing.file_of(fields)
    if fields.get("aksi") == "cari":
        wish = feeds.searched(await known_offices(request, visitor), file.wish)
        return await _page(request, visitor, File(wish, file.content))
    if problems := _problems(file):
        return await _page(request, visitor, file, problems, status_code=422)
    try:
        file.require_small()
        report = await _import(request, visitor, fields, file)
    except RakatError as error:
        problems = _said_of(error)
        return await _page(request, visitor, file, problems, status_code=error.status)
    return await _page(request, visitor, file, report=report)


def _problems(file: File) -> list[forms.Problem]:
    problems = []
    if not file.position_id:
        problems.append({"field": "untuk", "message": "Pilih jabatan."})
    if not file.content:
        problems.append(
            {"field": "ics", "message": "Pilih berkas .ics, atau tempel isinya."}
        )
    return problems


def _said_of(error: RakatError) -> list[forms.Problem]:
    """What has no field of its own is about the file, or about whose calendar it is."""
    field = {Invalid: "ics", TooLarge: "ics", Forbidden: "untuk"}.get(type(error), "")
    problems = forms.problems_of(error, importing.ERROR_FIELDS)
    return [{**one, "field": one["field"] or field} for one in problems]


async def _import(
    request: web.Request, visitor: Visitor, fields: Any, file: File
) -> dict[str, Any]:
    books = fields.get("aksi") == "simpan"
    done = await act(
        request,
        visitor,
        "schedule",
        "import_activities",
        key=fields.get("kunci") if books else None,
        seconds=calendar_files.SECONDS,
        content=file.content,
        query={"position_id": file.position_id, "dry_run": not books},
    )
    report: dict[str, Any] = done.body
    return report


async def _page(
    request: web.Request,
    visitor: Visitor,
    file: File,
    problems: list[forms.Problem] | None = None,
    *,
    report: dict[str, Any] | None = None,
    status_code: int = 200,
) -> web.Response:
    known = await known_offices(request, visitor)
    return rendering.render(
        request,
        visitor,
        "calendar_import.html",
        status_code=status_code,
        file=file,
        wish=file.wish,
        groups=feeds.choices(known, visitor, [], file.wish),
        problems=problems or [],
        report=report,
        draw=importing,
        most=calendar_files.LIMIT,
        offices=known,
        key=str(uuid.uuid4()),
        back="/kalender",
    )
