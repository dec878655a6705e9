"""Confirming an occurrence of a series: this one, those after it too, or all."""

from __future__ import annotations

import uuid
from typing import Any, Final

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import forms, recurring, recurring_words, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.activity import activity_values
from gateway.portal.views.answering import clash_text
from gateway.portal.visitor import Visitor

_FIELDS: Final = {"/scope": "lingkup", "/reason": "alasan"}


@page
async def confirm_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/tetapkan``"""
    return await _sheet(request, visitor, {"lingkup": "all"}, [], 200)


@page
async def confirm(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/tetapkan``"""
    fields = await forms.posted(request)
    scope = fields.get("lingkup", "")
    if scope not in recurring_words.SCOPES:
        problem = {"field": "lingkup", "message": "Pilih tanggal mana yang ditetapkan."}
        return await _sheet(request, visitor, fields, [problem], 422)
    try:
        confirmed = await _confirm(request, visitor, fields, scope)
    except RakatError as error:
        return await _sheet(request, visitor, fields, _said_of(error), error.status)
    onward = f"/kegiatan/{request.match_info['activity_id']}"
    return rendering.see_other(request, onward, Flash(text=_said(confirmed)))


async def _confirm(
    request: web.Request, visitor: Visitor, fields: Any, scope: str
) -> dict[str, Any]:
    done = await act(
        request,
        visitor,
        "schedule",
        "confirm_activity",
        key=fields.get("kunci"),
        seconds=None if scope == "this" else recurring.SERIES_SECONDS,
        activity_id=request.match_info["activity_id"],
        body=forms.without_empty({"reason": forms.text_or_none(fields, "alasan")}),
        query={"scope": scope},
    )
    body: dict[str, Any] = done.body
    return body


def _said(activity: dict[str, Any]) -> str:
    report = activity.get("series")
    if not report:
        return "Kegiatan ini ditetapkan. Semua peserta diberi tahu."
    number = words.number(report["occurrences"])
    return f"{number} tanggal ditetapkan. Semua peserta diberi tahu."


def _said_of(error: RakatError) -> list[forms.Problem]:
    """What is in the way first, and of how much."""
    if error.code != "schedule_conflict":
        return forms.problems_of(error, _FIELDS)
    said = f"{clash_text(error)} Belum ada tanggal yang ditetapkan."
    return [{"field": "lingkup", "message": said}]


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    fields: Any,
    problems: list[forms.Problem],
    status_code: int,
) -> web.Response:
    values = await activity_values(request, visitor)
    values |= {
        "fields": fields,
        "problems": problems,
        "scopes": recurring_words.SCOPES,
        # What was refused did nothing, and other words need another key.
        "key": str(uuid.uuid4()),
    }
    return rendering.sheet(
        request, visitor, "series_confirm.html", status_code=status_code, **values
    )
