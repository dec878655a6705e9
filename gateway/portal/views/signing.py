"""The signature, the scan of a paper that was signed with ink, and the dispatch."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import NotFound, RakatError
from gateway.portal import forms, rendering, reviews
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.outgoing import loaded, values_of
from gateway.portal.visitor import Visitor

SIGN_SECONDS = 45.0  # a signing service may take half a minute
_ACCOUNT = ("wrong_password", "reauthentication_required")
_SIGN_FIELDS = {
    "/passphrase": "passphrase",
    "/password": "sandi",
    "/reservation_id": "pesanan",
}


@page
async def sign_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/tandatangani``"""
    letter = await loaded(request, visitor)
    return await _sign_sheet(request, visitor, letter, MultiDict(), [])


@page
async def sign(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/tandatangani``: secrets pass through, once."""
    letter = await loaded(request, visitor)
    office = _signing_office(letter, visitor)
    fields = await forms.posted(request)
    secrets = await forms.as_written(request, "passphrase", "sandi")
    method = fields.get("cara", "")
    problems = _missing(method, secrets)
    if problems:
        return await _sign_sheet(request, visitor, letter, fields, problems, 422)
    body = {
        "method": method,
        "passphrase": secrets["passphrase"] if method == "bsre" else None,
        "password": secrets["sandi"],
        "revision": forms.whole(fields, "revisi"),
        "reservation_id": fields.get("pesanan"),
    }
    try:
        await _signed(request, visitor.as_office(office), letter, fields, body)
    except RakatError as error:
        problems = _signing_problems(error)
        return await _sign_sheet(
            request, visitor, letter, fields, problems, error.status
        )
    said = "Surat ditandatangani. Nomornya sudah tetap."
    return rendering.see_other(
        request, f"/surat/{letter['letter_id']}", Flash(text=said)
    )


async def _signed(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    fields: MultiDict[str],
    body: dict[str, Any],
) -> None:
    await act(
        request,
        visitor,
        "letters",
        "sign_letter",
        key=fields.get("kunci"),
        seconds=SIGN_SECONDS,
        letter_id=letter["letter_id"],
        body=forms.without_empty(body),
    )


def _signing_problems(error: RakatError) -> list[forms.Problem]:
    """A wrong password of the account belongs to its field."""
    problems = forms.problems_of(error, _SIGN_FIELDS)
    if error.code in _ACCOUNT:
        problems = [{**problems[0], "field": "sandi"}]
    return problems


def _missing(method: str, secrets: dict[str, str]) -> list[forms.Problem]:
    if method == "bsre" and not secrets["passphrase"]:
        return [{"field": "passphrase", "message": "Isi passphrase sertifikat Anda."}]
    if method in ("none", "local") and not secrets["sandi"]:
        return [{"field": "sandi", "message": "Isi kata sandi akun Anda."}]
    return []


def _signing_office(letter: dict[str, Any], visitor: Visitor) -> str:
    office = reviews.standing(letter, visitor).signer
    if office is None:
        raise NotFound
    return office


async def _sign_sheet(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    fields: MultiDict[str],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    """What was entered stays, but for the secrets."""
    office = _signing_office(letter, visitor)
    values, reservations = await asyncio.gather(
        values_of(request, visitor, letter),
        _reservations(request, visitor.as_office(office), letter, office),
    )
    methods = letter["outgoing"]["methods"]
    chosen = fields.get("cara", "")
    return rendering.sheet(
        request,
        visitor,
        "sign.html",
        status_code=status_code,
        problems=problems,
        methods=methods,
        method=chosen if chosen in methods else methods[0],
        reservations=reservations,
        reservation=fields.get("pesanan", ""),
        revision=forms.whole(fields, "revisi"),
        as_position=office,
        **values,
    )


async def _reservations(
    request: web.Request, visitor: Visitor, letter: dict[str, Any], office: str
) -> list[dict[str, Any]]:
    """Free numbers of this kind; none when the register is not the signer's to read."""
    known = await known_offices(request, visitor)
    unit_id = register_of(office, known)
    if unit_id is None:
        return []
    query = {"unused": True, "limit": 50}
    try:
        found = await ask(
            request,
            visitor,
            "letters",
            "list_reservations",
            unit_id=unit_id,
            query=query,
        )
    except RakatError:
        return []
    return [row for row in found["items"] if row["kind"] == letter["kind"]]


def register_of(position_id: str, known: Offices) -> str | None:
    """The unit whose register holds the letters of an office."""
    unit = known.units.get((known.get(position_id) or {}).get("unit_id", ""))
    return unit["register_unit_id"] if unit else None


# ---- the scan --------------------------------------------------------------------


@page
async def scan_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/pindaian``"""
    letter = await loaded(request, visitor)
    return await _sheet(request, visitor, letter, "scan.html", [], kept_files=[])


@page
async def scan(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/pindaian``"""
    letter = await loaded(request, visitor)
    fields = await forms.posted(request)
    files = forms.chosen(fields, "berkas")
    kept = [
        {"file_id": each, "filename": fields.get(f"nama-{each}", "Berkas")}
        for each in files
    ]
    problems = [{"field": "berkas", "message": "Unggah pindaiannya dulu."}]
    if not files:
        return await _sheet(
            request, visitor, letter, "scan.html", problems, 422, kept_files=kept
        )
    try:
        await act(
            request,
            visitor,
            "letters",
            "attach_scan",
            key=fields.get("kunci"),
            letter_id=letter["letter_id"],
            body={"file_id": files[0]},
        )
    except RakatError as error:
        problems = forms.problems_of(error, {"/file_id": "berkas"})
        return await _sheet(
            request,
            visitor,
            letter,
            "scan.html",
            problems,
            error.status,
            kept_files=kept,
        )
    message = Flash(text="Pindaian tersimpan. Surat siap dikirim.")
    return rendering.see_other(request, f"/surat/{letter['letter_id']}", message)


# ---- the dispatch ----------------------------------------------------------------


@page
async def dispatch_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/kirim``"""
    letter = await loaded(request, visitor)
    return await _dispatch_sheet(request, visitor, letter, [])


@page
async def dispatch(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/kirim``"""
    letter = await loaded(request, visitor)
    fields = await forms.posted(request)
    try:
        await act(
            request,
            visitor,
            "letters",
            "dispatch_letter",
            key=fields.get("kunci"),
            letter_id=letter["letter_id"],
            body={},
        )
    except RakatError as error:
        problems = forms.problems_of(error, {})
        return await _dispatch_sheet(request, visitor, letter, problems, error.status)
    count = len(letter["outgoing"]["recipients"])
    message = Flash(text=f"Surat dikirim ke {count} penerima.")
    return rendering.see_other(request, f"/surat/{letter['letter_id']}", message)


async def _dispatch_sheet(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    known = await known_offices(request, visitor)
    sentence = reviews.dispatch_sentence(letter, known)
    return await _sheet(
        request,
        visitor,
        letter,
        "dispatch.html",
        problems,
        status_code,
        sentence=sentence,
    )


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    letter: dict[str, Any],
    template: str,
    problems: list[forms.Problem],
    status_code: int = 200,
    **more: Any,
) -> web.Response:
    values = await values_of(request, visitor, letter)
    return rendering.sheet(
        request,
        visitor,
        template,
        status_code=status_code,
        problems=problems,
        **more,
        **values,
    )
