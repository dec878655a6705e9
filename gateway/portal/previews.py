"""Drafts as PDF, just set: kept for a moment, so that a page is not set twice.

A preview belongs to one session, one letter and one version of it; it lies in memory
only, for a draft that is changed or dropped leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

KEPT = 120.0  # seconds
MOST = 24


@dataclass(frozen=True)
class Preview:
    pdf: bytes
    pages: int


Load = Callable[[], Awaitable[Preview]]


class Previews:
    """`get` of the same key at once loads once; a failure is not kept."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[float, asyncio.Task[Preview]]]
        self._found = OrderedDict()

    async def get(self, key: str, load: Load) -> Preview:
        at, task = self._found.get(key, (0.0, None))
        if task is None or time.monotonic() - at > KEPT or _failed(task):
            task = asyncio.ensure_future(_loaded(load))
            self._found[key] = time.monotonic(), task
            self._found.move_to_end(key)
            while len(self._found) > MOST:
                self._found.popitem(last=False)
        return await asyncio.shield(task)


async def _loaded(load: Load) -> Preview:
    return await load()


def _failed(task: asyncio.Task[Preview]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


PREVIEWS: web.AppKey[Previews] = web.AppKey("portal_previews", Previews)
