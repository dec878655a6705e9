"""Answers to a request for a slot: yes, another time, or no with a reason."""

from __future__ import annotations

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Conflict, Forbidden, Invalid, RakatError
from gateway.portal import forms, rendering, slot_answers
from gateway.portal.access import page
from gateway.portal.asking import act, ask
from gateway.portal.flash import Flash
from gateway.portal.slot_requests import Row
from gateway.portal.views.slot_requests import found_request, request_page
from gateway.portal.visitor import Visitor


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /permintaan/{activity_id}``: yes, another time, or no."""
    fields = await forms.posted(request)
    found = await found_request(request, visitor)
    way = fields.get("aksi", "")
    if way not in slot_answers.METHODS:
        return await request_page(request, visitor, found, fields)
    body, problems = slot_answers.body_of(way, fields, found["activity"])
    if problems:
        return await request_page(request, visitor, found, fields, problems, 422)
    return await _send(request, visitor, found, fields, body)


async def _send(
    request: web.Request,
    visitor: Visitor,
    found: Row,
    fields: MultiDict[str],
    body: Row,
) -> web.Response:
    here = f"/permintaan/{found['activity_id']}"
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            slot_answers.METHODS[fields["aksi"]],
            key=fields.get("kunci"),
            activity_id=found["activity_id"],
            body=body,
        )
    except Conflict as error:
        if error.code == "illegal_transition":
            text = "Belum tersimpan. Permintaan ini sudah berubah lebih dulu."
            return rendering.see_other(request, here, Flash(text=text, tone="soon"))
        return await _refused(request, visitor, found, fields, body, error)
    except (Invalid, Forbidden) as error:
        return await _refused(request, visitor, found, fields, body, error)
    return rendering.see_other(
        request, here, Flash(text=slot_answers.said_of(fields["aksi"], done.body))
    )


async def _refused(
    request: web.Request,
    visitor: Visitor,
    found: Row,
    fields: MultiDict[str],
    body: Row,
    error: RakatError,
) -> web.Response:
    """The same page with what was typed, and the clash when there is one."""
    if error.code != "schedule_conflict":
        problems = forms.problems_of(error, slot_answers.ERROR_FIELDS)
        return await request_page(
            request, visitor, found, fields, problems, error.status
        )
    clash = dict(error.facts)
    if not clash.get("conflicts"):
        clash = await _check(request, visitor, found["activity"], body)
    return await request_page(
        request, visitor, found, fields, status_code=error.status, clash=clash
    )


async def _check(
    request: web.Request, visitor: Visitor, activity: Row, body: Row
) -> Row:
    """What is in the way, when the refusal itself came too late to know."""
    times = body if "starts_at" in body else activity
    lines = activity["participants"]
    asked = {
        "starts_at": times["starts_at"],
        "ends_at": times.get("ends_at"),
        "kind": activity["kind"],
        "position_ids": [
            line["position_id"] for line in lines if line["role"] != "invited"
        ],
        "resource_ids": activity["resource_ids"],
        "exclude_activity_id": activity["activity_id"],
    }
    found: Row = await ask(
        request, visitor, "schedule", "check_conflicts", body=forms.without_empty(asked)
    )
    return found
