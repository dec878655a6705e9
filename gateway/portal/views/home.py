"""Home: what waits for me, the next hour, what I wait for from others."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import rendering, tasks, words
from gateway.portal.access import page
from gateway.portal.asking import Section, ask, ask_all, known_offices, section
from gateway.portal.views.outgoing import waiting_reviews
from gateway.portal.views.room_approvals import waiting_rooms
from gateway.portal.visitor import Visitor

CHECKED_INVITATIONS = 5


@page
async def home(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /``"""
    now = clock_now()
    mine, given, prepared, agenda, known, reviews = await asyncio.gather(
        section(_list(request, visitor, "list_tasks")),
        section(_list(request, visitor, "list_given_tasks")),
        section(_prepared(request, visitor)),
        section(_today(request, visitor, now)),
        known_offices(request, visitor),
        waiting_reviews(request, visitor),
    )
    own = tasks.own_cards(mine.items, given.items, known, visitor)
    cards = tasks.by_due(
        [card for card in own if not card.waits_for_others]
        + tasks.to_approve(given.items)
    )
    _, rooms = await asyncio.gather(
        _mark_clashes(request, visitor, cards), waiting_rooms(request, visitor, known)
    )
    return _render(
        request,
        visitor,
        now,
        cards,
        mine,
        given,
        prepared,
        agenda,
        known,
        reviews,
        rooms,
    )


def _render(
    request: web.Request,
    visitor: Visitor,
    now: datetime,
    cards: list[tasks.Card],
    mine: Section,
    given: Section,
    prepared: Section,
    agenda: Section,
    known: Any,
    reviews: Section,
    rooms: Section,
) -> web.Response:
    asked = request.query.get("saring", "semua")
    chosen = asked if asked in tasks.FILTERS else "semua"
    counts = {
        name: sum(tasks.in_filter(card, name, now) for card in cards)
        for name in tasks.FILTERS
    }
    coming = [row for row in agenda.items if _ends(row) > now]
    return rendering.render(
        request,
        visitor,
        "home.html",
        block="cards" if rendering.is_fragment(request) else None,
        cards=[card for card in cards if tasks.in_filter(card, chosen, now)],
        chosen=chosen,
        counts=counts,
        at_once=tasks.MOST_AT_ONCE,
        mine=mine,
        given=given,
        prepared=[row for row in prepared.items if visitor.holds(row["given_by"])],
        agenda=agenda,
        coming=coming,
        reviews=reviews.items,
        rooms=rooms,
        waiting=tasks.waiting_lines(given.items, now),
        offices=known,
    )


def _ends(activity: dict[str, Any]) -> datetime:
    return words.instant(activity["assumed_ends_at"])


async def _list(request: web.Request, visitor: Visitor, method: str) -> Any:
    query = {"state": "open", "limit": 200}
    return await ask_all(request, visitor, "letters", method, query)


async def _prepared(request: web.Request, visitor: Visitor) -> Any:
    query = {"state": "prepared", "limit": 20}
    return await ask(request, visitor, "letters", "list_dispositions", query=query)


async def _today(request: web.Request, visitor: Visitor, now: datetime) -> Any:
    """Activities of the office acted as that are not over yet."""
    today = words.day_of(now).isoformat()
    query = {
        "from": today,
        "to": today,
        "position_id": visitor.position_id,
    }
    found = await ask(request, visitor, "schedule", "list_activities", query=query)
    kept = [row for row in found["items"] if row["state"] != "cancelled"]
    return {"items": kept, "next_cursor": None}


async def _mark_clashes(
    request: web.Request, visitor: Visitor, cards: list[tasks.Card]
) -> None:
    """A clash shows on the invitation itself, before anybody answers it."""
    invited = [card for card in cards if tasks.is_invitation(card.task)]
    checked = invited[:CHECKED_INVITATIONS]
    found = await asyncio.gather(
        *(first_clash(request, visitor, card.task) for card in checked)
    )
    for card, clash in zip(checked, found, strict=True):
        card.clash = clash


async def first_clash(
    request: web.Request, visitor: Visitor, task: dict[str, Any]
) -> dict[str, Any] | None:
    """What is in the way of attending; None also when nobody can tell now."""
    body = {
        "starts_at": task["invitation"]["starts_at"],
        "ends_at": task["invitation"]["ends_at"],
        "position_ids": [task["position_id"]],
    }
    try:
        found = await ask(request, visitor, "schedule", "check_conflicts", body=body)
    except RakatError:
        return None
    conflicts: list[dict[str, Any]] = found["conflicts"]
    return conflicts[0] if conflicts else None
