"""The clash dialog: what is in the way, and the four ways out, gentlest first."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from multidict import MultiDict

from contracts.errors import RakatError
from gateway.portal import activities, forms, proposals, rendering, words
from gateway.portal.activities import Draft
from gateway.portal.asking import ask, known_offices
from gateway.portal.offices import Offices
from gateway.portal.views.board import board_values
from gateway.portal.visitor import Visitor

SUBSTITUTES = 10


async def clash_sheet(
    request: web.Request,
    visitor: Visitor,
    error: RakatError,
    *,
    fields: MultiDict[str],
    draft: Draft | None = None,
    activity: dict[str, Any] | None = None,
    problems: list[forms.Problem] | None = None,
) -> web.Response:
    """For a draft that is not saved yet, or for confirming `activity`."""
    known = await known_offices(request, visitor)
    begins, ends = _times(draft, activity)
    conflicts = list(error.facts.get("conflicts") or ())
    alternatives = list(error.facts.get("alternatives") or ())
    if not conflicts:
        found = await _check(request, visitor, draft, activity, begins, ends)
        conflicts, alternatives = found["conflicts"], found["alternatives"]
    substitutes: dict[str, Any] = {}
    if draft:
        substitutes = await _substitutes(
            request, visitor, known, conflicts, begins, ends
        )
    values: dict[str, Any] = {
        "draft": draft,
        "offices": known,
        "problems": problems or [],
        "title": draft.title if draft else (activity or {})["title"],
        "action": draft.address if draft else _action(activity),
        "close": _close(draft, activity),
        "conflicts": [
            {**row, "overlap": _overlap(row, begins, ends)} for row in conflicts
        ],
        "alternatives": alternatives[:4],
        "substitutes": substitutes,
        "way": fields.get("jalan") or (activities.MOVE if alternatives else "tentatif"),
        # What is saved already keeps its state: it cannot be made tentative again.
        "pencils": draft is not None and not draft.activity_id,
    }
    over = await _board(request, visitor, draft, activity, values, begins, ends)
    return rendering.sheet(
        request,
        visitor,
        "clash.html",
        status_code=409,
        **{**over, **values},
    )


async def _board(
    request: web.Request,
    visitor: Visitor,
    draft: Draft | None,
    activity: dict[str, Any] | None,
    values: dict[str, Any],
    begins: str,
    ends: str | None,
) -> dict[str, Any]:
    """The board behind the sheet, with what is not saved yet drawn on it."""
    rows = _claimed(draft, activity)
    over = await board_values(request, visitor, words.day_of(begins), frozenset(rows))
    over["board"] = proposals.overlaid(
        over["board"],
        title=values["title"],
        rows=rows,
        begins=begins,
        ends=ends,
        conflicts=values["conflicts"],
        alternatives=values["alternatives"],
    )
    return over


def _claimed(draft: Draft | None, activity: dict[str, Any] | None) -> list[str]:
    """Offices and rooms whose time is asked for."""
    if draft:
        return [*draft.roles, *draft.resources]
    found = activity or {"participants": [], "resource_ids": []}
    lines = [line["position_id"] for line in found["participants"]]
    return [*lines, *found["resource_ids"]]


def _times(
    draft: Draft | None, activity: dict[str, Any] | None
) -> tuple[str, str | None]:
    if draft:
        ends = draft.ends_at()
        return draft.starts_at().isoformat(), ends.isoformat() if ends else None
    found = activity or {}
    return found["starts_at"], found["ends_at"]


def _action(activity: dict[str, Any] | None) -> str:
    return f"/kegiatan/{(activity or {})['activity_id']}/ubah"


def _close(draft: Draft | None, activity: dict[str, Any] | None) -> str:
    if draft:
        return draft.close
    return f"/kegiatan/{(activity or {})['activity_id']}"


def _overlap(row: dict[str, Any], begins: str, ends: str | None) -> str:
    """For how long the two would be at once; nothing for an open end."""
    if not ends or not row["ends_at"]:
        return ""
    start = max(words.instant(begins), words.instant(row["starts_at"]))
    end = min(words.instant(ends), words.instant(row["ends_at"]))
    return words.duration(end - start) if end > start else ""


async def _check(
    request: web.Request,
    visitor: Visitor,
    draft: Draft | None,
    activity: dict[str, Any] | None,
    begins: str,
    ends: str | None,
) -> dict[str, Any]:
    lines = (activity or {}).get("participants", ())
    positions = list(draft.roles) if draft else [line["position_id"] for line in lines]
    rooms = draft.resources if draft else (activity or {})["resource_ids"]
    body = {
        "starts_at": begins,
        "ends_at": ends,
        "position_ids": positions,
        "resource_ids": rooms,
        "exclude_activity_id": (
            draft.activity_id if draft else (activity or {}).get("activity_id")
        ),
    }
    found: dict[str, Any] = await ask(
        request, visitor, "schedule", "check_conflicts", body=forms.without_empty(body)
    )
    return found


async def _substitutes(
    request: web.Request,
    visitor: Visitor,
    known: Offices,
    conflicts: list[dict[str, Any]],
    begins: str,
    ends: str | None,
) -> dict[str, list[dict[str, Any]]]:
    """For each busy office those below it that are free then; all or nothing."""
    busy = {row["position_id"] for row in conflicts if row.get("position_id")}
    if not busy or any(row["kind"] == "resource" for row in conflicts):
        return {}
    asked = {
        position_id: [
            row
            for row in known.subordinates(position_id)
            if row["duty"] not in ("aide", "registrar", "staff")
        ][:SUBSTITUTES]
        for position_id in busy
    }
    ids = sorted({row["position_id"] for rows in asked.values() for row in rows})
    body = {"starts_at": begins, "ends_at": ends, "position_ids": ids}
    if not ids:
        return {}
    try:
        found = await ask(
            request,
            visitor,
            "schedule",
            "check_conflicts",
            body=forms.without_empty(body),
        )
    except RakatError:
        return {}
    taken = {row.get("position_id") for row in found["conflicts"]}
    free = {
        position_id: [row for row in rows if row["position_id"] not in taken]
        for position_id, rows in asked.items()
    }
    return free if all(free.values()) else {}
