"""Another time for an activity; of a series for one date, from it on, or all."""

from __future__ import annotations

import uuid
from typing import Any, Final

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import (
    forms,
    recurring,
    recurring_words,
    rendering,
    ways_out,
    words,
)
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.activity import activity_values
from gateway.portal.views.answering import clash_text
from gateway.portal.visitor import Visitor

_FIELDS: Final = {
    "/scope": "lingkup",
    "/starts_at": "mulai",
    "/ends_at": "selesai",
}


@page
async def time_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/waktu?mulai=&selesai=``"""
    return await _sheet(request, visitor, {}, [], 200)


@page
async def reschedule(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/waktu``"""
    fields = await forms.posted(request)
    problems = problems_in(fields)
    if problems:
        return await _sheet(request, visitor, fields, problems, 422)
    try:
        moved = await move(request, visitor, fields)
    except RakatError as error:
        return await _sheet(request, visitor, fields, _said_of(error), error.status)
    onward = f"/kegiatan/{request.match_info['activity_id']}"
    return rendering.see_other(request, onward, Flash(text=said(moved)))


def problems_in(fields: Any) -> list[forms.Problem]:
    """What the form itself can tell is wrong."""
    if fields.get("lingkup", "this") not in recurring_words.SCOPES:
        return [_problem("lingkup", "Pilih tanggal mana yang diubah.")]
    try:
        begins = forms.local_instant(fields.get("mulai", ""))
    except ValueError:
        return [_problem("mulai", "Isi tanggal dan jam mulai.")]
    try:
        ends = fields.get("selesai") and forms.local_instant(fields["selesai"])
    except ValueError:
        return [_problem("selesai", "Waktu selesai ini tidak ada.")]
    if ends and ends <= begins:
        return [_problem("selesai", "Selesai harus sesudah mulai.")]
    return []


async def move(request: web.Request, visitor: Visitor, fields: Any) -> dict[str, Any]:
    """The change of the form's times, under the version it was opened with."""
    scope, ends = fields.get("lingkup", "this"), fields.get("selesai")
    done = await act(
        request,
        visitor,
        "schedule",
        "update_activity",
        key=fields.get("kunci"),
        seconds=None if scope == "this" else recurring.SERIES_SECONDS,
        activity_id=request.match_info["activity_id"],
        body={
            "starts_at": forms.local_instant(fields["mulai"]).isoformat(),
            "ends_at": forms.local_instant(ends).isoformat() if ends else None,
        },
        query={"scope": scope},
        expected_version=forms.whole(fields, "versi"),
    )
    body: dict[str, Any] = done.body
    return body


def _said_of(error: RakatError) -> list[forms.Problem]:
    if error.code == "schedule_conflict":
        return [_problem("mulai", f"{clash_text(error)} Pilih waktu lain.")]
    return forms.problems_of(error, _FIELDS)


def said(activity: dict[str, Any]) -> str:
    """That it is done, and who learns of it."""
    report = activity.get("series")
    if report:
        number = words.number(report["occurrences"])
        return f"{number} tanggal diubah waktunya. Semua peserta diberi tahu."
    when = words.span_day(activity["starts_at"], activity["ends_at"], clock_now())
    return f"Waktu diubah menjadi {when}. Semua peserta diberi tahu."


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    fields: Any,
    problems: list[forms.Problem],
    status_code: int,
) -> web.Response:
    values = await activity_values(request, visitor)
    values |= {
        "fields": fields
        or {**_of(values["activity"]), **ways_out.suggested(request.query)},
        "problems": problems,
        "scopes": recurring_words.SCOPES,
        # What was refused did nothing, and another time needs another key.
        "key": str(uuid.uuid4()),
    }
    return rendering.sheet(
        request, visitor, "reschedule.html", status_code=status_code, **values
    )


def _of(activity: dict[str, Any]) -> dict[str, str]:
    """The form of an activity as it is; an open end stays empty."""
    ends = activity["ends_at"]
    return {
        "mulai": words.instant(activity["starts_at"]).strftime(ways_out.INPUT),
        "selesai": words.instant(ends).strftime(ways_out.INPUT) if ends else "",
        "versi": str(activity["version"]),
    }


def _problem(name: str, message: str) -> forms.Problem:
    return {"field": name, "message": message}
