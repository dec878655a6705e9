"""The letter as paper: pages of what is written, of what was signed, of the scan."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from contracts.errors import NotFound
from gateway import keys
from gateway.files.pages import step
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import ask
from gateway.portal.previews import PREVIEWS, Preview
from gateway.portal.visitor import Visitor

PDF = "application/pdf"
PAGED = (PDF, "image/png", "image/jpeg")
SHOWN_PAGES = 12
SET_SECONDS = 30.0  # a turn at the press, then the press


@dataclass(frozen=True)
class Paper:
    """`pages`: ``{address, number}``; `pdf` opens and prints; `more`: where the
    pages after the first come from, when their number is not known yet."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    pdf: str | None = None
    provisional: bool = True
    more: str | None = None


def paper_of(letter: dict[str, Any]) -> Paper:
    """The scan, else the signed file, else the uploaded one, else the text as set."""
    facts, letter_id = letter["outgoing"], letter["letter_id"]
    fixed = facts["scan_file_id"] or facts["final_file_id"]
    files = [file for file in letter["files"] if file["media_type"] in PAGED]
    wanted = [file for file in files if fixed in (None, file["file_id"])]
    if wanted and (fixed or not facts["body_html"]):
        return _of_file(letter_id, wanted[0], provisional=fixed is None)
    if not facts["body_html"]:
        return Paper()
    here, version = f"/surat/{letter_id}/pratinjau", letter["version"]
    return Paper(
        pages=[{"address": f"{here}/1?versi={version}", "number": 1}],
        pdf=f"/api/v1/letters/{letter_id}/preview.pdf",
        more=f"{here}?versi={version}",
    )


def _of_file(letter_id: str, file: dict[str, Any], *, provisional: bool) -> Paper:
    address = f"/api/v1/letters/{letter_id}/files/{file['file_id']}"
    count = min(file["page_count"] or 1, SHOWN_PAGES)
    pages = [
        {"address": f"{address}/pages/{number}?", "number": number}
        for number in range(1, count + 1)
    ]
    is_pdf = file["media_type"] == PDF
    return Paper(pages, address if is_pdf else None, provisional)


def attachments(letter: dict[str, Any]) -> list[dict[str, Any]]:
    """Files that are neither the letter itself nor its scan."""
    facts = letter["outgoing"]
    own = {facts["final_file_id"], facts["scan_file_id"]}
    is_file = not facts["body_html"]
    return [
        file
        for file in letter["files"]
        if file["file_id"] not in own and not (is_file and file["media_type"] in PAGED)
    ]


@page
async def page_image(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/pratinjau/{page}?versi=&width=``: WebP."""
    number = forms.whole(request.match_info, "page") or 0
    width = step(forms.whole(request.query, "width") or 800)
    preview = await _preview(request, visitor)
    if not 0 < number <= preview.pages:
        raise NotFound
    with tempfile.NamedTemporaryFile(prefix="rakat-preview-") as file:
        file.write(preview.pdf)
        file.flush()
        workshop = request.app[keys.WORKSHOP]
        image = await workshop.paint(Path(file.name), PDF, number, width)
    headers = {"Cache-Control": "private, max-age=300", "Vary": "Cookie"}
    return web.Response(body=image, content_type="image/webp", headers=headers)


@page
async def more_pages(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/pratinjau?versi=``: the pages after the first."""
    preview = await _preview(request, visitor)
    here = f"/surat/{request.match_info['letter_id']}/pratinjau"
    version = forms.whole(request.query, "versi") or 0
    count = min(preview.pages, SHOWN_PAGES)
    return rendering.render(
        request,
        visitor,
        "_paper.html",
        block="pages",
        count=preview.pages,
        provisional=True,
        pages=[
            {"address": f"{here}/{number}?versi={version}&", "number": number}
            for number in range(2, count + 1)
        ],
    )


async def _preview(request: web.Request, visitor: Visitor) -> Preview:
    """The draft as the service sets it now, for who may see it."""
    letter_id = request.match_info["letter_id"]

    async def load() -> Preview:
        found = await ask(
            request,
            visitor,
            "letters",
            "get_letter_preview",
            seconds=SET_SECONDS,
            letter_id=letter_id,
        )
        if found["content"] is None:
            raise NotFound
        return await _counted(request, base64.b64decode(found["content"]))

    version = request.query.get("versi", "")[:12]
    key = f"{visitor.secret}:{visitor.position_id}:{letter_id}:{version}"
    return await request.app[PREVIEWS].get(key, load)


async def _counted(request: web.Request, pdf: bytes) -> Preview:
    with tempfile.NamedTemporaryFile(prefix="rakat-preview-") as file:
        file.write(pdf)
        file.flush()
        judged = await request.app[keys.WORKSHOP].judge(Path(file.name))
    return Preview(pdf, judged.page_count or 1)
