"""Acts on one task: begin, report, approve, send back, acknowledge, withdraw."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from aiohttp import web

from contracts.errors import Conflict, RakatError
from gateway.portal import faults, forms, rendering
from gateway.portal import tasks as task_rules
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, my_task
from gateway.portal.flash import Flash
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor


@page
async def open_task(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}``: its letter."""
    task = await _task(request, visitor)
    raise web.HTTPSeeOther(f"/surat/{task['letter_id']}")


@page
async def mark_read(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/baca``: sent by the letter's page once it is open."""
    # Somebody may have gone further in the meantime.
    with contextlib.suppress(Conflict):
        await _act(request, visitor, "read_task")
    return web.Response(status=204)


@page
async def accept(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/terima``"""
    done = await _act(request, visitor, "accept_task")
    message = Flash(text="Ditandai sedang dikerjakan.")
    return rendering.see_other(request, f"/surat/{done['letter_id']}", message)


@page
async def acknowledge(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/diketahui``"""
    await _act(request, visitor, "acknowledge_task")
    return rendering.see_other(request, "/", Flash(text="Ditandai diketahui."))


@page
async def report_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/lapor``"""
    task = await my_task(request, visitor, request.match_info["task_id"])
    return await _sheet(request, visitor, "report.html", task)


@page
async def report(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/lapor``"""
    fields = await forms.posted(request)
    is_final = fields.get("akhir", "ya") == "ya"
    body = {"text": fields.get("laporan", ""), "final": is_final}
    try:
        await _act(request, visitor, "report_task", key=fields.get("kunci"), body=body)
    except RakatError as error:
        return await _again(
            request, visitor, "report.html", error, {"/text": "laporan"}, fields
        )
    text = "Laporan akhir terkirim." if is_final else "Laporan kemajuan tercatat."
    return rendering.see_other(request, "/", Flash(text=text))


@page
async def review_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/laporan``: the giver looks at a report."""
    return await _sheet(request, visitor, "review.html", await _task(request, visitor))


@page
async def review(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/laporan``: approve, or ask for another."""
    fields = await forms.posted(request)
    approves = fields.get("aksi") != "tolak"
    method = "approve_task" if approves else "reject_task"
    body = None if approves else {"reason": fields.get("alasan", "")}
    try:
        await _act(request, visitor, method, key=fields.get("kunci"), body=body)
    except RakatError as error:
        return await _again(
            request, visitor, "review.html", error, {"/reason": "alasan"}, fields
        )
    text = "Laporan disetujui." if approves else "Perbaikan laporan diminta."
    return rendering.see_other(request, "/", Flash(text=text))


@page
async def return_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/kembalikan``"""
    task = await my_task(request, visitor, request.match_info["task_id"])
    return await _sheet(request, visitor, "return.html", task)


@page
async def give_back(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/kembalikan``"""
    fields = await forms.posted(request)
    body = {"reason": fields.get("alasan", "")}
    try:
        await _act(request, visitor, "return_task", key=fields.get("kunci"), body=body)
    except RakatError as error:
        return await _again(
            request, visitor, "return.html", error, {"/reason": "alasan"}, fields
        )
    return rendering.see_other(request, "/", Flash(text="Tugas dikembalikan."))


@page
async def withdraw(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/tarik``: undo a disposition while nobody has read it."""
    fields = await forms.posted(request)
    failures: list[str] = []
    chosen = forms.chosen(fields, "tugas")
    for task_id in chosen:
        try:
            await act(request, visitor, "letters", "withdraw_task", task_id=task_id)
        except RakatError as error:
            failures.append(faults.sentence(error))
    onward = fields.get("kembali") or "/"
    return rendering.see_other(request, onward, _withdrawn(len(chosen), failures))


def _withdrawn(count: int, failures: list[str]) -> Flash:
    if not failures:
        return Flash(text="Disposisi ditarik.")
    if len(failures) == count:
        return Flash(text=failures[0], tone="soon")
    text = f"{count - len(failures)} dari {count} ditarik. {failures[0]}"
    return Flash(text=text, tone="soon")


@page
async def cancel_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/batal``: the giver takes back what was read."""
    return await _sheet(request, visitor, "cancel.html", await _task(request, visitor))


@page
async def cancel(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/batal``"""
    fields = await forms.posted(request)
    body = {"reason": fields.get("alasan", "")}
    try:
        done = await _act(
            request, visitor, "cancel_task", key=fields.get("kunci"), body=body
        )
    except RakatError as error:
        return await _again(
            request, visitor, "cancel.html", error, {"/reason": "alasan"}, fields
        )
    location = f"/surat/{done['letter_id']}/posisi"
    return rendering.see_other(request, location, Flash(text="Tugas dibatalkan."))


async def _task(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    task: dict[str, Any] = await ask(
        request, visitor, "letters", "get_task", task_id=request.match_info["task_id"]
    )
    return task


async def _act(
    request: web.Request,
    visitor: Visitor,
    method: str,
    *,
    key: str | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    arguments = {} if body is None else {"body": body}
    done = await act(
        request,
        visitor,
        "letters",
        method,
        key=key,
        task_id=request.match_info["task_id"],
        **arguments,
    )
    changed: dict[str, Any] = done.body
    return changed


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    template: str,
    task: dict[str, Any],
    *,
    problems: list[forms.Problem] | None = None,
    fields: Any = None,
    status_code: int = 200,
) -> web.Response:
    """The sheet alone for htmx, else over its letter."""
    values: dict[str, Any] = {"offices": await known_offices(request, visitor)}
    block = "sheet" if rendering.is_fragment(request) else None
    if block is None:
        values = await letter_values(request, visitor, task["letter_id"])
    fields = fields or {}
    return rendering.render(
        request,
        visitor,
        template,
        block=block,
        status_code=status_code,
        **{
            **values,
            "task": task,
            "problems": problems or [],
            "fields": fields,
            "key": fields.get("kunci") or str(uuid.uuid4()),
            "verbs": task_rules.verbs_of(
                task, values["offices"], visitor.rights(task["position_id"])
            ),
        },
    )


async def _again(
    request: web.Request,
    visitor: Visitor,
    template: str,
    error: RakatError,
    names: dict[str, str],
    fields: Any,
) -> web.Response:
    return await _sheet(
        request,
        visitor,
        template,
        await _task(request, visitor),
        problems=forms.problems_of(error, names),
        fields=fields,
        status_code=error.status,
    )
