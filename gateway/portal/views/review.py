"""Going over a draft: submit it, take it back, initial it, send it back."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from contracts.errors import NotFound, RakatError
from gateway.portal import forms, rendering, reviews
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.outgoing import loaded, values_of
from gateway.portal.visitor import Visitor


@page
async def submit(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/ajukan``"""
    said = "Konsep diajukan. Pemaraf pertama sudah diberi tahu."
    return await _move(request, visitor, "submit_letter", said)


@page
async def recall(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/tarik``: back to the drafter, while it is gone over."""
    said = "Konsep ditarik kembali. Paraf diulang setelah diajukan lagi."
    return await _move(request, visitor, "recall_letter", said)


async def _move(
    request: web.Request, visitor: Visitor, method: str, said: str
) -> web.Response:
    letter = await loaded(request, visitor)
    fields = await forms.posted(request)
    drafter = reviews.standing(letter, visitor).drafter
    await act(
        request,
        visitor.as_office(drafter) if drafter else visitor,
        "letters",
        method,
        key=fields.get("kunci"),
        letter_id=letter["letter_id"],
        body={},
    )
    here = f"/surat/{letter['letter_id']}"
    return rendering.see_other(request, here, Flash(text=said))


@page
async def initial(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/paraf``"""
    letter = await loaded(request, visitor)
    fields = await forms.posted(request)
    office = _reviewing_office(letter, visitor)
    await _say(request, visitor, letter, office, fields, {"decision": "approve"})
    message = Flash(
        text="Paraf dibubuhkan.",
        link=f"/surat/{letter['letter_id']}",
        link_text="Buka surat",
    )
    return rendering.see_other(request, "/surat/keluar", message)


@page
async def revise_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/perbaikan``"""
    letter = await loaded(request, visitor)
    return await _sheet(request, visitor, letter, "", [])


@page
async def revise(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/perbaikan``: with what has to be mended."""
    letter = await loaded(request, visitor)
    fields = await forms.posted(request)
    note = fields.get("catatan", "")
    if not note:
        problems = [{"field": "catatan", "message": "Tulis yang perlu diperbaiki."}]
        return await _sheet(request, visitor, letter, note, problems, 422)
    office = _reviewing_office(letter, visitor)
    body = {"decision": "revise", "note": note}
    try:
        await _say(request, visitor, letter, office, fields, body)
    except RakatError as error:
        problems = forms.problems_of(error, {"/note": "catatan"})
        return await _sheet(request, visitor, letter, note, problems, error.status)
    message = Flash(text="Konsep dikembalikan untuk diperbaiki.")
    return rendering.see_other(request, "/surat/keluar", message)


async def _say(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    office: str,
    fields: Any,
    body: dict[str, Any],
) -> None:
    await act(
        request,
        visitor.as_office(office),
        "letters",
        "initial_letter",
        key=fields.get("kunci"),
        letter_id=letter["letter_id"],
        body=forms.without_empty({**body, "revision": forms.whole(fields, "revisi")}),
    )


def _reviewing_office(letter: dict[str, Any], visitor: Visitor) -> str:
    """The office whose turn it is and that the visitor acts for; the signer may
    send back too."""
    me = reviews.standing(letter, visitor)
    office = me.initial or me.signer
    if office is None:
        raise NotFound
    return office


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    note: str,
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    as_position = _reviewing_office(letter, visitor)
    values = await values_of(request, visitor, letter)
    return rendering.sheet(
        request,
        visitor,
        "revise.html",
        status_code=status_code,
        problems=problems,
        note=note,
        as_position=as_position,
        **{**values, "key": str(uuid.uuid4())},
    )
