"""Some dates of a series clash: how many, the first of them, and the ways out."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import recurring, rendering
from gateway.portal.activities import Draft
from gateway.portal.asking import known_offices
from gateway.portal.views.board import board_values
from gateway.portal.visitor import Visitor

SHOWN = 5


async def series_sheet(
    request: web.Request, visitor: Visitor, error: RakatError, draft: Draft
) -> web.Response:
    """Nothing of the series is saved yet."""
    conflicts = list(error.facts.get("conflicts") or ())
    total = int(error.facts.get("total") or len(conflicts))
    days = draft.repeat.dates(draft.day)
    met = recurring.clashing(days, draft.starts_at(), draft.ends_at(), conflicts)
    # What is sent next is another body, and needs another key.
    draft.key = str(uuid.uuid4())
    values: dict[str, Any] = {
        "draft": draft,
        "offices": await known_offices(request, visitor),
        "conflicts": conflicts[:SHOWN],
        "unnamed": total - len(conflicts[:SHOWN]),
        "dates": len(days),
        "clashing": len(met),
        # The schedule names the first clashes only.
        "at_least": total > len(conflicts),
        "first": met[0] if met else None,
        # At these all of its dates are free.
        "alternatives": list(error.facts.get("alternatives") or ()),
        # Asked for already, and still refused: no date is left to book.
        "none_left": draft.repeat.on_clash == "skip",
    }
    over: dict[str, Any] = {}
    if not rendering.is_fragment(request):
        shown = met[0] if met else draft.starts_at().date()
        over = await board_values(request, visitor, shown)
    return rendering.sheet(
        request, visitor, "series_clash.html", status_code=409, **{**over, **values}
    )
