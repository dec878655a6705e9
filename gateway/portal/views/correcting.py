"""Correcting what was registered, and making a letter more secret."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Forbidden, NotFound, RakatError, Stale
from gateway.portal import correcting, forms, labels, letter_picks, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, ask
from gateway.portal.flash import Flash
from gateway.portal.registering import ERROR_FIELDS, references_open
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor


@page
async def correct_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/perbaiki``"""
    values = await _correctable(request, visitor)
    return await _sheet(request, visitor, values, correcting.filled(values["letter"]))


@page
async def correct(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/perbaiki``: only what was changed is sent."""
    values = await _correctable(request, visitor)
    letter, fields = values["letter"], await forms.posted(request)
    if _version(fields) != letter["version"]:
        return await _overtaken(request, visitor, values, fields)
    if fields.get("aksi") == letter_picks.SEARCH:
        return await _sheet(request, visitor, values, fields)
    body, problems = correcting.patch_of(fields, letter)
    if problems:
        return await _sheet(request, visitor, values, fields, problems, 422)
    location = f"/surat/{letter['letter_id']}"
    if not body:
        message = Flash(text="Tidak ada yang diubah.")
        return rendering.see_other(request, location, message)
    try:
        await _patch(request, visitor, letter, body, fields)
    except Stale:
        values = await _correctable(request, visitor)
        return await _overtaken(request, visitor, values, fields)
    except RakatError as error:
        problems = forms.problems_of(error, ERROR_FIELDS)
        return await _sheet(request, visitor, values, fields, problems, error.status)
    message = Flash(text="Data surat diperbaiki.")
    return rendering.see_other(request, location, message)


async def _correctable(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """The page below the sheet; raises `Forbidden` for who may not correct it."""
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    if not values["may"].correct:
        raise Forbidden
    return values


def _version(fields: MultiDict[str]) -> int:
    text = fields.get("versi", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


async def _patch(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    body: dict[str, Any],
    fields: MultiDict[str],
) -> None:
    await act(
        request,
        visitor,
        "letters",
        "correct_letter",
        key=fields.get("kunci"),
        letter_id=letter["letter_id"],
        body=body,
        expected_version=letter["version"],
    )


async def _overtaken(
    request: web.Request,
    visitor: Visitor,
    values: dict[str, Any],
    fields: MultiDict[str],
) -> web.Response:
    """Somebody else saved meanwhile: both are shown, nothing is overwritten."""
    found = correcting.differences(fields, values["letter"])
    fields.pop("kunci", None)  # another body needs another key
    return await _sheet(request, visitor, values, fields, [], 412, overtaken=found)


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    values: dict[str, Any],
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
    *,
    overtaken: list[correcting.Difference] | None = None,
) -> web.Response:
    kinds, classifications, picks = await asyncio.gather(
        ask(request, visitor, "letters", "get_reference", name="kinds"),
        ask(request, visitor, "letters", "get_reference", name="classifications"),
        letter_picks.answered(request, visitor, fields),
    )
    return rendering.sheet(
        request,
        visitor,
        "correct.html",
        status_code=status_code,
        **{
            **values,
            "fields": fields,
            "problems": problems or [],
            "overtaken": overtaken,
            "key": fields.get("kunci") or str(uuid.uuid4()),
            "kinds": [kind for kind in kinds["items"] if kind.get("incoming", True)],
            "classifications": classifications["items"],
            "units": values["offices"].units.values(),
            "references_open": references_open(fields, problems or []),
            **picks,
        },
    )


@page
async def raise_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/sifat``"""
    return await _raise_sheet(request, visitor, MultiDict(), [])


@page
async def raise_secrecy(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/sifat``: upwards only; it acts at once."""
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    letter, fields = values["letter"], await forms.posted(request)
    chosen = fields.get("sifat", "")
    if chosen not in correcting.higher(letter["secrecy"]):
        problems = [{"field": "sifat", "message": "Pilih sifat yang lebih tinggi."}]
        return await _raise_sheet(request, visitor, fields, problems, 422)
    try:
        body = correcting.raising(letter, chosen)
        await _patch(request, visitor, letter, body, fields)
    except RakatError as error:
        problems = forms.problems_of(error, {"/secrecy": "sifat"})
        return await _raise_sheet(request, visitor, fields, problems, error.status)
    message = Flash(text=f"Sifat surat sekarang {labels.SECRECIES[chosen].lower()}.")
    onward = await _still_open(request, visitor, letter["letter_id"])
    return rendering.see_other(request, onward, message)


async def _still_open(request: web.Request, visitor: Visitor, letter_id: str) -> str:
    """The letter; the list for a registrar who by raising took his own sight away."""
    try:
        await ask(request, visitor, "letters", "get_letter", letter_id=letter_id)
    except NotFound:
        return "/surat"
    return f"/surat/{letter_id}"


async def _raise_sheet(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    if not values["may"].raise_secrecy:
        raise Forbidden
    return rendering.sheet(
        request,
        visitor,
        "raise.html",
        status_code=status_code,
        **{
            **values,
            "fields": fields,
            "problems": problems,
            "key": str(uuid.uuid4()),
            "higher": correcting.higher(values["letter"]["secrecy"]),
        },
    )
