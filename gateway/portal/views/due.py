"""Another due time for a task that was given: when, why, and who is away then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from multidict import MultiDict

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import dispositions, forms, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import ask
from gateway.portal.flash import Flash
from gateway.portal.views.task_sheets import act_on, sheet, task_of
from gateway.portal.visitor import Visitor

_FIELDS = {"/due_at": "tanggal", "/reason": "alasan"}
_NO_DATE = {"field": "tanggal", "message": "Isi tanggal dan jam tenggat."}


@page
async def due_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/tenggat``"""
    task = await task_of(request, visitor)
    return await _sheet(request, visitor, task, _as_it_is(task))


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/tenggat``; ``aksi=periksa`` only looks who is away then."""
    task, fields = await task_of(request, visitor), await forms.posted(request)
    due = _chosen(fields)
    if fields.get("aksi") == "periksa":
        return await _sheet(request, visitor, task, fields)
    if due is None:
        return await _sheet(request, visitor, task, fields, [_NO_DATE], 422)
    body = {"due_at": due.isoformat(), "reason": fields.get("alasan", "")}
    try:
        done = await act_on(
            request, visitor, "change_task_due", key=fields.get("kunci"), body=body
        )
    except RakatError as error:
        problems = forms.problems_of(error, _FIELDS)
        return await _sheet(request, visitor, task, fields, problems, error.status)
    away = dispositions.absences(done["warnings"], clock_now()).get(task["position_id"])
    text = f"Tenggat {done['title']} menjadi {words.moment(due, clock_now())}."
    if away:
        text += f" {words.sentence(words.first_upper(away))}"
    location = f"/surat/{done['letter_id']}/posisi"
    return rendering.see_other(request, location, Flash(text=text))


def _as_it_is(task: dict[str, Any]) -> MultiDict[str]:
    """What was agreed, while it can still be kept."""
    due = words.instant(task["due_at"]) if task["due_at"] else None
    if due is None or due <= clock_now():
        return MultiDict()
    return MultiDict(tanggal=due.strftime("%Y-%m-%dT%H:%M"))


def _chosen(fields: MultiDict[str]) -> datetime | None:
    try:
        return forms.local_instant(fields.get("tanggal", ""))
    except ValueError:
        return None


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    fields: MultiDict[str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    return await sheet(
        request,
        visitor,
        "due.html",
        task,
        problems=problems,
        fields=fields,
        status_code=status_code,
        away=await _away(request, visitor, task, _chosen(fields)),
    )


async def _away(
    request: web.Request, visitor: Visitor, task: dict[str, Any], due: datetime | None
) -> str | None:
    """Whether its holder will not be there then; nothing when that is unknown."""
    if due is None:
        return None
    query = {"position_ids": [task["position_id"]], "at": due.isoformat()}
    try:
        found = await ask(request, visitor, "letters", "list_absences", query=query)
    except RakatError:
        return None
    return dispositions.absences(found["items"], clock_now()).get(task["position_id"])
