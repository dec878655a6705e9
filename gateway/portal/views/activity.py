"""One activity: made, looked at, confirmed, moved, called off."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date
from typing import Any

from aiohttp import web
from multidict import MultiDict

from chassis.clock import now as clock_now
from contracts.errors import Conflict, NotFound, RakatError
from gateway.portal import (
    activities,
    agenda,
    forms,
    opening,
    organising,
    recurring,
    recurring_words,
    rendering,
    status,
    words,
)
from gateway.portal.access import page
from gateway.portal.activities import Draft
from gateway.portal.asking import act, ask, ask_all, known_offices, section
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views import room_approval
from gateway.portal.views.agenda import parse_day
from gateway.portal.views.board import board_values
from gateway.portal.views.clash import clash_sheet
from gateway.portal.views.representing import candidates_for
from gateway.portal.views.series_clash import series_sheet
from gateway.portal.visitor import Visitor

CANDIDATES = 8


@page
async def new(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/baru?tanggal=&mulai=&selesai=&peserta=&ruang=``"""
    asked = request.query.get("tanggal")
    day = parse_day(asked) if asked else words.day_of(clock_now())
    draft = Draft(day=day.isoformat(), key=str(uuid.uuid4()))
    known = await known_offices(request, visitor)
    activities.fill_in(draft, request.query, known, visitor.position_id)
    organising.settle(draft, known, visitor)
    return await form_sheet(request, visitor, draft)


