"""The registrar's desk: queue of files, form, and the book of the day."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from chassis.clock import now as clock_now
from contracts.errors import Forbidden, Invalid, RakatError
from gateway.portal import forms, letter_picks, registering, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

CHIPS_WIDTH = 60  # letters that fit on the form without a second row or two


@page
async def desk(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /meja``"""
    registrar = _registrar(visitor)
    values, book = await asyncio.gather(
        _form_values(request, visitor, registrar, MultiDict()),
        section(_book(request, registrar)),
    )
    today = words.day_of(clock_now())
    return rendering.render(
        request,
        registrar,
        "desk.html",
        book=book,
        today_count=sum(words.day_of(row["created_at"]) == today for row in book.items),
        **values,
    )


@page
async def register(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /meja``: register, then the next form."""
    registrar = _registrar(visitor)
    fields = await forms.posted(request)
    if fields.get("aksi") == letter_picks.SEARCH:
        return await _form(request, registrar, fields, [], 200)
    body, problems = registering.body_of(fields)
    if problems:
        return await _form(request, registrar, fields, problems, 422)
    try:
        done = await act(
            request,
            registrar,
            "letters",
            "register_letter",
            key=fields.get("kunci"),
            body=body,
        )
    except RakatError as error:
        problems = forms.problems_of(error, registering.ERROR_FIELDS)
        return await _form(request, registrar, fields, problems, error.status)
    return await _registered(request, registrar, done.body)


async def _registered(
    request: web.Request, visitor: Visitor, letter: dict[str, Any]
) -> web.Response:
    """An empty form with what was registered above it; the queue stays."""
    if not rendering.is_fragment(request):
        message = Flash(
            text=f"{letter['agenda_number']} tercatat.",
            link=f"/surat/{letter['letter_id']}",
            link_text="Buka",
        )
        return rendering.see_other(request, "/meja", message)
    values = await _form_values(request, visitor, visitor, MultiDict())
    response = rendering.render(
        request, visitor, "desk.html", block="form", registered=letter, **values
    )
    told = {
        "agenda_number": letter["agenda_number"],
        "letter_id": letter["letter_id"],
        "subject": letter["subject"],
        "files": [file["file_id"] for file in letter["files"]],
    }
    response.headers["HX-Trigger"] = json.dumps({"surat-tercatat": told})
    return response


@page
async def similar(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /meja/mirip?nomor=&pengirim=&tanggal=&perihal=``: before saving.

    Without a sender yet, letters with the same number; else those that look alike.
    """
    asked = {name: request.query.get(name, "").strip() for name in _LOOKS}
    alike = bool(asked["pengirim"])
    found = (
        await _alike(request, visitor, asked)
        if alike
        else await _numbered(request, visitor, asked["nomor"])
    )
    return rendering.render(
        request,
        visitor,
        "desk.html",
        block="similar",
        similar_letters=found[:3],
        alike=alike,
    )


_LOOKS = {
    "nomor": "number",
    "pengirim": "sender_name",
    "tanggal": "dated_on",
    "perihal": "subject",
}


async def _alike(
    request: web.Request, visitor: Visitor, asked: dict[str, str]
) -> list[dict[str, Any]]:
    query = {_LOOKS[name]: text for name, text in asked.items() if text}
    try:
        found = await ask(
            request, visitor, "letters", "list_similar_letters", query=query
        )
    except Invalid:  # half a date: nothing looks like that yet
        return []
    rows: list[dict[str, Any]] = found["items"]
    return rows


async def _numbered(
    request: web.Request, visitor: Visitor, number: str
) -> list[dict[str, Any]]:
    if not number:
        return []
    query = {"box": "all", "q": number, "limit": 10}
    answer = await ask(request, visitor, "letters", "list_letters", query=query)
    return [row for row in answer["items"] if row["number"] == number]


def _registrar(visitor: Visitor) -> Visitor:
    """The visitor as the registrar he is; the office acted as goes first."""
    held = [row for row in visitor.positions if row["duty"] == "registrar"]
    if not held:
        raise Forbidden("outside_register")
    if any(row["position_id"] == visitor.position_id for row in held):
        return visitor
    return visitor.as_office(held[0]["position_id"])


async def _form(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int,
) -> web.Response:
    values = await _form_values(request, visitor, visitor, fields)
    values["problems"] = problems
    values["references_open"] = registering.references_open(fields, problems)
    if rendering.is_fragment(request):
        return rendering.render(
            request,
            visitor,
            "desk.html",
            block="form",
            status_code=status_code,
            **values,
        )
    book = await section(_book(request, visitor))
    return rendering.render(
        request, visitor, "desk.html", status_code=status_code, book=book, **values
    )


async def _form_values(
    request: web.Request, asker: Visitor, registrar: Visitor, fields: MultiDict[str]
) -> dict[str, Any]:
    kinds, classifications, known, picks = await asyncio.gather(
        ask(request, asker, "letters", "get_reference", name="kinds"),
        ask(request, asker, "letters", "get_reference", name="classifications"),
        known_offices(request, asker),
        letter_picks.answered(request, asker, fields),
    )
    here = _register_offices(known, registrar)
    shown = _fitting(here)
    return {
        "problems": [],
        "fields": fields,
        **picks,
        "chosen": forms.chosen(fields, "tujuan"),
        "copied": forms.chosen(fields, "tembusan"),
        "kept_files": forms.chosen(fields, "berkas"),
        "key": fields.get("kunci") or str(uuid.uuid4()),
        "kinds": [k for k in kinds["items"] if k.get("incoming", True)],
        "classifications": classifications["items"],
        "addressees": here[:shown],
        "more_addressees": here[shown:],
        "units": known.units.values(),
        "all_offices": sorted(known.positions.values(), key=_rank),
        "received": words.instant(clock_now()).strftime("%Y-%m-%dT%H:%M"),
    }


def _register_offices(known: Offices, registrar: Visitor) -> list[dict[str, Any]]:
    """Offices whose letters go to this register, in order of rank."""
    acting = registrar.acting or {}
    unit = known.units.get(acting.get("unit_id", ""), {})
    register = unit.get("register_unit_id")
    rows = [
        row
        for row in known.positions.values()
        if known.units.get(row["unit_id"], {}).get("register_unit_id") == register
        and row["duty"] not in ("aide", "registrar", "administrator")
    ]
    return sorted(rows, key=_rank)


def _fitting(rows: list[dict[str, Any]]) -> int:
    """How many of the first offices have room as chips."""
    width = 0
    for count, row in enumerate(rows):
        width += len(row["short_title"] or row["title"]) + 8
        if width > CHIPS_WIDTH:
            return max(count, 1)
    return len(rows)


def _rank(row: dict[str, Any]) -> tuple[int, str]:
    return row["level"], row["title"]


async def _book(request: web.Request, visitor: Visitor) -> Any:
    query = {"box": "registered", "limit": 25}
    return await ask(request, visitor, "letters", "list_letters", query=query)
