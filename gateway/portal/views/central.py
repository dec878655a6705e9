"""What an administrator sets for the whole regency: how long letters are kept, and
the patterns of numbers of units that have none of their own."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Forbidden, RakatError
from gateway.portal import forms, labels, numbering, rendering, retention_rules, words
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.flash import Flash
from gateway.portal.visitor import Visitor

RULES, PATTERNS = "/retensi/aturan", "/nomor/kabupaten"


@page
async def rules(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /retensi/aturan``"""
    visitor = _administrator(visitor)
    found = await ask(request, visitor, "letters", "get_retention_rules")
    rows = retention_rules.from_rules(found["items"])
    return await _rules_page(request, visitor, rows)


@page
async def change_rules(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /retensi/aturan``: save the whole schedule, or show it as changed."""
    visitor, fields = _administrator(visitor), await forms.posted(request)
    rows = retention_rules.rows_of(fields)
    if fields.get("aksi") != "simpan":
        return await _rules_page(request, visitor, rows)
    body, problems = retention_rules.body_of(rows)
    if problems:
        return await _rules_page(request, visitor, rows, problems, 422)
    key = fields.get("kunci")
    try:
        await act(
            request, visitor, "letters", "put_retention_rules", key=key, body=body
        )
    except RakatError as error:
        problems = forms.problems_of(error, retention_rules.error_fields(rows))
        return await _rules_page(request, visitor, rows, problems, error.status)
    return rendering.see_other(request, RULES, Flash(text="Jadwal retensi tersimpan."))


async def _rules_page(
    request: web.Request,
    visitor: Visitor,
    rows: list[retention_rules.Row],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    codes = await ask(
        request, visitor, "letters", "get_reference", name="classifications"
    )
    return rendering.render(
        request,
        visitor,
        "retention_rules.html",
        block="rules" if rendering.is_fragment(request) else None,
        status_code=status_code,
        rows=rows,
        problems=problems or [],
        names={item["code"]: item["label_id"] for item in codes["items"]},
        fates=labels.FATES,
        address=RULES,
        key=str(uuid.uuid4()),
        back="/lainnya",
    )


@page
async def patterns(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /nomor/kabupaten``"""
    visitor = _administrator(visitor)
    query = {"limit": 200}
    found = await ask(request, visitor, "letters", "list_number_templates", query=query)
    rows = [row for row in found["items"] if row["unit_id"] is None]
    return await _patterns_page(request, visitor, rows)


@page
async def change_patterns(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /nomor/kabupaten``: save all of them, or show them as changed."""
    visitor, fields = _administrator(visitor), await forms.posted(request)
    rows = numbering.rows_of(fields)
    if fields.get("aksi") != "simpan":
        return await _patterns_page(request, visitor, rows)
    key, body = fields.get("kunci"), numbering.body_of(None, rows)
    try:
        await act(
            request, visitor, "letters", "put_number_templates", key=key, body=body
        )
    except RakatError as error:
        problems = forms.problems_of(error, numbering.error_fields(rows))
        return await _patterns_page(request, visitor, rows, problems, error.status)
    message = Flash(text="Pola nomor kabupaten tersimpan.")
    return rendering.see_other(request, PATTERNS, message)


async def _patterns_page(
    request: web.Request,
    visitor: Visitor,
    rows: list[dict[str, Any]],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    kinds = await ask(request, visitor, "letters", "get_reference", name="kinds")
    today = words.day_of(clock_now())
    return rendering.render(
        request,
        visitor,
        "numbers.html",
        block="patterns" if rendering.is_fragment(request) else None,
        status_code=status_code,
        rows=[
            {**row, "example": numbering.example(row["pattern"], "", today)}
            for row in rows
        ],
        problems=problems or [],
        owner="Seluruh kabupaten",
        central=True,
        address=PATTERNS,
        offices=await known_offices(request, visitor),
        kinds=[k for k in kinds["items"] if k.get("outgoing", True)],
        kind_labels={item["code"]: item["label_id"] for item in kinds["items"]},
        tokens=numbering.TOKENS,
        key=str(uuid.uuid4()),
        back="/lainnya",
    )


def _administrator(visitor: Visitor) -> Visitor:
    """Acting as the office that may, whichever is chosen; the service decides."""
    if not visitor.administers:
        raise Forbidden
    return visitor.as_office(visitor.administers)