@page
async def create(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/baru``: save, show the form as changed, or the clash."""
    known = await known_offices(request, visitor)
    fields = await forms.posted(request)
    draft = activities.from_form(fields, known)
    organising.settle(draft, known, visitor)
    if "hapus" in fields or fields.get("aksi") == "ubah":
        return await form_sheet(request, visitor, draft)
    problems = activities.problems_in(draft)
    if problems:
        return await form_sheet(request, visitor, draft, problems, 422)
    body = activities.body_of(draft)
    if fields.get("jalan"):
        activities.apply_way(draft, fields, body)
    return await _create(request, visitor, draft, body, fields)


async def _create(
    request: web.Request,
    visitor: Visitor,
    draft: Draft,
    body: dict[str, Any],
    fields: MultiDict[str],
) -> web.Response:
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            "create_activity",
            key=draft.key,
            body=body,
            seconds=recurring.SERIES_SECONDS if draft.repeat else None,
        )
    except Conflict as error:
        if error.code != "schedule_conflict":
            raise
        if draft.repeat:
            return await series_sheet(request, visitor, error, draft)
        return await clash_sheet(request, visitor, error, draft=draft, fields=fields)
    except RakatError as error:
        problems = forms.problems_of(error, activities.ERROR_FIELDS)
        if fields.get("jalan") == activities.OVERRIDE:
            return await clash_sheet(
                request, visitor, error, draft=draft, fields=fields, problems=problems
            )
        return await form_sheet(request, visitor, draft, problems, error.status)
    made = done.body
    message = Flash(
        text=_saved(made),
        link=f"/kegiatan/{made['activity_id']}",
        link_text="Buka",
    )
    day = words.day_of(made["starts_at"]).isoformat()
    return rendering.see_other(request, f"/jadwal?tanggal={day}", message)


def _saved(activity: dict[str, Any]) -> str:
    said = {"proposed": "Diajukan untuk", "tentative": "Tersimpan tentatif,"}
    begun = said.get(activity["state"], "Kegiatan tersimpan,")
    when = words.span_day(activity["starts_at"], activity["ends_at"], clock_now())
    if not activity.get("series"):
        return f"{begun} {when}."
    dates = recurring_words.booked(activity["series"], clock_now())
    return f"{begun} mulai {when}, {dates}"


async def form_sheet(
    request: web.Request,
    visitor: Visitor,
    draft: Draft,
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    """The form of a new activity, or of one that is changed."""
    known, rooms = await asyncio.gather(
        known_offices(request, visitor),
        section(
            ask_all(request, visitor, "schedule", "list_resources", {"active": True})
        ),
    )
    values: dict[str, Any] = {
        "draft": draft,
        "offices": known,
        "things": _by_kind(rooms.items),
        "opening": opening,
        "candidates": _candidates(known, visitor, draft),
        "problems": problems or [],
        "recurring": recurring,
        "scopes": recurring_words.SCOPES,
        "organisers": organising.choices(known, visitor, draft),
    }
    block = "sheet" if rendering.is_fragment(request) else None
    if block is None:
        over = await board_values(request, visitor, _day_of(draft))
        values = {**over, **values}
    return rendering.render(
        request,
        visitor,
        "activity_form.html",
        block=block,
        status_code=status_code,
        **values,
    )


def _by_kind(things: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rooms, then vehicles; a kind of which there is none is left out."""
    found: dict[str, list[dict[str, Any]]] = {"room": [], "vehicle": []}
    for thing in things:
        found[thing["kind"]].append(thing)
    return {kind: rows for kind, rows in found.items() if rows}


def _day_of(draft: Draft) -> date:
    try:
        return date.fromisoformat(draft.day)
    except ValueError:
        return words.day_of(clock_now())


def _candidates(known: Offices, visitor: Visitor, draft: Draft) -> list[dict[str, Any]]:
    """Those looked for; else the usual ones: below me, and whom I report to."""
    if draft.needle:
        rows = known.search(draft.needle)
    else:
        acting = known.get(visitor.position_id) or {}
        upper = known.get(acting.get("reports_to"))
        rows = [*([upper] if upper else []), *known.subordinates(visitor.position_id)]
    return [row for row in rows if row["position_id"] not in draft.roles][:CANDIDATES]


@page
async def show(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}``"""
    values = await activity_values(request, visitor)
    return rendering.render(request, visitor, "activity.html", **values)


async def activity_values(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """What the page of an activity shows, also under a sheet."""
    activity, known = await asyncio.gather(
        the_activity(request, visitor), known_offices(request, visitor)
    )
    day = words.day_of(activity["starts_at"])
    mine = [line for line in activity["participants"] if _may_answer(activity, line)]
    recurrence = activity.get("recurrence")
    return {
        "activity": activity,
        "day": day,
        "offices": known,
        "mark_of": status.activity_mark(activity, visitor.position_id),
        "mine": mine,
        "representatives": await candidates_for(
            request, visitor, known, activity, mine
        ),
        "rule": recurrence and recurring_words.rule(recurrence, activity["starts_at"]),
        "rooms_to_answer": await room_approval.to_answer(
            request, visitor, activity, known
        ),
        "ends": agenda.ends(activity),
        "records": "record" in activity["allowed"]
        and words.instant(activity["starts_at"]) <= clock_now(),
        "is_request": await _is_request(request, visitor, activity),
        "back": f"/agenda/{day.isoformat()}",
        "key": str(uuid.uuid4()),
    }


async def _is_request(
    request: web.Request, visitor: Visitor, activity: dict[str, Any]
) -> bool:
    """Whether it waits as a request for a slot; not all proposals are one."""
    if activity["state"] != "proposed":
        return False
    try:
        await ask(
            request,
            visitor,
            "schedule",
            "get_slot_request",
            activity_id=activity["activity_id"],
        )
    except NotFound:
        return False
    return True


def _may_answer(activity: dict[str, Any], line: dict[str, Any]) -> bool:
    """An answer may be given while open, and taken back while still ahead."""
    is_open = activity["state"] in ("proposed", "tentative", "confirmed")
    ahead = words.instant(activity["starts_at"]) > clock_now()
    is_due = line["response"] == "pending" or ahead
    return bool(is_open and line["kept_by_me"] and is_due)


async def the_activity(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """Raises `NotFound` for what the visitor may not see."""
    found: dict[str, Any] = await ask(
        request,
        visitor,
        "schedule",
        "get_activity",
        activity_id=request.match_info["activity_id"],
    )
    return found


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/ubah``: confirm, cancel, postpone, complete."""
    fields = await forms.posted(request)
    activity_id = request.match_info["activity_id"]
    verb = fields.get("aksi", "")
    method, said = _CHANGES.get(verb, _CHANGES["tetapkan"])
    body: dict[str, Any] = {"reason": forms.text_or_none(fields, "alasan")}
    if fields.get("jalan") == activities.OVERRIDE:
        body = {"override": {"reason": fields.get("alasan", "")}}
    try:
        if fields.get("jalan") == activities.MOVE:
            await _move(request, visitor, fields.get("slot", ""))
        await act(
            request,
            visitor,
            "schedule",
            method,
            activity_id=activity_id,
            body=forms.without_empty(body),
        )
    except Conflict as error:
        if error.code != "schedule_conflict":
            raise
        found = await the_activity(request, visitor)
        return await clash_sheet(request, visitor, error, activity=found, fields=fields)
    return rendering.see_other(request, f"/kegiatan/{activity_id}", Flash(text=said))


_CHANGES = {
    "tetapkan": ("confirm_activity", "Kegiatan ditetapkan."),
    "batalkan": ("cancel_activity", "Kegiatan dibatalkan. Semua peserta diberi tahu."),
    "tunda": ("postpone_activity", "Kegiatan ditunda."),
    "selesai": ("complete_activity", "Kegiatan ditandai selesai."),
}


async def _move(request: web.Request, visitor: Visitor, slot: str) -> None:
    """To a slot ``start/end`` of the alternatives."""
    activity = await the_activity(request, visitor)
    begins, _, ends = slot.partition("/")
    body = {"starts_at": begins, "ends_at": ends if activity["ends_at"] else None}
    await act(
        request,
        visitor,
        "schedule",
        "update_activity",
        activity_id=activity["activity_id"],
        body=body,
        expected_version=activity["version"],
    )
