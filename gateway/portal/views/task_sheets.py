"""What the sheets about one task share: the task, its sheet, and the sheet again."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from contracts.errors import RakatError
from gateway.portal import forms, rendering
from gateway.portal import tasks as task_rules
from gateway.portal.asking import act, ask, known_offices
from gateway.portal.views.letter import letter_values
from gateway.portal.visitor import Visitor


async def task_of(request: web.Request, visitor: Visitor) -> dict[str, Any]:
    """The task of the address."""
    task: dict[str, Any] = await ask(
        request, visitor, "letters", "get_task", task_id=request.match_info["task_id"]
    )
    return task


async def act_on(
    request: web.Request,
    visitor: Visitor,
    method: str,
    *,
    key: str | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A command about the task of the address."""
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


async def sheet(
    request: web.Request,
    visitor: Visitor,
    template: str,
    task: dict[str, Any],
    *,
    problems: list[forms.Problem] | None = None,
    fields: Any = None,
    status_code: int = 200,
    **more: Any,
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
            **more,
            "task": task,
            "problems": problems or [],
            "fields": fields,
            "key": fields.get("kunci") or str(uuid.uuid4()),
            "verbs": task_rules.verbs_of(
                task, values["offices"], visitor.rights(task["position_id"])
            ),
        },
    )


async def sheet_again(
    request: web.Request,
    visitor: Visitor,
    template: str,
    error: RakatError,
    names: dict[str, str],
    fields: Any,
    **more: Any,
) -> web.Response:
    """After a refusal, with what was entered; `names` maps pointers to fields."""
    return await sheet(
        request,
        visitor,
        template,
        await task_of(request, visitor),
        problems=forms.problems_of(error, names),
        fields=fields,
        status_code=error.status,
        **more,
    )
