"""Requests for a slot: those to me and by me, and the answers to one."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Conflict, Forbidden, Invalid, RakatError
from gateway.portal import forms, rendering, slot_requests
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.slot_requests import Row
from gateway.portal.visitor import Visitor

ACCEPT, MOVE, REFUSE = "terima", "pindah", "tolak"
_METHODS = {
    ACCEPT: ("accept_slot_request", "Jawaban tersimpan: diterima."),
    MOVE: ("move_slot_request", "Waktu lain ditawarkan. Pemohon diberi tahu."),
    REFUSE: ("refuse_slot_request", "Permintaan ditolak. Pemohon diberi tahu."),
}


@page
async def requests(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /permintaan?kotak=dari-saya&saring=selesai&lanjut=``"""
    by_me = request.query.get("kotak") == "dari-saya"
    ended = request.query.get("saring") == "selesai"
    query = {
        "box": "by_me" if by_me else "to_me",
        "open": not ended,
        "cursor": request.query.get("lanjut"),
        "limit": 50,
    }
    sent = {name: value for name, value in query.items() if value is not None}
    found, known = await asyncio.gather(
        section(ask(request, visitor, "schedule", "list_slot_requests", query=sent)),
        known_offices(request, visitor),
    )
    return rendering.render(
        request,
        visitor,
        "slot_requests.html",
        found=found,
        by_me=by_me,
        ended=ended,
        offices=known,
        slots=slot_requests,
        fresh_key=_fresh_key,
        back="/lainnya",
    )


@page
async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /permintaan/{activity_id}?cara=pindah|tolak``"""
    found = await _found(request, visitor)
    way = request.query.get("cara", "")
    return await _page(request, visitor, found, MultiDict(aksi=way))


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /permintaan/{activity_id}``: yes, another time, or no."""
    fields = await forms.posted(request)
    found = await _found(request, visitor)
    way = fields.get("aksi", "")
    if way not in _METHODS:
        return await _page(request, visitor, found, fields)
    body, problems = _body_of(way, fields, found["activity"])
    if problems:
        return await _page(request, visitor, found, fields, problems, 422)
    return await _send(request, visitor, found, fields, body)


def _body_of(
    way: str, fields: MultiDict[str], activity: Row
) -> tuple[Row, list[forms.Problem]]:
    note = forms.text_or_none(fields, "catatan")
    if way == ACCEPT:
        return {}, []
    if way == MOVE:
        times, problems = slot_requests.times_of(fields, activity)
        return forms.without_empty({**(times or {}), "note": note}), problems
    if not fields.get("alasan"):
        message = "Tulis alasannya; pemohon membacanya."
        return {}, [{"field": "alasan", "message": message}]
    return {"reason": fields["alasan"]}, []


async def _send(
    request: web.Request,
    visitor: Visitor,
    found: Row,
    fields: MultiDict[str],
    body: Row,
) -> web.Response:
    method, said = _METHODS[fields["aksi"]]
    here = f"/permintaan/{found['activity_id']}"
    try:
        await act(
            request,
            visitor,
            "schedule",
            method,
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
    return rendering.see_other(request, here, Flash(text=said))


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
        problems = forms.problems_of(error, slot_requests.ERROR_FIELDS)
        return await _page(request, visitor, found, fields, problems, error.status)
    clash = dict(error.facts)
    if not clash.get("conflicts"):
        clash = await _check(request, visitor, found["activity"], body)
    return await _page(
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


async def _found(request: web.Request, visitor: Visitor) -> Row:
    found: Row = await ask(
        request,
        visitor,
        "schedule",
        "get_slot_request",
        activity_id=request.match_info["activity_id"],
    )
    return found


async def _page(
    request: web.Request,
    visitor: Visitor,
    found: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
    clash: dict[str, Any] | None = None,
) -> web.Response:
    return rendering.render(
        request,
        visitor,
        "slot_request.html",
        status_code=status_code,
        found=found,
        activity=found["activity"],
        may=slot_requests.choices(found, visitor),
        slots=slot_requests,
        offices=await known_offices(request, visitor),
        fields=fields,
        problems=problems or [],
        clash=clash,
        fresh_key=_fresh_key,
        back="/permintaan",
    )


def _fresh_key() -> str:
    """One for each form: another body needs another key."""
    return str(uuid.uuid4())
