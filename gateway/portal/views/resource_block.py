"""A room or vehicle taken out of use for a time: repairs, cleaning, an own need."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import Conflict, RakatError
from gateway.portal import forms, rendering, words
from gateway.portal import resources as keeping
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.forms import Problem
from gateway.portal.views.resource_form import kept_resource
from gateway.portal.views.resources import list_values
from gateway.portal.visitor import Visitor

ERROR_FIELDS = {"/starts_at": "mulai", "/ends_at": "selesai", "/reason": "alasan"}


@page
async def sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ruang/{resource_id}/tutup``"""
    row = await kept_resource(request, visitor)
    today = words.day_of(clock_now()).isoformat()
    return await _sheet(request, visitor, row, {"mulai": today, "selesai": today})


@page
async def block(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /ruang/{resource_id}/tutup``: closed, or what is booked is shown."""
    row = await kept_resource(request, visitor)
    fields = await forms.posted(request)
    body, problems = _body_of(fields)
    if problems:
        return await _sheet(request, visitor, row, fields, problems, 422)
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            "block_resource",
            key=fields.get("kunci"),
            resource_id=row["resource_id"],
            body=body,
        )
    except RakatError as error:
        problems = _problems_of(error)
        return await _sheet(request, visitor, row, fields, problems, error.status)
    return _closed(request, row, done.body)


def _closed(
    request: web.Request, row: dict[str, Any], made: dict[str, Any]
) -> web.StreamResponse:
    """Opened again by calling off the activity that keeps it closed."""
    when = words.span_day(made["starts_at"], made["ends_at"], clock_now())
    message = Flash(
        text=f"{row['name']} ditutup {when}.",
        link=f"/kegiatan/{made['activity_id']}",
        link_text="Buka",
    )
    return rendering.see_other(request, "/ruang", message)


def _body_of(fields: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    body: dict[str, str] = {"reason": fields.get("alasan", "")}
    problems: list[Problem] = []
    for field, name in (("mulai", "starts_at"), ("selesai", "ends_at")):
        try:
            at = forms.join_day_time(fields[field], fields[f"jam-{field}"])
            body[name] = at.isoformat()
        except (KeyError, ValueError):
            problems.append(
                {"field": field, "message": f"Isi tanggal dan jam {field}."}
            )
    if not body["reason"]:
        problems.append({"field": "alasan", "message": "Isi alasannya."})
    return body, problems


def _problems_of(error: RakatError) -> list[Problem]:
    if isinstance(error, Conflict):
        return [{"field": "mulai", "message": keeping.refusal(error)}]
    return forms.problems_of(error, ERROR_FIELDS)


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    row: dict[str, Any],
    fields: Mapping[str, str],
    problems: list[Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    return rendering.sheet(
        request,
        visitor,
        "resource_block.html",
        status_code=status_code,
        resource=row,
        fields=fields,
        key=fields.get("kunci") or str(uuid.uuid4()),
        problems=problems or [],
        **await list_values(request, visitor),
    )
