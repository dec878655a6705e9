"""Outgoing letters: the list, and one letter with its way to the signature."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any
from uuid import UUID

from aiohttp import web
from markupsafe import Markup

from contracts.errors import NotFound
from gateway.portal import rendering, reviews, signers, status, writing
from gateway.portal.access import page
from gateway.portal.asking import Section, ask, known_offices, section
from gateway.portal.offices import Offices
from gateway.portal.views import papers
from gateway.portal.visitor import Visitor

WAITING = "menunggu"
# Box → words, glyph, state of the API.
BOXES = {
    WAITING: ("Menunggu saya", "", None),
    "konsep": ("Konsep", "st-tent", "draft"),
    "diperiksa": ("Diperiksa", "st-work", "in_review"),
    "ditandatangani": ("Ditandatangani", "st-reported", "signed"),
    "dikirim": ("Dikirim", "st-done", "dispatched"),
}
EMPTY = {
    "konsep": "Konsep yang Anda simpan muncul di sini sampai diajukan.",
    "diperiksa": "Konsep yang sedang diparaf atau menunggu tanda tangan muncul di sini.",
    "ditandatangani": "Surat yang bernomor dan belum dikirim muncul di sini.",
    "dikirim": "Surat yang sudah dikirim muncul di sini.",
}


@page
async def letters(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/keluar?kotak=&lanjut=``"""
    asked = request.query.get("kotak", WAITING)
    box = asked if asked in BOXES else WAITING
    waiting, found, known = await asyncio.gather(
        waiting_reviews(request, visitor),
        _listed(request, visitor, box),
        known_offices(request, visitor),
    )
    return rendering.render(
        request,
        visitor,
        "outgoing_list.html",
        block="rows" if rendering.is_fragment(request) else None,
        box=box,
        boxes=[(code, row[0], row[1]) for code, row in BOXES.items()],
        waiting=len(waiting.items),
        found=waiting if box == WAITING else found,
        nothing=EMPTY.get(box, ""),
        offices=known,
    )


async def waiting_reviews(request: web.Request, visitor: Visitor) -> Section:
    """What waits for an initial, a signature or a mending of the visitor's offices."""
    query = {"limit": 100}
    return await section(ask(request, visitor, "letters", "list_reviews", query=query))


async def _listed(request: web.Request, visitor: Visitor, box: str) -> Section:
    state = BOXES[box][2]
    if state is None:
        return Section([])
    query = {"box": "outgoing", "state": state, "limit": 50}
    if request.query.get("lanjut"):
        query["cursor"] = request.query["lanjut"]
    return await section(ask(request, visitor, "letters", "list_letters", query=query))


# ---- one letter ------------------------------------------------------------------


async def show(
    request: web.Request, visitor: Visitor, known: dict[str, Any]
) -> web.Response:
    """``GET /surat/{letter_id}`` of an outgoing letter; `known` has been asked for."""
    values = await values_of(request, visitor, known["letter"])
    return rendering.render(request, visitor, "outgoing.html", **values)


async def loaded(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """The outgoing letter of the address; anything else is not found."""
    found: dict[str, Any] = await ask(
        request,
        visitor,
        "letters",
        "get_letter",
        letter_id=_letter_id(request),
    )
    if found["direction"] != "outgoing":
        raise NotFound
    return found


def _letter_id(request: web.Request) -> str:
    try:
        return str(UUID(request.match_info["letter_id"]))
    except ValueError as error:
        raise NotFound from error


async def values_of(
    request: web.Request, visitor: Visitor, letter: dict[str, Any]
) -> dict[str, Any]:
    """What the page shows; sheets open over the same page."""
    letter_id = letter["letter_id"]
    kinds, tracking, known = await asyncio.gather(
        ask(request, visitor, "letters", "get_reference", name="kinds"),
        ask(request, visitor, "letters", "get_letter_tracking", letter_id=letter_id),
        known_offices(request, visitor),
    )
    facts = letter["outgoing"]
    me = reviews.standing(letter, visitor)
    return {
        "letter": letter,
        "offices": known,
        "me": me,
        "verbs": reviews.verbs_of(letter, me),
        "steps": reviews.steps_of(letter, known),
        "turn": reviews.whose_turn(letter),
        "back_note": reviews.asked_again(letter, tracking),
        "paper": papers.paper_of(letter),
        "attachments": papers.attachments(letter),
        "body_html": safe_html(facts["body_html"]),
        "block_lines": _block(facts, known),
        "kind_label": _label(kinds["items"], letter["kind"]),
        "seen": _seen(facts, visitor),
        "state_mark": status.letter_mark(letter),
        "key": str(uuid.uuid4()),
        "back": "/surat/keluar",
        "more": "_outgoing_more.html",
    }


def safe_html(html: str | None) -> Markup | None:
    """The text of a letter with nothing but our own tags."""
    if not html:
        return None
    return Markup(writing.to_html(writing.to_text(html)))  # noqa: S704 - as it says


def _block(facts: dict[str, Any], known: Offices) -> list[str]:
    lines = signers.block(facts["signer_position_id"], facts["signing_form"], known)
    return [line.rstrip(",") for line in lines] or [facts["signer_title"]]


def _label(kinds: list[dict[str, Any]], code: str) -> str:
    return next((str(k["label_id"]) for k in kinds if k["code"] == code), code)


def _seen(facts: dict[str, Any], visitor: Visitor) -> list[str]:
    """Letters this one became that lie in the visitor's own offices."""
    return [
        row["letter_id"]
        for row in facts["recipients"]
        if row["letter_id"] and visitor.holds(row["position_id"])
    ]


@page
async def revisions(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/riwayat``: what changed, and what was said of it."""
    letter = await loaded(request, visitor)
    found = await ask(
        request,
        visitor,
        "letters",
        "list_letter_revisions",
        letter_id=letter["letter_id"],
    )
    rows = sorted(found["items"], key=lambda row: -row["revision"])
    return rendering.render(
        request,
        visitor,
        "revisions.html",
        letter=letter,
        revisions=[{**row, "text": safe_html(row["body_html"])} for row in rows],
        back=f"/surat/{letter['letter_id']}",
    )
