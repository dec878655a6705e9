"""A report of a task, with files: what was done, or how far it is."""

from __future__ import annotations

from aiohttp import web
from multidict import MultiDict

from contracts.errors import RakatError
from gateway.portal import attaching, forms, rendering
from gateway.portal.access import page
from gateway.portal.asking import my_task
from gateway.portal.attaching import ATTACHED, File
from gateway.portal.flash import Flash
from gateway.portal.views.task_sheets import act_on, sheet, sheet_again
from gateway.portal.visitor import Visitor

_FIELDS = {"/text": "laporan", "/file_ids": ATTACHED}


@page
async def report_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/lapor``"""
    task = await my_task(request, visitor, request.match_info["task_id"])
    return await sheet(request, visitor, "report.html", task, attached=[])


@page
async def report(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/lapor``: send it, or only put files to it or take off."""
    fields, refused = await attaching.posted(request, visitor)
    files = _attached(fields)
    if refused or fields.get("aksi"):
        return await _changed(request, visitor, fields, files, refused)
    is_final = fields.get("akhir", "ya") == "ya"
    body = {
        "text": fields.get("laporan", ""),
        "final": is_final,
        "file_ids": [file["file_id"] for file in files],
    }
    try:
        await act_on(
            request, visitor, "report_task", key=fields.get("kunci"), body=body
        )
    except RakatError as error:
        return await sheet_again(
            request, visitor, "report.html", error, _FIELDS, fields, attached=files
        )
    text = "Laporan akhir terkirim." if is_final else "Laporan kemajuan tercatat."
    return rendering.see_other(request, "/", Flash(text=text))


def _attached(fields: MultiDict[str]) -> list[File]:
    """``lepas:<id>`` takes one off."""
    act, _, file_id = fields.get("aksi", "").partition(":")
    files = attaching.files_in(fields, ATTACHED)
    return attaching.without(files, file_id) if act == "lepas" else files


async def _changed(
    request: web.Request,
    visitor: Visitor,
    fields: MultiDict[str],
    files: list[File],
    refused: list[forms.Problem],
) -> web.Response:
    """The sheet with its text and files, and which of these were refused."""
    task = await my_task(request, visitor, request.match_info["task_id"])
    return await sheet(
        request,
        visitor,
        "report.html",
        task,
        problems=refused,
        fields=fields,
        status_code=422 if refused else 200,
        attached=files,
    )
