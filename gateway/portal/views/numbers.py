"""Outgoing numbers: the patterns of a register, and numbers taken for a past date."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from chassis.clock import now as clock_now
from contracts.errors import Forbidden, RakatError
from gateway.portal import forms, numbering, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.signing import register_of
from gateway.portal.visitor import Visitor

_RESERVE_FIELDS = {"/kind": "jenis", "/dated_on": "tanggal", "/reason": "alasan"}


@page
async def numbers(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /nomor``: patterns and reservations of the registrar's register."""
    registrar, unit, known = await _registrar(request, visitor)
    found = await _templates(request, registrar, unit["unit_id"])
    return await _page(request, registrar, unit, known, found)


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /nomor``: save all patterns, or show them as changed."""
    registrar, unit, known = await _registrar(request, visitor)
    fields = await forms.posted(request)
    rows = numbering.rows_of(fields)
    if fields.get("aksi") != "simpan":
        return await _page(request, registrar, unit, known, rows)
    try:
        await act(
            request,
            registrar,
            "letters",
            "put_number_templates",
            key=fields.get("kunci"),
            body=numbering.body_of(unit["unit_id"], rows),
        )
    except RakatError as error:
        problems = forms.problems_of(error, numbering.error_fields(rows))
        return await _page(
            request, registrar, unit, known, rows, problems, error.status
        )
    return rendering.see_other(request, "/nomor", Flash(text="Pola nomor tersimpan."))


async def _templates(
    request: web.Request, visitor: Visitor, unit_id: str
) -> list[dict[str, Any]]:
    query = {"unit_id": unit_id, "limit": 200}
    found = await ask(request, visitor, "letters", "list_number_templates", query=query)
    return [row for row in found["items"] if row["unit_id"] == unit_id]


async def _page(
    request: web.Request,
    visitor: Visitor,
    unit: dict[str, Any],
    known: Offices,
    rows: list[dict[str, Any]],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    values = await _page_values(request, visitor, unit, known)
    today = words.day_of(clock_now())
    return rendering.render(
        request,
        visitor,
        "numbers.html",
        block="patterns" if rendering.is_fragment(request) else None,
        status_code=status_code,
        rows=[
            {**row, "example": numbering.example(row["pattern"], unit["code"], today)}
            for row in rows
        ],
        problems=problems or [],
        **values,
    )


async def _page_values(
    request: web.Request, visitor: Visitor, unit: dict[str, Any], known: Offices
) -> dict[str, Any]:
    kinds, reserved = await asyncio.gather(
        ask(request, visitor, "letters", "get_reference", name="kinds"),
        section(
            ask(
                request,
                visitor,
                "letters",
                "list_reservations",
                unit_id=unit["unit_id"],
                query={"limit": 100},
            )
        ),
    )
    labels = {item["code"]: item["label_id"] for item in kinds["items"]}
    return {
        "unit": unit,
        "owner": unit["name"],
        "address": "/nomor",
        "offices": known,
        "kinds": [k for k in kinds["items"] if k.get("outgoing", True)],
        "kind_labels": labels,
        "reserved": reserved,
        "tokens": numbering.TOKENS,
        "key": str(uuid.uuid4()),
        "back": "/lainnya",
    }


# ---- reservations ----------------------------------------------------------------


@page
async def reserve_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /nomor/pesan``"""
    return await _reserve_sheet(request, visitor, MultiDict(), [])


@page
async def reserve(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /nomor/pesan``: a number for a past date, with the reason."""
    registrar, unit, _ = await _registrar(request, visitor)
    fields = await forms.posted(request)
    body = {
        "kind": fields.get("jenis", ""),
        "dated_on": fields.get("tanggal", ""),
        "reason": fields.get("alasan", ""),
    }
    problems = _reservation_problems(body)
    if problems:
        return await _reserve_sheet(request, visitor, fields, problems, 422)
    try:
        done = await act(
            request,
            registrar,
            "letters",
            "reserve_number",
            key=fields.get("kunci"),
            unit_id=unit["unit_id"],
            body=body,
        )
    except RakatError as error:
        problems = forms.problems_of(error, _RESERVE_FIELDS)
        return await _reserve_sheet(request, visitor, fields, problems, error.status)
    message = Flash(text=f"Nomor {done.body['number']} dipesan.")
    return rendering.see_other(request, "/nomor", message)


def _reservation_problems(body: dict[str, str]) -> list[forms.Problem]:
    found = []
    if not body["dated_on"]:
        found.append({"field": "tanggal", "message": "Isi tanggal suratnya."})
    if not body["reason"]:
        found.append({"field": "alasan", "message": "Tulis alasannya."})
    return found


async def _reserve_sheet(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    registrar, unit, known = await _registrar(request, visitor)
    is_fragment = rendering.is_fragment(request)
    values = await _page_values(request, registrar, unit, known)
    rows = [] if is_fragment else await _templates(request, registrar, unit["unit_id"])
    today = words.day_of(clock_now())
    return rendering.render(
        request,
        registrar,
        "reserve.html",
        block="sheet" if is_fragment else None,
        status_code=status_code,
        problems=problems,
        fields=fields,
        today=today.isoformat(),
        rows=[
            {**row, "example": numbering.example(row["pattern"], unit["code"], today)}
            for row in rows
        ],
        **values,
    )


async def _registrar(
    request: web.Request, visitor: Visitor
) -> tuple[Visitor, dict[str, Any], Offices]:
    """The visitor as registrar, the unit of the register, and all offices."""
    held = [row for row in visitor.positions if row["duty"] == "registrar"]
    if not held:
        raise Forbidden("outside_register")
    known = await known_offices(request, visitor)
    is_acting = any(row["position_id"] == visitor.position_id for row in held)
    registrar = visitor if is_acting else visitor.as_office(held[0]["position_id"])
    unit = known.units[register_of(registrar.position_id or "", known) or ""]
    return registrar, unit, known
