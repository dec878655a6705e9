"""Acts on one task: begin, approve, send back, acknowledge, withdraw, cancel."""

from __future__ import annotations

import contextlib

from aiohttp import web

from contracts.errors import Conflict, RakatError
from gateway.portal import faults, forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, my_task
from gateway.portal.flash import Flash
from gateway.portal.views.task_sheets import act_on, sheet, sheet_again, task_of
from gateway.portal.visitor import Visitor


@page
async def open_task(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}``: its letter."""
    task = await task_of(request, visitor)
    raise web.HTTPSeeOther(f"/surat/{task['letter_id']}")


@page
async def mark_read(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/baca``: sent by the letter's page once it is open."""
    # Somebody may have gone further in the meantime.
    with contextlib.suppress(Conflict):
        await act_on(request, visitor, "read_task")
    return web.Response(status=204)


@page
async def accept(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/terima``"""
    done = await act_on(request, visitor, "accept_task")
    message = Flash(text="Ditandai sedang dikerjakan.")
    return rendering.see_other(request, f"/surat/{done['letter_id']}", message)


@page
async def acknowledge(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/diketahui``"""
    await act_on(request, visitor, "acknowledge_task")
    return rendering.see_other(request, "/", Flash(text="Ditandai diketahui."))


@page
async def review_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/laporan``: the giver looks at a report."""
    return await sheet(request, visitor, "review.html", await task_of(request, visitor))


@page
async def review(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/laporan``: approve, or ask for another."""
    fields = await forms.posted(request)
    approves = fields.get("aksi") != "tolak"
    method = "approve_task" if approves else "reject_task"
    body = None if approves else {"reason": fields.get("alasan", "")}
    try:
        await act_on(request, visitor, method, key=fields.get("kunci"), body=body)
    except RakatError as error:
        return await sheet_again(
            request, visitor, "review.html", error, {"/reason": "alasan"}, fields
        )
    text = "Laporan disetujui." if approves else "Perbaikan laporan diminta."
    return rendering.see_other(request, "/", Flash(text=text))


@page
async def return_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/kembalikan``"""
    task = await my_task(request, visitor, request.match_info["task_id"])
    return await sheet(request, visitor, "return.html", task)


@page
async def give_back(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/kembalikan``"""
    fields = await forms.posted(request)
    body = {"reason": fields.get("alasan", "")}
    try:
        await act_on(
            request, visitor, "return_task", key=fields.get("kunci"), body=body
        )
    except RakatError as error:
        return await sheet_again(
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
    return await sheet(request, visitor, "cancel.html", await task_of(request, visitor))


@page
async def cancel(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/batal``"""
    fields = await forms.posted(request)
    body = {"reason": fields.get("alasan", "")}
    try:
        done = await act_on(
            request, visitor, "cancel_task", key=fields.get("kunci"), body=body
        )
    except RakatError as error:
        return await sheet_again(
            request, visitor, "cancel.html", error, {"/reason": "alasan"}, fields
        )
    location = f"/surat/{done['letter_id']}/posisi"
    return rendering.see_other(request, location, Flash(text="Tugas dibatalkan."))
