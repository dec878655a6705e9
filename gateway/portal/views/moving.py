"""A block moved on the board: the sheet that asks, and the move."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from aiohttp import web

from contracts.errors import NotFound, RakatError, Unavailable
from gateway.portal import forms, moving, proposals, rendering, words
from gateway.portal.access import page
from gateway.portal.flash import Flash
from gateway.portal.views import rescheduling
from gateway.portal.views.activity import the_activity
from gateway.portal.views.board import board_values
from gateway.portal.views.moving_checks import NOTHING, asked_start, checked
from gateway.portal.visitor import Visitor


@page
async def move_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/geser?mulai=``: nothing moves before it is said."""
    activity = await the_activity(request, visitor)
    begins, ends = moving.moved_to(activity, asked_start(request))
    until = words.instant(ends) if ends else None
    found = await checked(request, visitor, activity, words.instant(begins), until)
    fields = {"mulai": begins, "selesai": ends or ""}
    fields["versi"] = str(activity["version"])
    return await _sheet(request, visitor, activity, fields, found)


@page
async def move(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/geser``"""
    fields = await forms.posted(request)
    if rescheduling.problems_in(fields):
        raise NotFound  # the sheet fills in its times; this is another's form
    try:
        moved = await rescheduling.move(request, visitor, fields)
    except (NotFound, Unavailable):
        raise
    except RakatError as error:
        activity = await the_activity(request, visitor)
        return await _refused(request, visitor, activity, dict(fields), error)
    day = words.day_of(moved["starts_at"]).isoformat()
    return rendering.see_other(
        request,
        f"/jadwal?tanggal={day}{_unit_part(request)}",
        Flash(
            text=rescheduling.said(moved),
            link=f"/kegiatan/{moved['activity_id']}",
            link_text="Buka",
        ),
    )


async def _refused(
    request: web.Request,
    visitor: Visitor,
    activity: dict[str, Any],
    fields: dict[str, str],
    error: RakatError,
) -> web.Response:
    """Nothing has moved; the service's own clashes and free times say what next."""
    if error.code == "schedule_conflict":
        found = {name: list(error.facts.get(name) or ()) for name in NOTHING}
        return await _sheet(request, visitor, activity, fields, found, status=409)
    fields["versi"] = str(activity["version"])
    return await _sheet(
        request,
        visitor,
        activity,
        fields,
        NOTHING,
        status=error.status,
        problems=forms.problems_of(error, {}),
    )


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    activity: dict[str, Any],
    fields: dict[str, str],
    found: dict[str, Any],
    *,
    status: int = 200,
    problems: list[forms.Problem] | None = None,
) -> web.Response:
    begins, ends = fields["mulai"], fields["selesai"] or None
    rows = moving.rows_of(activity)
    day = words.day_of(begins)
    over = await board_values(request, visitor, day, frozenset(rows))
    closed = moving.closed_names(activity, found.get("closed_resource_ids", []))
    over["board"] = proposals.overlaid(
        proposals.without(over["board"], activity["activity_id"]),
        title=activity["title"],
        rows=rows,
        begins=begins,
        ends=ends or _assumed_end(activity, begins),
        conflicts=found["conflicts"],
        alternatives=found["alternatives"],
        fits=not (found["conflicts"] or closed),
    )
    values = {
        "activity": activity,
        "fields": fields,
        "begins": begins,
        "ends": ends,
        "conflicts": found["conflicts"],
        "closed": closed,
        "alternatives": [_with_address(request, s) for s in found["alternatives"][:4]],
        # A binding activity is refused where it clashes; others may wait there.
        "refused": activity["state"] == "confirmed"
        and bool(found["conflicts"] or closed),
        "problems": problems or [],
        "key": str(uuid.uuid4()),
        "address": _address(request),
        "close": f"/jadwal?tanggal={day.isoformat()}{_unit_part(request)}",
    }
    return rendering.sheet(
        request, visitor, "move.html", status_code=status, **{**over, **values}
    )


def _assumed_end(activity: dict[str, Any], begins: str) -> str:
    held = words.instant(activity["assumed_ends_at"])
    length = held - words.instant(activity["starts_at"])
    return (words.instant(begins) + length).isoformat()


def _address(request: web.Request) -> str:
    unit = request.query.get("unit")
    tail = f"?unit={quote(unit)}" if unit else ""
    return f"/kegiatan/{request.match_info['activity_id']}/geser{tail}"


def _with_address(request: web.Request, slot: dict[str, Any]) -> dict[str, Any]:
    path = f"/kegiatan/{request.match_info['activity_id']}/geser"
    return {
        **slot,
        "address": f"{path}?mulai={quote(slot['starts_at'])}{_unit_part(request)}",
    }


def _unit_part(request: web.Request) -> str:
    unit = request.query.get("unit")
    return f"&unit={quote(unit)}" if unit else ""
