"""What is written of a draft, saved in passing: asked by `simpan.js`, answers briefly."""

from __future__ import annotations

import asyncio

from aiohttp import web

from contracts.errors import NotFound, RakatError, Stale
from gateway.portal import attaching, autosaving, faults, outgoing, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act, known_offices
from gateway.portal.views.draft import my_draft
from gateway.portal.visitor import Visitor

GONE = f"{autosaving.NOT_YET} Konsep ini sudah diajukan atau dibatalkan."


@page
async def save(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /surat/{letter_id}/konsep/otomatis``: 200 with version and time, 409
    with a sheet when somebody was faster, else why nothing was saved."""
    try:
        letter, known = await asyncio.gather(
            my_draft(request, visitor), known_offices(request, visitor)
        )
    except NotFound:
        return _not_saved(GONE, 404)
    fields, _ = await attaching.posted(request, visitor)
    drafter = letter["outgoing"]["drafter_position_id"]
    draft = outgoing.from_form(fields, drafter, known)
    if (why := autosaving.hindrance(draft, letter)) is not None:
        return _not_saved(why, 422)
    try:
        done = await act(
            request,
            visitor,
            "letters",
            "save_draft",
            key=fields.get("kirim"),
            letter_id=letter["letter_id"],
            expected_version=draft.version or 0,
            body=autosaving.written_of(draft, letter),
        )
    except Stale:
        return await _clash(request, visitor)
    except ValueError:
        return _not_saved(f"{autosaving.NOT_YET} Tanggal atau jam ini tidak ada.", 422)
    except RakatError as error:
        status = 422 if error.status == 409 else error.status  # 409 brings the sheet
        return _not_saved(f"{autosaving.NOT_YET} {faults.sentence(error)}", status)
    body = done.body
    said = {"versi": body["version"], "pukul": words.clock(body["saved_at"])}
    return _json(said, 200)


async def _clash(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """Read again: the letter of before the refusal may be the older one."""
    letter = await my_draft(request, visitor)
    return rendering.render(
        request,
        visitor,
        "draft_clash.html",
        status_code=409,
        clash=await autosaving.clash_of(request, visitor, letter),
    )


def _not_saved(why: str, status: int) -> web.Response:
    return _json({"kenapa": why}, status)


def _json(said: dict[str, object], status: int) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response(said, status=status, headers=headers)
