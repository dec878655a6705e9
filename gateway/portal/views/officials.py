"""Officials and what stands under their signature, for administrators."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from contracts.errors import Forbidden, NotFound, RakatError, Stale
from gateway.portal import forms, officials, rendering
from gateway.portal.access import page
from gateway.portal.asking import act, ask, section
from gateway.portal.flash import Flash
from gateway.portal.visitor import Visitor

LIST = "/pejabat"
_OVERTAKEN = (
    "Sudah diubah orang lain. Isian Anda masih ada di sini; "
    "simpan lagi bila memang harus menggantikannya."
)


@page
async def people(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /pejabat?q=&lanjut=``"""
    visitor = _administrator(visitor)
    needle = request.query.get("q", "").strip()[:100]
    query: dict[str, Any] = {"limit": 50, "q": needle or None}
    if cursor := request.query.get("lanjut"):
        query["cursor"] = cursor
    asked = forms.without_empty(query)
    found = await section(
        ask(request, visitor, "directory", "list_people", query=asked)
    )
    more = forms.without_empty({"q": needle, "lanjut": found.more})
    return rendering.render(
        request,
        visitor,
        "officials.html",
        block="rows" if rendering.is_fragment(request) else None,
        found=found,
        needle=needle,
        more_link=f"{LIST}?{urlencode(more)}",
        back="/lainnya",
    )


@page
async def edit(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /pejabat/{person_id}``"""
    visitor = _administrator(visitor)
    person = await _person(request, visitor)
    return await _form(request, visitor, person, officials.filled(person))


@page
async def change(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /pejabat/{person_id}``: never over what another administrator saved."""
    visitor = _administrator(visitor)
    person = await _person(request, visitor)
    fields = await forms.posted(request)
    problems = officials.problems_in(fields)
    if problems:
        return await _form(request, visitor, person, fields, problems, 422)
    try:
        await act(
            request,
            visitor,
            "directory",
            "update_person",
            key=fields.get("kunci"),
            person_id=person["person_id"],
            body=officials.body_of(fields),
            expected_version=forms.whole(fields, "versi") or 0,
        )
    except Stale:
        person = await _person(request, visitor)  # the next save is meant for it
        again = {**fields, "versi": str(person["version"]), "kunci": ""}
        problems = [{"field": "", "message": _OVERTAKEN}]
        return await _form(request, visitor, person, again, problems, 412)
    except RakatError as error:
        problems = forms.problems_of(error, officials.ERROR_FIELDS)
        return await _form(request, visitor, person, fields, problems, error.status)
    return rendering.see_other(request, LIST, Flash(text=f"{person['name']} disimpan."))


def _administrator(visitor: Visitor) -> Visitor:
    """Acting as the office that may, whichever is chosen; the directory decides."""
    if not visitor.administers:
        raise Forbidden
    return visitor.as_office(visitor.administers)


async def _person(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    try:
        key = str(UUID(request.match_info["person_id"]))
    except ValueError as error:
        raise NotFound from error
    found: dict[str, Any] = await ask(
        request, visitor, "directory", "get_person", person_id=key
    )
    return found


async def _form(
    request: web.Request,
    visitor: Visitor,
    person: dict[str, Any],
    fields: Mapping[str, str],
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    return rendering.render(
        request,
        visitor,
        "official.html",
        block="form" if rendering.is_fragment(request) else None,
        status_code=status_code,
        person=person,
        fields=fields,
        problems=problems or [],
        groups=officials.groups(),
        address=f"{LIST}/{person['person_id']}",
        key=fields.get("kunci") or str(uuid.uuid4()),
        back=LIST,
    )
