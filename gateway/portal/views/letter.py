"""One letter: its pages, its facts, where it stands and what I can do with it."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import forms, labels, rendering, status, tasks
from gateway.portal.access import page
from gateway.portal.allowed import allowed, is_addressed
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views import outgoing
from gateway.portal.visitor import Visitor

PAGED = ("application/pdf", "image/png", "image/jpeg")
SHOWN_PAGES = 12


@page
async def letter(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}?tampil=teks``: pages as pictures, or as text."""
    letter_id = request.match_info["letter_id"]
    values = await letter_values(request, visitor, letter_id)
    if values["letter"]["direction"] == "outgoing":
        return await outgoing.show(request, visitor, values)
    if request.query.get("tampil") == "teks":
        values["texts"] = await page_texts(request, visitor, values["letter"])
    return rendering.render(request, visitor, "letter.html", **values)


async def letter_values(
    request: web.Request, visitor: Visitor, letter_id: str
) -> dict[str, Any]:
    """What the page of a letter shows; sheets open over the same page."""
    found, tracking, known = await asyncio.gather(
        ask(request, visitor, "letters", "get_letter", letter_id=letter_id),
        ask(request, visitor, "letters", "get_letter_tracking", letter_id=letter_id),
        known_offices(request, visitor),
    )
    task = my_open_task(found, tracking, visitor)
    return {
        "letter": found,
        "tracking": tracking,
        "holding": _holding(tracking),
        "pages": _pages(found["files"]),
        "attachments": [f for f in found["files"] if not _is_paged(f)],
        "task": task,
        "verbs": _verbs(task, known, visitor),
        "may_act": task is not None and "act" in visitor.rights(task["position_id"]),
        "unread": [t for t in found["my_tasks"] if _is_unread(t, visitor)],
        "may_close": _may_close(found, visitor),
        "may": allowed(found, tracking, visitor, known),
        "offices": known,
        "back": "/",
        "more": "_letter_more.html",
        "state_mark": status.letter_mark(found),
    }


def _verbs(
    task: dict[str, Any] | None, known: Offices, visitor: Visitor
) -> list[tasks.Verb]:
    if task is None:
        return []
    return tasks.verbs_of(task, known, visitor.rights(task["position_id"]))


def _is_unread(task: dict[str, Any], visitor: Visitor) -> bool:
    """Opening the letter reads it; an aide's look is not the leader's."""
    return task["state"] == "sent" and "act" in visitor.rights(task["position_id"])


def my_open_task(
    letter: dict[str, Any], tracking: dict[str, Any], visitor: Visitor
) -> dict[str, Any] | None:
    """The task to act on: of the office acted as first, handling before informing."""
    rank = {"handle": 0, "represent": 1, "coordinate": 2, "inform": 3}
    mine = [
        task
        for task in letter["my_tasks"]
        if task["state"] in tasks.OPEN and visitor.holds(task["position_id"])
    ]
    mine.sort(
        key=lambda task: (
            task["position_id"] != visitor.position_id,
            rank[task["role"]],
        )
    )
    if not mine:
        return None
    waiting = {row["task_id"] for row in tracking["following"]}
    return {**mine[0], "open_children": int(mine[0]["task_id"] in waiting)}


def _holding(tracking: dict[str, Any]) -> dict[str, Any] | None:
    """The one office named on the letter's page; the tracking page has them all."""
    for group in ("must_handle", "must_coordinate", "following"):
        if tracking[group]:
            first: dict[str, Any] = tracking[group][0]
            return first
    return None


def _is_paged(file: dict[str, Any]) -> bool:
    return file["media_type"] in PAGED


def _pages(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Page images in reading order, at most `SHOWN_PAGES`."""
    pages = [
        {"file": file, "number": number + 1, "count": file["page_count"] or 1}
        for file in files
        if _is_paged(file)
        for number in range(file["page_count"] or 1)
    ]
    return pages[:SHOWN_PAGES]


async def page_texts(
    request: web.Request, visitor: Visitor, letter: dict[str, Any]
) -> list[dict[str, Any]]:
    """The text of each page in reading order, with its file and what to say."""
    answer = await ask(
        request,
        visitor,
        "letters",
        "list_page_texts",
        letter_id=letter["letter_id"],
    )
    files = {one["file_id"]: one for one in letter["files"]}
    texts = [
        {**one, "file": files[one["file_id"]], "says": labels.TEXT_STATES[one["state"]]}
        for one in answer["items"]
        if one["file_id"] in files
    ]
    return texts[:SHOWN_PAGES]


def _may_close(letter: dict[str, Any], visitor: Visitor) -> bool:
    """An addressee may say that it needs nothing more."""
    is_open = letter["state"] in ("registered", "under_disposition")
    return is_open and is_addressed(letter, visitor)


@page
async def void_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/batal``"""
    return await _void_sheet(request, visitor, [])


@page
async def void(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/batal``: the number stays used."""
    fields = await forms.posted(request)
    letter_id = request.match_info["letter_id"]
    try:
        await act(
            request,
            visitor,
            "letters",
            "void_letter",
            key=fields.get("kunci"),
            letter_id=letter_id,
            body={"reason": fields.get("alasan", "")},
        )
    except RakatError as error:
        problems = forms.problems_of(error, {"/reason": "alasan"})
        return await _void_sheet(request, visitor, problems, error.status)
    message = Flash(text="Surat dibatalkan. Nomor agendanya tetap terpakai.")
    return rendering.see_other(request, f"/surat/{letter_id}", message)


async def _void_sheet(
    request: web.Request,
    visitor: Visitor,
    problems: list[forms.Problem],
    status_code: int = 200,
) -> web.Response:
    values = await letter_values(request, visitor, request.match_info["letter_id"])
    if values["letter"]["direction"] == "outgoing":
        values |= await outgoing.values_of(request, visitor, values["letter"])
    return rendering.sheet(
        request,
        visitor,
        "void.html",
        status_code=status_code,
        problems=problems,
        **values,
    )
