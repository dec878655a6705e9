"""The letter as paper: pages of what is written, of what was signed, of the scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from contracts.errors import NotFound
from gateway.portal.access import page
from gateway.portal.faults import Fault
from gateway.portal.visitor import Visitor

PAGED = ("application/pdf", "image/png", "image/jpeg")
SHOWN_PAGES = 12


@dataclass(frozen=True)
class Paper:
    """`pages`: ``{address, number}``; `pdf` is what opens and prints."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    pdf: str | None = None
    provisional: bool = True
    fault: Fault | None = None


async def paper_of(
    request: web.Request, visitor: Visitor, letter: dict[str, Any]
) -> Paper:
    """The scan, else the signed file, else the uploaded one, else the preview."""
    facts = letter["outgoing"]
    shown = facts["scan_file_id"] or facts["final_file_id"]
    files = [file for file in letter["files"] if file["media_type"] in PAGED]
    wanted = [file for file in files if shown in (None, file["file_id"])]
    if wanted and (shown or not facts["body_html"]):
        return _of_file(letter["letter_id"], wanted[0], provisional=shown is None)
    address = f"/api/v1/letters/{letter['letter_id']}/preview.pdf"
    return Paper(pdf=address)


def _of_file(letter_id: str, file: dict[str, Any], *, provisional: bool) -> Paper:
    address = f"/api/v1/letters/{letter_id}/files/{file['file_id']}"
    count = min(file["page_count"] or 1, SHOWN_PAGES)
    pages = [
        {"address": f"{address}/pages/{number}", "number": number}
        for number in range(1, count + 1)
    ]
    is_pdf = file["media_type"] == "application/pdf"
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
    """``GET /surat/{letter_id}/pratinjau/{page}?width=``"""
    raise NotFound
