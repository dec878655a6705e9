"""Ending a letter with an outcome, and the decision it led to."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import RakatError
from gateway.portal import forms, letter_picks, rendering
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor

_FIELDS = {
    "/decision": "catatan",
    "/decision/number": "nomor-keputusan",
    "/decision/dated_on": "tanggal-keputusan",
    "/decision/letter_id": "surat-keputusan",
}
_PARTS = {
    "text": "catatan",
    "number": "nomor-keputusan",
    "dated_on": "tanggal-keputusan",
    "letter_id": "surat-keputusan",
}


@page
async def close_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/tutup``"""
    return await _sheet(request, visitor, MultiDict(), [])


@page
async def close(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/tutup``: with an outcome; *cukup diketahui* = noted."""
    fields = await forms.posted(request)
    decision = forms.without_empty(
        {part: fields.get(name) for part, name in _PARTS.items()}
    )
    if fields.get("aksi") == letter_picks.SEARCH:
        return await _sheet(request, visitor, fields, [])
    if decision and "text" not in decision:
        missing = {"field": "catatan", "message": "Tulis apa yang diputuskan."}
        return await _sheet(request, visitor, fields, [missing], 422)
    body = {
        "outcome": fields.get("hasil", "noted"),
        "decision": decision or None,
        "force": fields.get("paksa") == "ya",
    }
    try:
        await act(
            request,
            visitor,
            "letters",
            "close_letter",
            key=fields.get("kunci"),
            letter_id=request.match_info["letter_id"],
            body=forms.without_empty(body),
        )
    except RakatError as error:
        return await _refused(request, visitor, fields, error)
    return rendering.see_other(request, "/", Flash(text="Surat ditutup."))


async def _refused(
    request: web.Request, visitor: Visitor, fields: MultiDict[str], error: RakatError
) -> web.Response:
    """Another body needs another key: what is sent next may be forced."""
    problems = forms.problems_of(error, _FIELDS)
    if error.code == "open_tasks":
        fields["terbuka"] = "ya"
    fields.pop("kunci", None)
    return await _sheet(request, visitor, fields, problems, error.status)


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    needle, chosen = fields.get("cari-surat", ""), fields.get("surat-keputusan")
    return rendering.sheet(
        request,
        visitor,
        "close.html",
        status_code=status_code,
        problems=problems,
        fields=fields,
        key=fields.get("kunci") or str(uuid.uuid4()),
        must_force=fields.get("terbuka") == "ya",
        opened=_has_more(fields, problems),
        needle=needle,
        candidates=await letter_picks.outgoing_letters(
            request, visitor, needle, chosen, _replies(values["letter"])
        ),
        **values,
    )


def _replies(letter: dict[str, Any]) -> list[dict[str, Any]]:
    """Outgoing letters that answer it are the likeliest."""
    return list(letter.get("replies") or ())


def _has_more(fields: MultiDict[str], problems: list[forms.Problem]) -> bool:
    """Whether the fold of number, date and letter is open."""
    names = set(_PARTS.values()) - {"catatan"}
    wrong = any(problem["field"] in names for problem in problems)
    return wrong or bool(
        fields.get("aksi") == letter_picks.SEARCH
        or any(fields.get(name) for name in names)
    )
