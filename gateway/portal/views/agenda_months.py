"""The week and the month of one office, each day a cell."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from gateway.portal import agenda, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import ask_all, known_offices, section
from gateway.portal.views.agenda import parse_day
from gateway.portal.visitor import Visitor

MOST_SHOWN = 3  # titles of a day in a month; the rest is a number


@page
async def week_view(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /agenda/{tanggal}/pekan?jabatan=``"""
    day = parse_day(request.match_info["tanggal"])
    first = agenda.monday_of(day)
    last = first + timedelta(days=6)
    return await _render(
        request,
        visitor,
        day,
        [first],
        heading=words.days_between(first, last),
        previous=day - timedelta(days=7),
        following=day + timedelta(days=7),
        kind="pekan",
    )


@page
async def month_view(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /agenda/{tanggal}/bulan?jabatan=``"""
    day = parse_day(request.match_info["tanggal"])
    return await _render(
        request,
        visitor,
        day,
        agenda.mondays_of_month(day),
        heading=f"{words.MONTHS[day.month - 1]} {day.year}",
        previous=day.replace(day=1) - timedelta(days=1),
        following=agenda.next_month(day),
        kind="bulan",
    )


async def _render(
    request: web.Request,
    visitor: Visitor,
    day: date,
    mondays: list[date],
    **values: Any,
) -> web.Response:
    position_id = request.query.get("jabatan") or visitor.position_id
    query = {
        "from": mondays[0].isoformat(),
        "to": (mondays[-1] + timedelta(days=6)).isoformat(),
        "position_id": position_id,
    }
    found, known = await asyncio.gather(
        section(ask_all(request, visitor, "schedule", "list_activities", query=query)),
        known_offices(request, visitor),
    )
    office = known.get(position_id)
    return rendering.render(
        request,
        visitor,
        "weeks.html",
        day=day,
        today=words.day_of(clock_now()),
        found=found,
        weeks=[agenda.week(found.items, one, position_id) for one in mondays],
        position_id=position_id,
        title=office["title"] if office else visitor.acting_title,
        is_other=position_id != visitor.position_id,
        most_shown=MOST_SHOWN if values["kind"] == "bulan" else 99,
        **values,
    )
