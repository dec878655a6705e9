"""Confirming an occurrence of a series: this one, those after it too, or all."""

from __future__ import annotations

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.flash import Flash
from gateway.portal.views.answering import clash_text
from gateway.portal.views.series_act import (
    FIELDS,
    act_on_series,
    said,
    scope_problem,
    series_sheet,
)
from gateway.portal.visitor import Visitor

SHEET = "series_confirm.html"
DONE = "ditetapkan"


@page
async def confirm_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/tetapkan``"""
    return await series_sheet(request, visitor, SHEET, {"lingkup": "all"}, [], 200)


@page
async def confirm(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/tetapkan``"""
    fields = await forms.posted(request)
    scope = fields.get("lingkup", "")
    if problems := scope_problem(scope, DONE):
        return await series_sheet(request, visitor, SHEET, fields, problems, 422)
    try:
        confirmed = await act_on_series(
            request, visitor, "confirm_activity", fields, scope
        )
    except RakatError as error:
        return await series_sheet(
            request, visitor, SHEET, fields, _said_of(error), error.status
        )
    onward = f"/kegiatan/{request.match_info['activity_id']}"
    return rendering.see_other(request, onward, Flash(text=said(confirmed, DONE)))


def _said_of(error: RakatError) -> list[forms.Problem]:
    """What is in the way first, and of how much."""
    if error.code != "schedule_conflict":
        return forms.problems_of(error, FIELDS)
    text = f"{clash_text(error)} Belum ada tanggal yang ditetapkan."
    return [{"field": "lingkup", "message": text}]
