"""What a block held over the board would meet, told before it is let go."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from aiohttp import web

from contracts.codec import ZONE
from contracts.errors import NotFound
from gateway.portal import forms, moving, words
from gateway.portal.access import page
from gateway.portal.asking import ask
from gateway.portal.views.activity import the_activity
from gateway.portal.views.agenda import parse_day
from gateway.portal.visitor import Visitor

LONGEST = 7  # days the board shows at once
NOTHING: Final[dict[str, Any]] = {"conflicts": [], "alternatives": []}


@page
async def busy(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/sibuk?dari=&sampai=``: when somebody of it is busy
    on these days, as the service's own check says."""
    first = parse_day(request.query.get("dari", ""))
    last = parse_day(request.query.get("sampai", ""))
    if not 0 <= (last - first).days < LONGEST:
        raise NotFound
    activity = await the_activity(request, visitor)
    spans: list[dict[str, Any]] = []
    for number in range((last - first).days + 1):
        begins = datetime.combine(first + timedelta(days=number), time(), ZONE)
        until = begins + timedelta(days=1)
        found = await checked(request, visitor, activity, begins, until)
        spans += moving.busy_spans(found["conflicts"], until)
    return _json({"spans": spans})


@page
async def check(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/geser/periksa?mulai=``: what is in the way then."""
    activity = await the_activity(request, visitor)
    begins, ends = moving.moved_to(activity, asked_start(request))
    found = await checked(
        request,
        visitor,
        activity,
        words.instant(begins),
        words.instant(ends) if ends else None,
    )
    closed = moving.closed_names(activity, found.get("closed_resource_ids", []))
    clashes = [moving.said_of(clash) for clash in found["conflicts"]]
    clashes += [f"{name}: tidak dipinjamkan pada jam itu" for name in closed]
    return _json({"when": words.span(begins, ends), "clashes": clashes})


def asked_start(request: web.Request) -> datetime:
    """The new start; raises `NotFound` for what is no time."""
    try:
        begins = forms.local_instant(request.query.get("mulai", ""))
    except ValueError:
        raise NotFound from None
    parse_day(begins.date().isoformat())
    return begins


async def checked(
    request: web.Request,
    visitor: Visitor,
    activity: dict[str, Any],
    begins: datetime,
    ends: datetime | None,
) -> dict[str, Any]:
    """The service's own check of the activity at that time."""
    until = ends.isoformat() if ends else None
    body = moving.check_of(activity, begins.isoformat(), until)
    if not moving.asks_somebody(body):
        return NOTHING
    found: dict[str, Any] = await ask(
        request, visitor, "schedule", "check_conflicts", body=body
    )
    return found


def _json(value: dict[str, Any]) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})
