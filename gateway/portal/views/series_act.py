"""What every act on a series shares: which dates, one request, what was done."""

from __future__ import annotations

import uuid
from typing import Any, Final

from aiohttp import web

from gateway.portal import forms, recurring, recurring_words, rendering, words
from gateway.portal.asking import act
from gateway.portal.views.activity import activity_values
from gateway.portal.visitor import Visitor

FIELDS: Final = {"/scope": "lingkup", "/reason": "alasan"}


def scope_problem(scope: str, done: str) -> list[forms.Problem]:
    """Empty when `scope` is one; `done` is the act in a word: *dibatalkan*."""
    if scope in recurring_words.SCOPES:
        return []
    return [{"field": "lingkup", "message": f"Pilih tanggal mana yang {done}."}]


async def act_on_series(
    request: web.Request, visitor: Visitor, method: str, fields: Any, scope: str
) -> dict[str, Any]:
    """The activity after `method`, with its report. Raises: RakatError."""
    done = await act(
        request,
        visitor,
        "schedule",
        method,
        key=fields.get("kunci"),
        seconds=None if scope == "this" else recurring.SERIES_SECONDS,
        activity_id=request.match_info["activity_id"],
        body=forms.without_empty({"reason": forms.text_or_none(fields, "alasan")}),
        query={"scope": scope},
    )
    body: dict[str, Any] = done.body
    return body


def said(activity: dict[str, Any], done: str) -> str:
    """How many dates it was, and who learns of it."""
    report = activity.get("series")
    if not report:
        return f"Kegiatan ini {done}. Semua peserta diberi tahu."
    number = words.number(report["occurrences"])
    return f"{number} tanggal {done}. Semua peserta diberi tahu."


async def series_sheet(
    request: web.Request,
    visitor: Visitor,
    template: str,
    fields: Any,
    problems: list[forms.Problem],
    status_code: int,
) -> web.Response:
    """The sheet that asks which dates are meant."""
    values = await activity_values(request, visitor)
    values |= {
        "fields": fields,
        "problems": problems,
        "scopes": recurring_words.SCOPES,
        # What was refused did nothing, and other words need another key.
        "key": str(uuid.uuid4()),
    }
    return rendering.sheet(
        request, visitor, template, status_code=status_code, **values
    )
