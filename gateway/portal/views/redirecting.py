"""A letter that went to the wrong office, and one that ended too early."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Forbidden, RakatError
from gateway.portal import faults, forms, rendering, words
from gateway.portal.access import page
from gateway.portal.allowed import is_addressed
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor

CANDIDATES = 8
Row = dict[str, Any]


@page
async def redirect_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/alihkan``"""
    values = await _values(request, visitor, "redirect")
    return _redirect_sheet(request, visitor, values, MultiDict())


@page
async def redirect(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/alihkan``: redirect, or the sheet as changed."""
    values = await _values(request, visitor, "redirect")
    fields = await forms.posted(request)
    if fields.get("aksi") != "kirim":
        return _redirect_sheet(request, visitor, values, fields)
    chosen = _chosen(fields, values["offices"])
    problems = _problems(chosen, fields)
    if problems:
        return _redirect_sheet(request, visitor, values, fields, problems, 422)
    body = {"addressees": chosen, "reason": fields.get("alasan", "")}
    try:
        await _act(request, visitor, "redirect_letter", fields, body)
    except RakatError as error:
        problems = _refused(error, values["offices"])
        return _redirect_sheet(request, visitor, values, fields, problems, error.status)
    titles = words.join([values["offices"].short(each) for each in chosen])
    return _done(request, f"Surat dialihkan ke {titles}.")


def _problems(chosen: list[str], fields: MultiDict[str]) -> list[forms.Problem]:
    problems = []
    if not chosen:
        message = "Pilih paling sedikit satu tujuan."
        problems.append({"field": "tujuan", "message": message})
    if not fields.get("alasan"):
        problems.append({"field": "alasan", "message": "Isi alasannya."})
    return problems


def _refused(error: RakatError, known: Offices) -> list[forms.Problem]:
    """A branch that somebody began is named: it has to be called off first."""
    begun = error.facts.get("position_ids") if error.code == "branch_begun" else None
    if not begun:
        return forms.problems_of(error, {"/addressees": "tujuan", "/reason": "alasan"})
    names = words.join([known.title(str(each)) for each in begun])
    fault = faults.fault_of(error)
    message = f"{fault.title}: {names}. {fault.text}"
    return [{"field": "tujuan", "message": message}]


def _chosen(fields: MultiDict[str], known: Offices) -> list[str]:
    removed = fields.get("aksi", "").removeprefix("hapus:tujuan:")
    kept = forms.chosen(fields, "tujuan")
    return [each for each in kept if known.get(each) and each != removed]


def _redirect_sheet(
    request: web.Request,
    visitor: Visitor,
    values: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    known, needle = values["offices"], fields.get("cari-tujuan", "")
    chosen = _chosen(fields, known)
    candidates = _candidates(known, values["letter"], needle, chosen)
    return _render(
        request,
        visitor,
        "redirect.html",
        {
            **values,
            "problems": problems or [],
            "draft": SimpleNamespace(offices={"tujuan": chosen}, proposed=False),
            "needles": {"tujuan": needle},
            "found": {"tujuan": candidates},
            "reason": fields.get("alasan", ""),
            "key": fields.get("kunci") or str(uuid.uuid4()),
        },
        status_code,
    )


def _candidates(
    known: Offices, letter: Row, needle: str, chosen: list[str]
) -> list[Row]:
    """Offices whose letters go to the same register, by rank, without its own."""
    rows = known.search(needle) if needle else list(known.positions.values())
    left_out = {*chosen, *letter["addressees"]} if not needle else set(chosen)
    here = [
        row
        for row in rows
        if row["position_id"] not in left_out
        and row["duty"] not in ("aide", "registrar", "administrator")
        and known.units.get(row["unit_id"], {}).get("register_unit_id")
        == letter["register_unit_id"]
    ]
    if not needle:
        here.sort(key=lambda row: (row["level"], str(row["title"])))
    return here[:CANDIDATES]


@page
async def reopen_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/buka-lagi``"""
    values = await _values(request, visitor, "reopen")
    return _reopen_sheet(request, visitor, values, MultiDict(), [])


@page
async def reopen(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/buka-lagi``"""
    values = await _values(request, visitor, "reopen")
    fields = await forms.posted(request)
    try:
        body = {"reason": fields.get("alasan", "")}
        await _act(request, visitor, "reopen_letter", fields, body)
    except RakatError as error:
        problems = forms.problems_of(error, {"/reason": "alasan"})
        return _reopen_sheet(request, visitor, values, fields, problems, error.status)
    return _done(request, "Surat dibuka lagi.")


def _reopen_sheet(
    request: web.Request,
    visitor: Visitor,
    values: Row,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    letter, known = values["letter"], values["offices"]
    addressees = letter["addressees"]
    if is_addressed(letter, visitor):
        addressees = [each for each in addressees if visitor.holds(each)][:1]
    more = {
        "problems": problems,
        "again_by": words.join([known.title(each) for each in addressees]),
        "reason": fields.get("alasan", ""),
        "key": fields.get("kunci") or str(uuid.uuid4()),
    }
    return _render(request, visitor, "reopen.html", {**values, **more}, status_code)


# ---- shared -------------------------------------------------------------------------


async def _values(request: web.Request, visitor: Visitor, name: str) -> Row:
    """The letter below the sheet; raises `Forbidden` for who may not."""
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    if not getattr(values["may"], name):
        raise Forbidden
    return values


async def _act(
    request: web.Request,
    visitor: Visitor,
    method: str,
    fields: MultiDict[str],
    body: Row,
) -> None:
    await act(
        request,
        visitor,
        "letters",
        method,
        key=fields.get("kunci"),
        letter_id=request.match_info["letter_id"],
        body=body,
    )


def _render(
    request: web.Request, visitor: Visitor, template: str, values: Row, code: int
) -> web.Response:
    return rendering.sheet(request, visitor, template, status_code=code, **values)


def _done(request: web.Request, text: str) -> web.Response:
    location = f"/surat/{request.match_info['letter_id']}"
    return rendering.see_other(request, location, Flash(text=text))
