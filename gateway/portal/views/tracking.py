"""Where a letter is: who must handle it, who must coordinate, who knows."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from gateway.portal import rendering, status, tracking
from gateway.portal.access import page
from gateway.portal.asking import ask, known_offices
from gateway.portal.visitor import Visitor


@page
async def positions(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /surat/{letter_id}/posisi``"""
    letter_id = request.match_info["letter_id"]
    letter, found, known = await asyncio.gather(
        ask(request, visitor, "letters", "get_letter", letter_id=letter_id),
        ask(request, visitor, "letters", "get_letter_tracking", letter_id=letter_id),
        known_offices(request, visitor),
    )
    groups = tracking.groups(found)
    return rendering.render(
        request,
        visitor,
        "tracking.html",
        letter=letter,
        tracking=found,
        groups=groups,
        tree=tracking.build_tree(found, _roots(letter)),
        timeline=list(reversed(found["timeline"])),
        entry_mark=tracking.entry_mark,
        actor_title=tracking.actor_title,
        task_titles=tracking.task_titles(found),
        late=tracking.latest_late(found),
        state_mark=status.letter_mark(found),
        offices=known,
        back=f"/surat/{letter_id}",
    )


def _roots(letter: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Root tasks the visitor has; of others the timeline and lists tell."""
    return {
        task["task_id"]: task
        for task in letter["my_tasks"]
        if task["parent_task_id"] is None
    }
