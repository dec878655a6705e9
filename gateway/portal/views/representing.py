"""Who could go to an activity instead of a participant: the free ones first."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.bus import RemoteFault
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

SHOWN = 12


async def candidates_for(
    request: web.Request,
    visitor: Visitor,
    known: Offices,
    activity: Row,
    lines: list[Row],
) -> dict[str, list[Row]]:
    """By the position that would be represented."""
    found = await asyncio.gather(
        *(_candidates(request, visitor, known, activity, line) for line in lines)
    )
    return {line["position_id"]: rows for line, rows in zip(lines, found, strict=True)}


async def _candidates(
    request: web.Request, visitor: Visitor, known: Offices, activity: Row, line: Row
) -> list[Row]:
    """As far as the schedule can tell; without it, those right below, unchecked."""
    try:
        answer = await ask(
            request,
            visitor,
            "schedule",
            "list_representatives",
            activity_id=activity["activity_id"],
            query={"position_id": line["position_id"], "limit": SHOWN},
        )
    except (RakatError, RemoteFault):
        return [_unchecked(row) for row in known.subordinates(line["position_id"])]
    return shown(answer["items"])


def shown(items: list[Row]) -> list[Row]:
    """Lines of the choice; the first who is free and not there already is chosen."""
    rows = [
        {
            "position_id": item["position_id"],
            "title": item["title"],
            "holder": item["person"]["name"],
            "busy": not item["available"],
            "said": _said(item),
            "chosen": False,
        }
        for item in items
    ]
    for row, item in zip(rows, items, strict=True):
        if item["available"] and not item["participates"]:
            row["chosen"] = True
            break
    return rows


def _said(item: Row) -> str:
    if item["available"]:
        return "Sudah menjadi peserta" if item["participates"] else "Kosong"
    if not item["conflicts"]:
        return "Sibuk pada waktu itu"
    clash = item["conflicts"][0]
    when = words.span_day(clash["starts_at"], clash["ends_at"], clock_now())
    return f"Sibuk: {clash['activity_title']}, {when}"


def _unchecked(row: Row) -> Row:
    """Whether it is free shows when it is chosen: a busy one is refused."""
    return {
        "position_id": row["position_id"],
        "title": row["title"],
        "holder": "",
        "busy": False,
        "said": "Belum diketahui kosong atau tidak",
        "chosen": False,
    }
