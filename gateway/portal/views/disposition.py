"""The disposition sheet: filled with the usual answer, sent with one tap."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from chassis.clock import now as clock_now
from contracts.errors import RakatError
from gateway.portal import dispositions, forms, particulars, rendering, words
from gateway.portal.access import page
from gateway.portal.asking import act, ask, known_offices, my_task
from gateway.portal.dispositions import Draft
from gateway.portal.flash import Flash
from gateway.portal.offices import Offices
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor

MOST_ASKED = 200


@page
async def sheet(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/{task_id}/disposisi``"""
    task, known = await _task_and_offices(request, visitor)
    suggestion = await _suggestion(request, visitor, task)
    draft = dispositions.from_suggestion(suggestion, task["role"] != "inform")
    return await _sheet(request, visitor, task, known, draft)


@page
async def send(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/disposisi``: send, or show the sheet as changed."""
    task, known = await _task_and_offices(request, visitor)
    fields = await forms.posted(request)
    draft = dispositions.from_form(fields, task["position_id"], known)
    if "hapus" in fields or fields.get("aksi") == "ubah":
        return await _sheet(request, visitor, task, known, draft)
    prepared = not _may_send(visitor, task)
    problems = _problems(draft)
    if problems:
        return await _sheet(request, visitor, task, known, draft, problems, 422)
    try:
        return await _issue(request, visitor, task, draft, prepared)
    except RakatError as error:
        problems = forms.problems_of(error, dispositions.error_fields(draft))
        return await _sheet(
            request, visitor, task, known, draft, problems, error.status
        )


async def _issue(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    draft: Draft,
    prepared: bool,
) -> web.Response:
    done = await act(
        request,
        visitor,
        "letters",
        "issue_disposition",
        key=draft.key,
        letter_id=task["letter_id"],
        body=dispositions.body_of(draft, task, prepared=prepared),
    )
    if prepared:
        message = Flash(text="Disposisi disiapkan, menunggu pimpinan mengirimnya.")
        return rendering.see_other(request, "/", message)
    known = await known_offices(request, visitor)
    return rendering.see_other(request, "/", _sent(done.body, known))


def _sent(disposition: dict[str, Any], known: Offices) -> Flash:
    """What was sent, and who of the recipients will be away when it falls due."""
    sent = [each["task_id"] for each in disposition["tasks"]]
    text = f"Disposisi terkirim ke {len(sent)} jabatan."
    away = dispositions.absences(disposition["warnings"], clock_now())
    names = [f"{known.short(each)} {said}" for each, said in away.items()]
    return Flash(text=f"{text} {words.sentence(words.join(names))}".strip(), undo=sent)


def _problems(draft: Draft) -> list[forms.Problem]:
    problems = []
    if not draft.recipients:
        problems.append(
            {"field": "penerima", "message": "Pilih paling sedikit satu penerima."}
        )
    try:
        dispositions.due_at(draft)
    except ValueError:
        problems.append({"field": "tanggal", "message": "Isi tanggal dan jam tenggat."})
    for each in draft.recipients:
        problems += particulars.problems_in(each.own, each.position_id)
    return problems


@page
async def foot(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/disposisi/kaki``: the sentence and button, as changed."""
    task, known = await _task_and_offices(request, visitor)
    fields = await forms.posted(request)
    draft = dispositions.from_form(fields, task["position_id"], known)
    return rendering.render(
        request,
        visitor,
        "disposition.html",
        block="foot",
        **await _foot_values(request, visitor, task, known, draft),
    )


@page
async def picker(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /tugas/{task_id}/penerima``: choose among all offices."""
    task, known = await _task_and_offices(request, visitor)
    fields = await forms.posted(request)
    draft = dispositions.from_form(fields, task["position_id"], known)
    suggestion = await _suggestion(request, visitor, task)
    needle = fields.get("cari", "")
    offered = [
        *(each.position_id for each in draft.recipients),
        *(line["position_id"] for line in suggestion["recipients"]),
        *(row["position_id"] for row in known.subordinates(task["position_id"])),
        *(row["position_id"] for row in known.search(needle)[:30] if needle),
    ]
    values: dict[str, Any] = {
        "task": task,
        "draft": draft,
        "offices": known,
        "away": await _away(
            request, visitor, task, draft, list(dict.fromkeys(offered))
        ),
        "usual": [line["position_id"] for line in suggestion["recipients"]],
        "kept": [
            pair
            for each in draft.recipients
            for pair in particulars.fields_of(each.own, each.position_id)
        ],
        "needle": needle,
        "found": known.search(needle)[:30] if needle else [],
        "subordinates": known.subordinates(task["position_id"]),
        "groups": _by_unit(known, task["position_id"]),
    }
    block = "sheet" if rendering.is_fragment(request) else None
    if block is None:
        values = {**await letter_values(request, visitor, task["letter_id"]), **values}
    return rendering.render(request, visitor, "picker.html", block=block, **values)


def _by_unit(known: Offices, giver: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """All offices but the giver, by unit in the order of the organisation."""
    groups: dict[str, list[dict[str, Any]]] = {}
    rows = sorted(
        known.positions.values(), key=lambda row: (row["level"], row["title"])
    )
    for row in rows:
        if row["position_id"] != giver:
            groups.setdefault(row["unit_name"], []).append(row)
    return list(groups.items())


async def _task_and_offices(
    request: web.Request, visitor: Visitor
) -> tuple[dict[str, Any], Offices]:
    task, known = await asyncio.gather(
        my_task(request, visitor, request.match_info["task_id"]),
        known_offices(request, visitor),
    )
    return task, known


async def _suggestion(
    request: web.Request, visitor: Visitor, task: dict[str, Any]
) -> dict[str, Any]:
    """What the office of the task usually answers; nothing when nobody can tell."""
    try:
        found: dict[str, Any] = await ask(
            request,
            visitor.as_office(task["position_id"]),
            "letters",
            "suggest_disposition",
            letter_id=task["letter_id"],
        )
    except RakatError:
        return {"recipients": [], "basis": None}
    return found


async def _sheet(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    known: Offices,
    draft: Draft,
    problems: list[forms.Problem] | None = None,
    status_code: int = 200,
) -> web.Response:
    """The sheet alone for htmx, else over its letter."""
    reference = await ask(
        request, visitor, "letters", "get_reference", name="instructions"
    )
    values: dict[str, Any] = {
        "problems": problems or [],
        "instructions": _instructions(reference["items"], draft),
        "due_choices": dispositions.due_choices(task, clock_now()),
        "chips": dispositions.quick_chips(task["position_id"], draft, known),
        "roles_for": {
            each.position_id: dispositions.allowed_roles(
                task["position_id"], each.position_id, task, known
            )
            for each in draft.recipients
        },
        **await _foot_values(request, visitor, task, known, draft),
    }
    block = "sheet" if rendering.is_fragment(request) else None
    if block is None:
        over = await letter_values(request, visitor, task["letter_id"])
        values = {**over, **values}
    return rendering.render(
        request,
        visitor,
        "disposition.html",
        block=block,
        status_code=status_code,
        **values,
    )


def _instructions(
    items: list[dict[str, Any]], draft: Draft
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Frequent and chosen ones in front, the rest behind one chip."""
    by_code = {item["code"]: item for item in items}
    front = [code for code in dispositions.FREQUENT if code in by_code]
    front += [
        code for code in draft.instructions if code in by_code and code not in front
    ]
    rest = [item for item in items if item["code"] not in front]
    return [by_code[code] for code in front], rest


async def _foot_values(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    known: Offices,
    draft: Draft,
) -> dict[str, Any]:
    now = clock_now()
    chosen = [each.position_id for each in draft.recipients]
    away = await _away(request, visitor, task, draft, chosen)
    return {
        "task": task,
        "draft": draft,
        "offices": known,
        "away": away,
        "may_send": _may_send(visitor, task),
        "sentence": dispositions.sentence(draft, known),
        "exceptions": dispositions.exceptions(draft, known, now),
        "cautions": dispositions.cautions(draft, known, away),
        "until": dispositions.until(draft, task, now),
    }


async def _away(
    request: web.Request,
    visitor: Visitor,
    task: dict[str, Any],
    draft: Draft,
    position_ids: list[str],
) -> dict[str, str]:
    """Who of them will not be there when it falls due; nobody when that is unknown."""
    now = clock_now()
    asked = dispositions.dues(draft, position_ids[:MOST_ASKED], task, now)
    queries = [
        {"position_ids": ids, "at": due.isoformat()} for due, ids in asked.items()
    ]
    try:
        answers = await asyncio.gather(
            *(
                ask(request, visitor, "letters", "list_absences", query=q)
                for q in queries
            )
        )
    except RakatError:
        return {}
    rows = [row for answer in answers for row in answer["items"]]
    return dispositions.absences(rows, now)


def _may_send(visitor: Visitor, task: dict[str, Any]) -> bool:
    """An aide who may only prepare leaves the sending to the leader."""
    return "act" in visitor.rights(task["position_id"])


@page
async def confirm(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /disposisi/{disposition_id}/konfirmasi``: send what an aide prepared."""
    done = await act(
        request,
        visitor,
        "letters",
        "confirm_disposition",
        disposition_id=request.match_info["disposition_id"],
    )
    known = await known_offices(request, visitor)
    return rendering.see_other(request, "/", _sent(done.body, known))


@page
async def discard(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /disposisi/{disposition_id}/buang``"""
    await act(
        request,
        visitor,
        "letters",
        "discard_disposition",
        disposition_id=request.match_info["disposition_id"],
    )
    return rendering.see_other(request, "/", Flash(text="Disposisi tidak dikirim."))
