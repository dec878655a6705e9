"""Answering an invitation: attend, send somebody, or decline; clashes shown first."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web

from contracts.errors import NotFound, RakatError
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, my_task
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor

CANDIDATES = 12
_DONE = {
    "attend": "Jawaban terkirim: hadir. Kegiatan masuk ke agenda.",
    "represent": "Jawaban terkirim: diwakilkan.",
    "decline": "Jawaban terkirim: tidak hadir.",
}


@page
async def sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/kehadiran``"""
    task = await _invited_task(request, visitor)
    return await _sheet(request, visitor, task)


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/kehadiran``"""
    task = await _invited_task(request, visitor)
    fields = await forms.posted(request)
    decision = fields.get("jawaban", "attend")
    if decision == "represent" and not fields.get("wakil"):
        problems = [{"field": "wakil", "message": "Pilih siapa yang mewakili."}]
        return await _sheet(request, visitor, task, problems, fields, 422)
    body = {
        "decision": decision,
        "represented_by": fields.get("wakil") if decision == "represent" else None,
        "note": forms.text_or_none(fields, "catatan"),
    }
    try:
        await act(
            request,
            visitor.as_office(task["position_id"]),
            "letters",
            "decide_attendance",
            key=fields.get("kunci"),
            letter_id=task["letter_id"],
            body=forms.without_empty(body),
        )
    except RakatError as error:
        names = {"/represented_by": "wakil", "/note": "catatan"}
        problems = forms.problems_of(error, names)
        return await _sheet(request, visitor, task, problems, fields, error.status)
    message = Flash(text=_DONE.get(decision, "Jawaban terkirim."))
    return rendering.see_other(request, "/", message)


async def _invited_task(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    task = await my_task(request, visitor, request.match_info["task_id"])
    if not task["invitation"]:
        raise NotFound
    return task


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    problems: list[forms.Problem] | None = None,
    fields: Any = None,
    status_code: int = 200,
) -> web.Response:
    known = await known_offices(request, visitor)
    candidates = _candidates(known, task["position_id"])
    clashes, busy = await asyncio.gather(
        _conflicts(request, visitor, task, [task["position_id"]]),
        _conflicts(request, visitor, task, [row["position_id"] for row in candidates]),
    )
    block = "sheet" if rendering.is_fragment(request) else None
    values: dict[str, Any] = {"offices": known}
    if block is None:
        values = await letter_values(request, visitor, task["letter_id"])
    fields = fields or {}
    usual = "represent" if clashes and candidates else "attend"
    values |= {
        "task": task,
        "problems": problems or [],
        "fields": fields,
        "key": fields.get("kunci") or str(uuid.uuid4()),
        "clashes": clashes,
        "candidates": candidates,
        "busy": {clash["position_id"]: clash for clash in busy},
        "decision": fields.get("jawaban", usual),
    }
    return rendering.render(
        request,
        visitor,
        "attendance.html",
        block=block,
        status_code=status_code,
        **values,
    )


def _candidates(known: Offices, position_id: str) -> list[dict[str, Any]]:
    """Who usually goes instead: those right below, in order of rank."""
    rows = known.subordinates(position_id)
    leaders = [row for row in rows if row["duty"] not in ("aide", "registrar", "staff")]
    return (leaders or rows)[:CANDIDATES]


async def _conflicts(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    position_ids: list[str],
) -> list[dict[str, Any]]:
    """What is in the way at that time; nothing known while the schedule is away."""
    if not position_ids:
        return []
    body = {
        "starts_at": task["invitation"]["starts_at"],
        "ends_at": task["invitation"]["ends_at"],
        "position_ids": position_ids,
    }
    try:
        found = await ask(request, visitor, "schedule", "check_conflicts", body=body)
    except RakatError:
        return []
    conflicts: list[dict[str, Any]] = found["conflicts"]
    return conflicts
