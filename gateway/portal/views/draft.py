"""Writing an outgoing letter: new, as a reply, and again after it was sent back."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from markupsafe import Markup

from contracts.errors import NotFound, RakatError, Stale
from gateway.portal import (
    attaching,
    autosaving,
    forms,
    outgoing,
    rendering,
    signers,
    starting_texts,
)
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.outgoing import Draft
from gateway.portal.visitor import Visitor

CANDIDATES = 8
SEARCHES = (*outgoing.OFFICE_FIELDS, "penanda")


@page
async def new(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/keluar/baru?balas=``"""
    known, answered = await asyncio.gather(
        known_offices(request, visitor),
        _answered(request, visitor, request.query.get("balas")),
    )
    draft = outgoing.fresh(visitor.position_id, known)
    if answered:
        draft = outgoing.answering(draft, answered, known)
    return await _form(request, visitor, draft, known, answered=answered)


@page
async def create(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/keluar/baru``: save, or show the form as changed."""
    known = await known_offices(request, visitor)
    fields, refused = await attaching.posted(request, visitor)
    draft = outgoing.from_form(fields, visitor.position_id, known)
    if fields.get("aksi") != "simpan":
        problems = refused + await _begun(request, visitor, draft, fields)
        return await _form(request, visitor, draft, known, fields, problems)
    problems = refused + outgoing.problems_in(draft)
    if problems:
        return await _form(request, visitor, draft, known, fields, problems, 422)
    try:
        done = await act(
            request,
            visitor,
            "letters",
            "register_letter",
            key=draft.key,
            body=outgoing.creation_of(draft),
        )
    except RakatError as error:
        problems = forms.problems_of(error, outgoing.error_fields(draft))
        return await _form(
            request, visitor, draft, known, fields, problems, error.status
        )
    return _saved(request, done.body["letter_id"])


@page
async def edit(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/konsep``"""
    letter, known = await asyncio.gather(
        my_draft(request, visitor), known_offices(request, visitor)
    )
    draft = outgoing.from_letter(letter)
    return await _form(request, visitor, draft, known, letter=letter)


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/konsep``"""
    letter, known = await asyncio.gather(
        my_draft(request, visitor), known_offices(request, visitor)
    )
    fields, refused = await attaching.posted(request, visitor)
    drafter = letter["outgoing"]["drafter_position_id"]
    draft = outgoing.from_form(fields, drafter, known)
    if not _saves(fields.get("aksi", ""), draft):
        problems = refused + await _begun(request, visitor, draft, fields)
        return await _form(
            request, visitor, draft, known, fields, problems, letter=letter
        )
    problems, clash = refused + outgoing.problems_in(draft), None
    if not problems:
        try:
            await _patch(request, visitor, letter, draft)
            return _saved(request, letter["letter_id"])
        except Stale:
            letter = await my_draft(request, visitor)
            clash = await autosaving.clash_of(request, visitor, letter)
        except RakatError as error:
            problems = forms.problems_of(error, outgoing.error_fields(draft))
    return await _form(
        request, visitor, draft, known, fields, problems, 422, letter, clash=clash
    )


def _saves(button: str, draft: Draft) -> bool:
    """``timpa:7``: over version 7, which was shown as somebody else's."""
    act_, _, version = button.partition(":")
    if act_ == "timpa" and version.isascii() and version.isdigit():
        draft.version = int(version[:9])
    return act_ in ("simpan", "timpa")


async def _begun(
    request: web.Request, visitor: Visitor, draft: Draft, fields: Any
) -> list[forms.Problem]:
    """The text of its kind, when that button was pressed."""
    if fields.get("aksi") != starting_texts.BUTTON:
        return []
    texts = await ask(request, visitor, "letters", "get_reference", name="letter_texts")
    return starting_texts.begin(draft, texts["items"])


async def _patch(
    request: web.Request, visitor: Visitor, letter: dict[str, Any], draft: Draft
) -> None:
    """The version is that of the form: somebody else's change is not overwritten."""
    await act(
        request,
        visitor,
        "letters",
        "correct_letter",
        key=draft.key,
        letter_id=letter["letter_id"],
        expected_version=draft.version or letter["version"],
        body=outgoing.changes_of(draft),
    )


def _saved(request: web.Request, letter_id: str) -> web.Response:
    message = Flash(text="Konsep tersimpan. Periksa hasilnya, lalu ajukan.")
    return rendering.see_other(request, f"/surat/{letter_id}", message)


async def my_draft(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """The outgoing letter of the address, when it can still be changed; anything else is not found."""
    letter: dict[str, Any] = await ask(
        request,
        visitor,
        "letters",
        "get_letter",
        letter_id=request.match_info["letter_id"],
    )
    if letter["direction"] != "outgoing" or letter["state"] != "draft":
        raise NotFound
    return letter


async def _answered(
    request: web.Request, visitor: Visitor, letter_id: str | None
) -> dict[str, Any] | None:
    """The incoming letter that is answered, if the visitor may see it."""
    if not letter_id:
        return None
    found: dict[str, Any] = await ask(
        request, visitor, "letters", "get_letter", letter_id=letter_id
    )
    return found


async def _form(
    request: web.Request,
    visitor: Visitor,
    draft: Draft,
    known: Offices,
    fields: Any = None,
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
    letter: dict[str, Any] | None = None,
    answered: dict[str, Any] | None = None,
    clash: autosaving.Clash | None = None,
) -> web.Response:
    """The page, or for htmx the form alone."""
    kinds, classifications = await asyncio.gather(
        ask(request, visitor, "letters", "get_reference", name="kinds"),
        ask(request, visitor, "letters", "get_reference", name="classifications"),
    )
    is_fragment = rendering.is_fragment(request)
    if answered is None and draft.replies_to and not is_fragment:
        answered = await _answered(request, visitor, draft.replies_to)
    here = f"/surat/{letter['letter_id']}" if letter else "/surat/keluar"
    return rendering.render(
        request,
        visitor,
        "draft.html",
        block="form" if is_fragment else None,
        status_code=status_code,
        draft=draft,
        draft_html=Markup(draft.html),  # noqa: S704 - written by `writing` alone
        letter=letter,
        answered=answered,
        problems=problems or [],
        clash=clash,
        address=f"{here}/konsep" if letter else f"{here}/baru",
        back=f"/surat/{answered['letter_id']}" if answered else here,
        kinds=[k for k in kinds["items"] if k.get("outgoing", True)],
        classifications=classifications["items"],
        offices=known,
        signer_choices=signers.choices(visitor.position_id, draft.signer, known),
        block_lines=signers.block(draft.signer, draft.form, known),
        signer_name=signers.holder_name(draft.signer, known),
        form_note=signers.form_problem(draft.signer, draft.form, known),
        **_searches(draft, fields, known),
    )


def _searches(draft: Draft, fields: Any, known: Offices) -> dict[str, Any]:
    """What is looked for in each field of offices, and who was found."""
    needles = {name: (fields or {}).get(f"cari-{name}", "") for name in SEARCHES}
    pressed = (fields or {}).get("aksi", "")
    found = {}
    for name, needle in needles.items():
        if pressed.startswith((f"tambah:{name}", f"{name}:")):
            needles[name] = needle = ""
        taken = draft.offices.get(name, [])
        rows = known.search(needle) if needle else []
        free = [row for row in rows if row["position_id"] not in taken]
        found[name] = free[:CANDIDATES]
    return {"needles": needles, "found": found}
