"""What waits for the keeper of rooms and vehicles, a series as one; agreed to or not."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Conflict
from gateway.portal import forms, recurring, rendering, words
from gateway.portal import resources as keeping
from gateway.portal.access import page
from gateway.portal.asking import Section, act, ask, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

HERE = "/ruang/persetujuan"
Row = dict[str, Any]


@page
async def approvals(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ruang/persetujuan?lanjut=``"""
    return await _page(request, visitor, MultiDict())


async def waiting_rooms(
    request: web.Request, visitor: Visitor, known: Offices, **more: Any
) -> Section:
    """What the visitor's units are asked for; who keeps none is not asked about."""
    if not keeping.kept_units(visitor, known):
        return Section([])
    query = {"limit": 50, **more}
    return await section(
        ask(request, visitor, "schedule", "list_resource_approvals", query=query)
    )


@page
async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /ruang/persetujuan``: one date, or all open dates of a series."""
    fields = await forms.posted(request)
    agrees = fields.get("jawaban") == "setuju"
    scope = "all" if fields.get("lingkup") == "all" else "this"
    reason = None if agrees else forms.text_or_none(fields, "alasan")
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            "approve_resource",
            key=fields.get("kunci"),
            seconds=None if scope == "this" else recurring.SERIES_SECONDS,
            activity_id=fields.get("kegiatan", ""),
            resource_id=fields.get("ruang", ""),
            body=forms.without_empty({"approved": agrees, "reason": reason}),
            query={"scope": scope},
        )
    except Conflict as error:
        return await _page(request, visitor, fields, refusal(error), error.status)
    return rendering.see_other(request, HERE, Flash(text=_said(done.body, agrees)))


def refusal(error: Conflict) -> str:
    """Why the keeper's word could not be taken."""
    if error.code == "illegal_transition":
        return "Sudah dijawab lebih dulu, atau kegiatannya berakhir."
    return keeping.refusal(error)


def _said(activity: Row, agrees: bool) -> str:
    report = activity.get("series")
    if not report:
        return "Disetujui." if agrees else "Ditolak. Kegiatannya tidak memakainya lagi."
    number = words.number(report["occurrences"])
    if not agrees:
        return f"{number} tanggal ditolak. Semuanya tidak memakainya lagi."
    left = len(report["skipped"])
    more = f" {left} tanggal masih menunggu karena sudah terpakai." if left else ""
    return f"{number} tanggal disetujui.{more}"


async def _page(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    refused: str = "",
    status_code: int = 200,
) -> web.Response:
    known = await known_offices(request, visitor)
    after = request.query.get("lanjut")
    more = {"cursor": after} if after else {}
    return rendering.render(
        request,
        visitor,
        "room_approvals.html",
        status_code=status_code,
        found=await waiting_rooms(request, visitor, known, **more),
        fields=fields,
        refused=refused,
        offices=known,
        fresh_key=lambda: str(uuid.uuid4()),
        back="/ruang",
    )
