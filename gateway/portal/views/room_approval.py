"""A room or vehicle asked for by another unit: its keeper agrees, or takes it out."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contracts.errors import Conflict, NotFound, Unavailable
from gateway.bus import RemoteFault
from gateway.portal import forms, rendering, words
from gateway.portal import resources as keeping
from gateway.portal.access import page
from gateway.portal.asking import act, ask
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.room_approvals import refusal
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

_WITHDRAWN = (
    "Persetujuan ditarik: tanggal yang ditambahkan nanti menunggu Anda lagi."
    " Yang sudah disetujui tetap."
)


async def to_answer(
    request: web.Request, visitor: Visitor, activity: Row, known: Offices
) -> list[Row]:
    """What the activity asks of the visitor's own unit, or has of it for good."""
    if activity["state"] not in ("proposed", "tentative", "confirmed"):
        return []
    asked = [
        row
        for row in activity["resources"]
        if row.get("agreed_ahead") or not row.get("approved", True)
    ]
    found = await asyncio.gather(
        *(_unit_of(request, visitor, row["resource_id"]) for row in asked)
    )
    return [
        row
        for row, unit_id in zip(asked, found, strict=True)
        if keeping.keeps(visitor, known, unit_id)
    ]


async def _unit_of(request: web.Request, visitor: Visitor, resource_id: str) -> str:
    """Empty when it cannot be told now: the activity is still shown."""
    try:
        row = await ask(
            request, visitor, "schedule", "get_resource", resource_id=resource_id
        )
    except (NotFound, Unavailable, RemoteFault):
        return ""
    return str(row["unit_id"])


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/ruang/{resource_id}``"""
    fields = await forms.posted(request)
    agrees = fields.get("jawaban") == "setuju"
    withdraws = fields.get("jawaban") == "tarik"
    reason = None if agrees else forms.text_or_none(fields, "alasan")
    here = f"/kegiatan/{request.match_info['activity_id']}"
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            "approve_resource",
            key=fields.get("kunci"),
            activity_id=request.match_info["activity_id"],
            resource_id=request.match_info["resource_id"],
            body=forms.without_empty({"approved": agrees, "reason": reason}),
            query={"scope": "following" if withdraws else "this"},
        )
    except Conflict as error:
        message = Flash(text=refusal(error), tone="soon")
        return rendering.see_other(request, here, message)
    if agrees:
        return rendering.see_other(request, here, Flash(text="Disetujui."))
    if withdraws:
        return rendering.see_other(request, here, Flash(text=_WITHDRAWN))
    # Without the room it may be none of the keeper's business any more.
    day = words.day_of(done.body["starts_at"]).isoformat()
    message = Flash(text="Ditolak. Kegiatannya tidak memakainya lagi.")
    return rendering.see_other(request, f"/jadwal?tanggal={day}", message)
