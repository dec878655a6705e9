"""Questions and commands of the views, in the name of the visitor."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from contracts.errors import NotFound, Unavailable
from gateway.bus import RemoteFault
from gateway.client import Done
from gateway.keys import CLIENT
from gateway.portal import faults, offices
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor

MOST_ROWS = 1000


@dataclass(frozen=True)
class Section:
    """A part of a page that can be away while the others stay."""

    items: list[dict[str, Any]]
    fault: faults.Fault | None = None
    more: str | None = None  # cursor of the next page


async def ask(
    request: web.Request, visitor: Visitor, service: str, method: str, **kwargs: Any
) -> Any:
    """Answer of a query."""
    return await request.app[CLIENT].call(visitor.context, service, method, **kwargs)


async def act(
    request: web.Request,
    visitor: Visitor,
    service: str,
    method: str,
    *,
    key: str | None = None,
    **kwargs: Any,
) -> Done:
    """Carry out a command; the same key acts once."""
    return await request.app[CLIENT].command(
        visitor.context, service, method, key=key or None, **kwargs
    )


async def section(answer: Awaitable[Any]) -> Section:
    """A page of a list, or why it is not there."""
    try:
        page = await answer
    except Unavailable as error:
        return Section([], faults.fault_of(error))
    except RemoteFault:
        return Section([], faults.fault_of(Unavailable()))
    return Section(page["items"], more=page.get("next_cursor"))


async def ask_all(
    request: web.Request,
    visitor: Visitor,
    service: str,
    method: str,
    query: dict[str, Any],
) -> dict[str, Any]:
    """A list to its end, or to `MOST_ROWS`; nobody reads more on one page."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await ask(
            request, visitor, service, method, query={**query, "cursor": cursor}
        )
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None or len(rows) >= MOST_ROWS:
            return {"items": rows, "next_cursor": cursor}


async def known_offices(request: web.Request, visitor: Visitor) -> Offices:
    """Titles and the tree of authority."""
    return await offices.offices(request, request.app[CLIENT], visitor.context)


async def my_task(
    request: web.Request, visitor: Visitor, task_id: str
) -> dict[str, Any]:
    """A task of an office the visitor holds; anything else is not found."""
    task: dict[str, Any] = await ask(
        request, visitor, "letters", "get_task", task_id=task_id
    )
    if not visitor.holds(task["position_id"]):
        raise NotFound
    return task
