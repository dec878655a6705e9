"""Minutes: what came of an activity, written by those who may once it has begun."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import Conflict, Forbidden, Invalid, RakatError, Stale
from gateway.portal import forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.views.activity import activity_values
from gateway.portal.visitor import Visitor

ERROR_FIELDS = {
    "/summary": "ringkasan",
    "/decisions": "keputusan",
    "/attendance_count": "hadir",
}
_CHANGED = (
    "Kegiatan ini diubah orang lain sementara Anda menulis. "
    "Tulisan Anda masih di bawah; periksa, lalu simpan lagi."
)
_NOT_NOW = "Hasil ditulis penyelenggara setelah kegiatan dimulai."


@page
async def sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/hasil``: what is written, to change it."""
    values = await activity_values(request, visitor)
    if not values["records"]:
        message = Flash(text=_NOT_NOW, tone="soon")
        address = f"/kegiatan/{values['activity']['activity_id']}"
        return rendering.see_other(request, address, message)
    return _sheet(request, visitor, values, _written(values["activity"]))


@page
async def record(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/hasil``"""
    fields = await forms.posted(request)
    body, problems = _body_of(fields)
    if problems:
        values = await activity_values(request, visitor)
        return _sheet(request, visitor, values, fields, problems, 422)
    activity_id = request.match_info["activity_id"]
    try:
        await act(
            request,
            visitor,
            "schedule",
            "record_outcome",
            key=fields.get("kunci"),
            activity_id=activity_id,
            body=body,
            expected_version=forms.whole(fields, "versi"),
        )
    except (Conflict, Forbidden, Invalid, Stale) as error:
        values = await activity_values(request, visitor)
        found = _problems(error)
        return _sheet(request, visitor, values, fields, found, error.status)
    message = Flash(text="Hasil kegiatan tersimpan.")
    return rendering.see_other(request, f"/kegiatan/{activity_id}", message)


def _body_of(fields: MultiDict[str]) -> tuple[dict[str, Any], list[forms.Problem]]:
    lines = fields.get("keputusan", "").split("\n")
    body: dict[str, Any] = {
        "summary": fields.get("ringkasan", ""),
        "decisions": [line.strip() for line in lines if line.strip()],
    }
    problems = []
    if not body["summary"]:
        problems.append({"field": "ringkasan", "message": "Tulis ringkasannya."})
    if fields.get("hadir"):
        body["attendance_count"] = forms.whole(fields, "hadir")
        if body["attendance_count"] is None:
            message = "Isi jumlah yang hadir dengan angka saja."
            problems.append({"field": "hadir", "message": message})
    return body, problems


def _problems(error: RakatError) -> list[forms.Problem]:
    if isinstance(error, Stale):
        return [{"field": "", "message": _CHANGED}]
    return forms.problems_of(error, ERROR_FIELDS)


def _written(activity: dict[str, Any]) -> MultiDict[str]:
    """The fields of the form as last saved."""
    outcome = activity["outcome"] or {}
    count = outcome.get("attendance_count")
    return MultiDict(
        ringkasan=outcome.get("summary", ""),
        keputusan="\n".join(outcome.get("decisions", ())),
        hadir="" if count is None else str(count),
    )


def _sheet(
    request: web.Request,
    visitor: Visitor,
    values: dict[str, Any],
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    return rendering.sheet(
        request,
        visitor,
        "minutes.html",
        status_code=status_code,
        **{**values, "key": str(uuid.uuid4())},
        fields=fields,
        problems=problems or [],
    )
