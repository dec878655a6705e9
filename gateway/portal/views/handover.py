"""The paper of a letter from hand to hand: sent on, signed for with one tap."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Forbidden, RakatError
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.allowed import paper_acts
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor

CANDIDATES = 12
_GROUPS = ("must_handle", "must_coordinate", "following", "informed")
Row = dict[str, Any]


@page
async def hand_over_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/serah``"""
    values = await _values(request, visitor)
    return _hand_over_sheet(request, visitor, values, MultiDict(), [])


@page
async def hand_over(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/serah``: send it on, or the sheet as searched."""
    values = await _values(request, visitor)
    fields = await forms.posted(request)
    if fields.get("aksi") == "ubah":
        return _hand_over_sheet(request, visitor, values, fields, [])
    to = fields.get("penerima", "")
    if not values["offices"].get(to):
        problems = [{"field": "penerima", "message": "Pilih penerimanya."}]
        return _hand_over_sheet(request, visitor, values, fields, problems, 422)
    body = {"to_position_id": to, "note": fields.get("catatan")}
    try:
        await _act(request, visitor, "hand_over_paper", fields, body)
    except RakatError as error:
        names = {"/to_position_id": "penerima", "/note": "catatan"}
        problems = forms.problems_of(error, names)
        return _hand_over_sheet(
            request, visitor, values, fields, problems, error.status
        )
    return _done(request, f"Diserahkan ke {values['offices'].short(to)}.")


async def _values(request: web.Request, visitor: Visitor) -> Row:
    """The letter below the sheet; raises `Forbidden` for who does not hold it."""
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    if not paper_acts(values["tracking"].get("paper"), visitor).hand_over:
        raise Forbidden
    return values


def _hand_over_sheet(
    request: web.Request,
    visitor: Visitor,
    values: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    known, needle = values["offices"], fields.get("cari", "")
    holder = values["tracking"]["paper"]["position_id"]
    rows = known.search(needle) if needle else _usual(values, known)
    candidates = [row for row in rows if row["position_id"] != holder][:CANDIDATES]
    only = candidates[0]["position_id"] if len(candidates) == 1 else ""
    more = {
        "problems": problems,
        "needle": needle,
        "candidates": candidates,
        "chosen": fields.get("penerima", only),
        "note": fields.get("catatan", ""),
        "key": fields.get("kunci") or str(uuid.uuid4()),
    }
    return _render(request, visitor, "handover.html", {**values, **more}, status_code)


def _usual(values: Row, known: Offices) -> list[Row]:
    """Who has the letter to handle, then the registrars of their units."""
    tracking, letter = values["tracking"], values["letter"]
    holders = [row["position_id"] for name in _GROUPS for row in tracking[name]]
    offices = [known.get(each) for each in [*holders, *letter["addressees"]]]
    units = {row["unit_id"] for row in offices if row}
    registrars = [
        row
        for row in known.positions.values()
        if row["duty"] == "registrar"
        and (
            row["unit_id"] in units
            or known.units.get(row["unit_id"], {}).get("register_unit_id") in units
        )
    ]
    found = {row["position_id"]: row for row in [*offices, *registrars] if row}
    return list(found.values())


@page
async def receipt_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/serah/{handover_id}``; signed long ago: tracking."""
    letter_id = request.match_info["letter_id"]
    values = await letter_values(request, visitor, letter_id)
    paper = values["tracking"].get("paper")
    if not paper or paper["handover_id"] != request.match_info["handover_id"]:
        raise web.HTTPSeeOther(f"/surat/{letter_id}/posisi")
    return _receipt_sheet(request, visitor, values, MultiDict(), [])


@page
async def sign_receipt(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/serah/{handover_id}``"""
    fields = await forms.posted(request)
    accepted = fields.get("diterima") == "ya"
    body = {"accepted": accepted, "note": fields.get("catatan")}
    handover_id = request.match_info["handover_id"]
    try:
        await _act(
            request, visitor, "sign_receipt", fields, body, handover_id=handover_id
        )
    except RakatError as error:
        problems = forms.problems_of(error, {"/note": "catatan"})
        values = await letter_values(request, visitor, request.match_info["letter_id"])
        if not (values["tracking"].get("paper") or {}).get("handover_id"):
            raise
        return _receipt_sheet(request, visitor, values, fields, problems, error.status)
    said = "Fisik surat tercatat pada Anda." if accepted else "Penyerahan dibatalkan."
    return _done(request, said)


def _receipt_sheet(
    request: web.Request,
    visitor: Visitor,
    values: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    more = {"problems": problems, "note": fields.get("catatan", "")}
    return _render(request, visitor, "receipt.html", {**values, **more}, status_code)


# ---- shared -------------------------------------------------------------------------


async def _act(
    request: web.Request,
    visitor: Visitor,
    method: str,
    fields: MultiDict[str],
    body: Row,
    **path: str,
) -> None:
    await act(
        request,
        visitor,
        "letters",
        method,
        key=fields.get("kunci"),
        letter_id=request.match_info["letter_id"],
        body={name: value for name, value in body.items() if value not in (None, "")},
        **path,
    )


def _render(
    request: web.Request, visitor: Visitor, template: str, values: Row, code: int
) -> web.Response:
    """The sheet alone for htmx, else over its letter; closed, it shows the tracking."""
    back = f"/surat/{request.match_info['letter_id']}/posisi"
    return rendering.sheet(
        request,
        visitor,
        template,
        status_code=code,
        **{**values, "back": back},
    )


def _done(request: web.Request, text: str) -> web.Response:
    location = f"/surat/{request.match_info['letter_id']}/posisi"
    return rendering.see_other(request, location, Flash(text=text))
