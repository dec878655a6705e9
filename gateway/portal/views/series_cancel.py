"""Calling off an occurrence of a series: this one, those after it too, or all."""

from __future__ import annotations

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.flash import Flash
from gateway.portal.views.series_act import (
    FIELDS,
    act_on_series,
    said,
    scope_problem,
    series_sheet,
)
from gateway.portal.visitor import Visitor

SHEET = "series_cancel.html"
DONE = "dibatalkan"


@page
async def cancel_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/batalkan``"""
    return await series_sheet(request, visitor, SHEET, {}, [], 200)


@page
async def cancel(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/batalkan``"""
    fields = await forms.posted(request)
    scope = fields.get("lingkup", "")
    if problems := scope_problem(scope, DONE):
        return await series_sheet(request, visitor, SHEET, fields, problems, 422)
    try:
        called_off = await act_on_series(
            request, visitor, "cancel_activity", fields, scope
        )
    except RakatError as error:
        problems = forms.problems_of(error, FIELDS)
        return await series_sheet(
            request, visitor, SHEET, fields, problems, error.status
        )
    onward = f"/kegiatan/{request.match_info['activity_id']}"
    return rendering.see_other(request, onward, Flash(text=said(called_off, DONE)))
