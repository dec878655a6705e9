"""Many letters that only want to be known, ticked off by one tap."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import faults, forms, rendering
from gateway.portal import tasks as task_rules
from gateway.portal.access import page
from gateway.portal.asking import act, ask
from gateway.portal.flash import Flash
from gateway.portal.visitor import Visitor

BACK = "/?saring=mengetahui"
NAMED = 3  # failures a message has room for


@page
async def acknowledge_many(
    request: web.Request, visitor: Visitor
) -> web.StreamResponse:
    """``POST /tugas/diketahui``"""
    fields = await forms.posted(request)
    chosen = forms.chosen(fields, "tugas")[: task_rules.MOST_AT_ONCE]
    if not chosen:
        message = Flash(text="Pilih paling sedikit satu surat.", tone="soon")
        return rendering.see_other(request, BACK, message)
    done = await act(
        request, visitor, "letters", "acknowledge_tasks", body={"task_ids": chosen}
    )
    failed = [row for row in done.body["results"] if not row["ok"]]
    if not failed:
        message = Flash(text=f"{len(chosen)} surat ditandai diketahui.")
        return rendering.see_other(request, "/", message)
    named = [await _named(request, visitor, row) for row in failed[:NAMED]]
    message = Flash(text=summary(len(chosen), len(failed), named), tone="soon")
    return rendering.see_other(request, BACK, message)


async def _named(request: web.Request, visitor: Visitor, row: dict[str, Any]) -> str:
    """The subject of a task that could not be ticked off, and why."""
    task = await ask_or_none(request, visitor, row["task_id"])
    subject = f"“{task['subject']}”" if task else "Satu surat"
    return f"{subject}: {faults.title_of(row['code']).lower()}"


async def ask_or_none(
    request: web.Request, visitor: Visitor, task_id: str
) -> dict[str, Any] | None:
    """The task, unless it is not for the visitor (any more)."""
    try:
        found: dict[str, Any] = await ask(
            request, visitor, "letters", "get_task", task_id=task_id
        )
    except RakatError:
        return None
    return found


def summary(count: int, failures: int, named: list[str]) -> str:
    """``10 dari 12 ditandai diketahui. Belum: “Edaran”: sudah berubah …``"""
    rest = failures - len(named)
    others = f"; dan {rest} lagi" if rest else ""
    done = f"{count - failures} dari {count} ditandai diketahui."
    return f"{done} Belum: {'; '.join(named)}{others}."


@page
async def again(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /tugas/diketahui``: a reload after logging in shows the list."""
    raise web.HTTPSeeOther(BACK)
