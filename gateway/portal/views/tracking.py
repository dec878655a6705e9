"""Where a letter is: who must handle it, who must coordinate, who knows."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from gateway.portal import rendering, status, tracking
from gateway.portal.access import page
from gateway.portal.allowed import allowed, paper_acts
from gateway.portal.asking import ask, known_offices, section
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
    paper = found.get("paper")
    groups, giving = tracking.groups(found), _giving(letter, visitor)
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
        may=allowed(letter, found, visitor, known),
        reminders=tracking.reminders(found, giving, clock_now()),
        changeable=tracking.with_due(found, giving),
        paper=paper,
        paper_acts=paper_acts(paper, visitor),
        journey=await _journey(request, visitor, letter_id, paper),
        back=f"/surat/{letter_id}",
        more="_tracking_more.html",
    )


def _giving(letter: dict[str, Any], visitor: Visitor) -> frozenset[str]:
    """Tasks the visitor acts on; who got one below may be reminded by him."""
    return frozenset(
        task["task_id"]
        for task in letter["my_tasks"]
        if "act" in visitor.rights(task["position_id"])
    )


async def _journey(
    request: web.Request,
    visitor: Visitor,
    letter_id: str,
    paper: dict[str, Any] | None,
) -> list[dict[str, Any]]:
    """Hand-overs of the paper, the newest first; none for a letter without paper."""
    if paper is None:
        return []
    found = await section(
        ask(request, visitor, "letters", "list_handovers", letter_id=letter_id)
    )
    return list(reversed(found.items))


def _roots(letter: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Root tasks the visitor has; of others the timeline and lists tell."""
    return {
        task["task_id"]: task
        for task in letter["my_tasks"]
        if task["parent_task_id"] is None
    }
