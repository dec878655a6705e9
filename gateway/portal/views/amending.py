"""Everything of an activity changed in one form, of a series as far as is said."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from chassis.clock import now as clock_now
from contracts.errors import Conflict, Forbidden, RakatError, Stale
from gateway.portal import activities, amending, forms, organising, recurring, rendering
from gateway.portal.access import page
from gateway.portal.activities import Draft
from gateway.portal.asking import act, known_offices
from gateway.portal.flash import Flash
from gateway.portal.views.activity import form_sheet, the_activity
from gateway.portal.views.answering import clash_text
from gateway.portal.views.clash import clash_sheet
from gateway.portal.visitor import Visitor
from gateway.portal.words import number, span_day

Row = dict[str, Any]


@page
async def form(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/sunting``"""
    draft = amending.draft_of(await _mine(request, visitor))
    draft.key = str(uuid.uuid4())
    return await form_sheet(request, visitor, draft)


@page
async def save(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/sunting``: save, or show the form as changed."""
    activity = await _mine(request, visitor)
    known = await known_offices(request, visitor)
    fields = await forms.posted(request)
    draft = amending.belong(activities.from_form(fields, known), activity)
    organising.settle(draft, known, visitor)
    if "hapus" in fields or fields.get("aksi") == "ubah":
        return await form_sheet(request, visitor, draft)
    problems = activities.problems_in(draft)
    if problems:
        return await form_sheet(request, visitor, draft, problems, 422)
    way: Row = {"participants": []}
    if fields.get("jalan"):
        activities.apply_way(draft, fields, way)
    patch = amending.patch_of(draft, activity)
    if "override" in way:
        patch["override"] = way["override"]
    if not patch:
        said = Flash(text="Tidak ada yang diubah.")
        return rendering.see_other(request, draft.close, said)
    return await _save(request, visitor, draft, patch, fields)


async def _mine(request: web.Request, visitor: Visitor) -> Row:
    """Raises: NotFound; Forbidden for who may look only."""
    activity = await the_activity(request, visitor)
    if "update" not in activity["allowed"]:
        raise Forbidden
    return activity


async def _save(
    request: web.Request,
    visitor: Visitor,
    draft: Draft,
    patch: Row,
    fields: MultiDict[str],
) -> web.Response:
    try:
        done = await act(
            request,
            visitor,
            "schedule",
            "update_activity",
            key=draft.key,
            seconds=None if draft.scope == "this" else recurring.SERIES_SECONDS,
            activity_id=draft.activity_id,
            body=patch,
            query={"scope": draft.scope},
            expected_version=forms.whole({"v": draft.version}, "v"),
        )
    except Stale as error:
        return await _overtaken(request, visitor, draft, error)
    except RakatError as error:
        return await _refused(request, visitor, draft, error, fields)
    return rendering.see_other(request, draft.close, Flash(text=_said(done.body)))


async def _overtaken(
    request: web.Request, visitor: Visitor, draft: Draft, error: RakatError
) -> web.Response:
    """What was typed stays; saving again is a decision, so it says what it changes."""
    newest = await the_activity(request, visitor)
    draft.version, draft.key = str(newest["version"]), str(uuid.uuid4())
    changes = amending.overwritten(amending.patch_of(draft, newest))
    message = "Kegiatan ini baru saja diubah orang lain. Isian Anda masih ada."
    if changes:
        message += f" Bila disimpan lagi, yang berganti: {changes}."
    problems = [{"field": "", "message": message}]
    return await form_sheet(request, visitor, draft, problems, error.status)


async def _refused(
    request: web.Request,
    visitor: Visitor,
    draft: Draft,
    error: RakatError,
    fields: MultiDict[str],
) -> web.Response:
    draft.key = str(uuid.uuid4())  # another body needs another key
    problems = forms.problems_of(error, activities.ERROR_FIELDS)
    clashes = isinstance(error, Conflict) and error.code == "schedule_conflict"
    if clashes and draft.scope != "this":
        said = f"{clash_text(error)} Pilih waktu, peserta atau ruang lain."
        problems = [{"field": "mulai", "message": said}]
    elif clashes:
        return await clash_sheet(request, visitor, error, draft=draft, fields=fields)
    elif fields.get("jalan") == activities.OVERRIDE:
        return await clash_sheet(
            request, visitor, error, draft=draft, fields=fields, problems=problems
        )
    return await form_sheet(request, visitor, draft, problems, error.status)


def _said(activity: Row) -> str:
    report = activity.get("series")
    if report:
        return f"{number(report['occurrences'])} tanggal diubah."
    when = span_day(activity["starts_at"], activity["ends_at"], clock_now())
    return f"Perubahan tersimpan: {when}."
