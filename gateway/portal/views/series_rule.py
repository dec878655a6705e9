"""Another rule for a series: tried first, with what stays and what is new, then saved."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import (
    forms,
    new_rules,
    recurring,
    recurring_words,
    rendering,
    words,
)
from gateway.portal.access import page
from gateway.portal.asking import act
from gateway.portal.flash import Flash
from gateway.portal.new_rules import NewRule
from gateway.portal.views.activity import activity_values
from gateway.portal.views.answering import clash_text
from gateway.portal.visitor import Visitor

Row = dict[str, Any]


@page
async def rule_sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /kegiatan/{activity_id}/aturan``"""
    values = await activity_values(request, visitor)
    typed = new_rules.of_activity(values["activity"])
    version = str(values["activity"]["version"])
    return _sheet(request, visitor, values, typed, version)


@page
async def change_rule(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /kegiatan/{activity_id}/aturan``: try the rule (`periksa`), or save it."""
    fields = await forms.posted(request)
    typed, version = new_rules.from_form(fields), fields.get("versi", "")
    values = await activity_values(request, visitor)
    problems = typed.problems(words.day_of(clock_now()))
    if problems:
        return _sheet(request, visitor, values, typed, version, problems, status=422)
    trying = fields.get("aksi") != "simpan"
    try:
        done = await _patch(request, visitor, values["activity"], typed, fields, trying)
    except RakatError as error:
        problems = _said_of(error)
        return _sheet(
            request, visitor, values, typed, version, problems, status=error.status
        )
    if trying:
        return _sheet(request, visitor, values, typed, version, tried=done)
    report = done["series"]
    onward = f"/kegiatan/{report['first_activity_id'] or done['activity_id']}"
    return rendering.see_other(request, onward, Flash(text=new_rules.said(report)))


async def _patch(
    request: web.Request,
    visitor: Visitor,
    activity: Row,
    typed: NewRule,
    fields: Any,
    trying: bool,
) -> Row:
    done = await act(
        request,
        visitor,
        "schedule",
        "update_activity",
        key=None if trying else fields.get("kunci"),
        seconds=recurring.SERIES_SECONDS,
        activity_id=request.match_info["activity_id"],
        body={"recurrence": typed.body(activity)},
        query={"scope": typed.scope, "dry_run": trying},
        expected_version=forms.whole(fields, "versi"),
    )
    body: Row = done.body
    return body


def _said_of(error: RakatError) -> list[forms.Problem]:
    """What is in the way, and on which other days nothing would be."""
    if error.code != "schedule_conflict":
        return forms.problems_of(error, new_rules.FIELDS)
    other = new_rules.other_days(list(error.facts.get("alternatives") or ()))
    return [{"field": "berulang", "message": f"{clash_text(error)}{other}"}]


def _sheet(
    request: web.Request,
    visitor: Visitor,
    values: Row,
    typed: NewRule,
    version: str,
    problems: list[forms.Problem] | None = None,
    *,
    status: int = 200,
    tried: Row | None = None,
) -> web.Response:
    values |= {
        "typed": typed,
        "version": version,
        "problems": problems or [],
        "new_rules": new_rules,
        "recurring": recurring,
        "fields": {"lingkup": typed.scope},
        "scopes": new_rules.SCOPES,
        # What was refused or tried did nothing, and another rule needs another key.
        "key": str(uuid.uuid4()),
    }
    if tried:
        values["comes_to"] = new_rules.comes_to(tried["series"], clock_now())
        values["new_rule"] = recurring_words.rule(
            typed.body(values["activity"]), values["activity"]["starts_at"]
        )
    return rendering.sheet(
        request, visitor, "series_rule.html", status_code=status, **values
    )
