"""Lists of letters: by box, state and words looked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from gateway.portal import labels, rendering
from gateway.portal.access import page
from gateway.portal.asking import ask, section
from gateway.portal.visitor import Visitor

BOXES = {"masuk": "inbox", "unit": "unit", "tercatat": "registered", "semua": "all"}
BOX_TITLES = {
    "masuk": "Untuk saya",
    "unit": "Unit saya",
    "tercatat": "Saya catat",
    "semua": "Semua",
}
STATES = {
    "berjalan": ("under_disposition", "Dalam disposisi"),
    "baru": ("registered", "Tercatat"),
    "selesai": ("completed", "Selesai"),
    "ditutup": ("closed", "Ditutup"),
}


@page
async def letters(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat?kotak=&keadaan=&urgensi=&q=&lanjut=``"""
    asked = request.query
    box = asked.get("kotak", "masuk")
    box = box if box in BOXES else "masuk"
    text = asked.get("q", "").strip()
    query: dict[str, Any] = {
        "box": BOXES[box] if not text or "kotak" in asked else "all",
        "q": text or None,
        "state": STATES.get(asked.get("keadaan", ""), (None, ""))[0],
        "urgency": _known(asked.get("urgensi"), labels.URGENCIES),
        "cursor": asked.get("lanjut"),
        "limit": 50,
    }
    sent = {name: value for name, value in query.items() if value}
    found = await section(ask(request, visitor, "letters", "list_letters", query=sent))
    return rendering.render(
        request,
        visitor,
        "letters.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        box=box,
        boxes=_boxes(visitor),
        states=STATES,
        text=text,
        link=_linker(request),
    )


def _known(code: str | None, words: Any) -> str | None:
    return code if code in words else None


def _boxes(visitor: Visitor) -> dict[str, str]:
    hidden = () if visitor.registers else ("tercatat",)
    return {code: title for code, title in BOX_TITLES.items() if code not in hidden}


def _linker(request: web.Request) -> Any:
    """Addresses of this list with some of its filters changed."""

    def link(**changes: str | None) -> str:
        kept = {
            name: value for name, value in request.query.items() if name != "lanjut"
        }
        changed = {**kept, **changes}
        text = urlencode({name: value for name, value in changed.items() if value})
        return f"/surat?{text}" if text else "/surat"

    return link
