"""One of the regency's own outgoing letters, chosen in a form: searched, or the latest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal.asking import ask, section
from gateway.portal.visitor import Visitor

SHOWN = 6
SEARCH = "cari"
"""Value of the button that only looks for letters."""

Row = dict[str, Any]


async def outgoing_letters(
    request: web.Request,
    visitor: Visitor,
    needle: str,
    chosen: str | None = None,
    first: Iterable[Row] = (),
) -> list[Row]:
    """The chosen one, then `first` (who is likely), then who matches or is new."""
    query = {"box": "outgoing", "q": needle[:200] or None, "limit": SHOWN}
    sent = {name: value for name, value in query.items() if value is not None}
    kept, found = await asyncio.gather(
        _letter(request, visitor, chosen),
        section(ask(request, visitor, "letters", "list_letters", query=sent)),
    )
    rows = [kept, *([] if needle else first), *found.items]
    unique = {row["letter_id"]: row for row in rows if row and row["state"] != "void"}
    return list(unique.values())[: SHOWN + (kept is not None)]


async def answered(
    request: web.Request, visitor: Visitor, fields: Mapping[str, str]
) -> dict[str, Any]:
    """For ``_letter_pick.html``; nothing is asked before somebody looks for one."""
    needle, chosen = fields.get("cari-surat", ""), fields.get("balasan")
    rows = []
    if needle or chosen:
        rows = await outgoing_letters(request, visitor, needle, chosen)
    return {"needle": needle, "candidates": rows}


async def _letter(
    request: web.Request, visitor: Visitor, letter_id: str | None
) -> Row | None:
    """None for what the visitor may not see: then it is not offered either."""
    if not letter_id:
        return None
    try:
        found: Row = await ask(
            request, visitor, "letters", "get_letter", letter_id=letter_id
        )
    except RakatError:
        return None
    return found
