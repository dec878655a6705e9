"""A room or vehicle entered and changed by who keeps it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from contracts.errors import Forbidden, RakatError, Stale
from gateway.portal import forms, rendering
from gateway.portal import resources as keeping
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.flash import Flash
from gateway.portal.forms import Problem
from gateway.portal.views.resources import list_values
from gateway.portal.visitor import Visitor

NEW = "/ruang/baru"
_OVERTAKEN = (
    "Sudah diubah orang lain. Isian Anda masih ada di sini; "
    "simpan lagi bila memang harus menggantikannya."
)


@page
async def new(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ruang/baru``"""
    return await _sheet(request, visitor, NEW, {"jenis": "room", "aktif": "ya"})


@page
async def create(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /ruang/baru``"""
    fields = await forms.posted(request)
    body, problems = keeping.body_of(fields)
    if problems:
        return await _sheet(request, visitor, NEW, fields, problems, 422)
    try:
        await _command(
            request, visitor, "create_resource", fields, body=forms.without_empty(body)
        )
    except RakatError as error:
        return await _refused(request, visitor, NEW, fields, error)
    return _saved(request, f"{body['name']} ditambahkan.")


@page
async def edit(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /ruang/{resource_id}/ubah``"""
    row = await kept_resource(request, visitor)
    return await _sheet(request, visitor, request.path, keeping.filled(row))


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /ruang/{resource_id}/ubah``: never over what another keeper saved."""
    row = await kept_resource(request, visitor)
    fields = await forms.posted(request)
    fields["jenis"] = row["kind"]
    body, problems = keeping.body_of(fields)
    if problems:
        return await _sheet(request, visitor, request.path, fields, problems, 422)
    del body["kind"]
    try:
        await _command(
            request,
            visitor,
            "update_resource",
            fields,
            resource_id=row["resource_id"],
            body=body,
            expected_version=forms.whole(fields, "versi") or 0,
        )
    except Stale:
        return await _overtaken(request, visitor, fields)
    except RakatError as error:
        return await _refused(request, visitor, request.path, fields, error)
    return _saved(request, f"{body['name']} disimpan.")


async def kept_resource(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """Raises `Forbidden` for who does not keep it."""
    key = request.match_info["resource_id"]
    row, known = await asyncio.gather(
        ask(request, visitor, "schedule", "get_resource", resource_id=key),
        known_offices(request, visitor),
    )
    if not keeping.keeps(visitor, known, row["unit_id"]):
        raise Forbidden
    found: dict[str, Any] = row
    return found


async def _command(
    request: web.Request,
    visitor: Visitor,
    method: str,
    fields: Mapping[str, str],
    **kwargs: Any,
) -> None:
    key = fields.get("kunci")
    await act(request, visitor, "schedule", method, key=key, **kwargs)


async def _overtaken(
    request: web.Request, visitor: Visitor, fields: Mapping[str, str]
) -> web.Response:
    """The next save is meant for what is stored by now."""
    row = await kept_resource(request, visitor)
    again = {**fields, "versi": str(row["version"]), "kunci": str(uuid.uuid4())}
    problems = [{"field": "", "message": _OVERTAKEN}]
    return await _sheet(request, visitor, request.path, again, problems, 412)


async def _refused(
    request: web.Request,
    visitor: Visitor,
    address: str,
    fields: Mapping[str, str],
    error: RakatError,
) -> web.Response:
    problems = forms.problems_of(error, keeping.ERROR_FIELDS)
    if error.code == "resource_code_taken":
        problems[0]["field"] = "kode"
    return await _sheet(request, visitor, address, fields, problems, error.status)


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    address: str,
    fields: Mapping[str, str],
    problems: list[Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    values = await list_values(request, visitor)
    if not values["units"]:
        raise Forbidden
    return rendering.sheet(
        request,
        visitor,
        "resource_form.html",
        status_code=status_code,
        address=address,
        fields=fields,
        key=fields.get("kunci") or str(uuid.uuid4()),
        problems=problems or [],
        **values,
    )


def _saved(request: web.Request, text: str) -> web.StreamResponse:
    return rendering.see_other(request, "/ruang", Flash(text=text))
