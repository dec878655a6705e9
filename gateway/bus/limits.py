"""How much may be under way: beyond it a caller is told to come back.

More than sixteen calls at once bring a service nothing (measured), so the rest
waits here, in order and inside its own deadline; a queue that long already will
not be served in time, so it is refused at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.bus.wire import unavailable


class Limits:
    """Admission for calls: `total` altogether, per target `queued` with `running`."""

    def __init__(
        self, *, total: int = 200, queued: int = 80, running: int = 16
    ) -> None:
        self._total, self._queued, self._running = total, queued, running
        self._admitted: Counter[str] = Counter()
        self._slots: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def slot(self, target: str) -> AsyncIterator[None]:
        """Hold a slot of `target`; raises `Unavailable` beyond the limits."""
        if self._is_full(target):
            raise unavailable(target)
        self._admitted[target] += 1
        try:
            async with self._slot_of(target):
                yield
        finally:
            self._admitted[target] -= 1

    def _is_full(self, target: str) -> bool:
        full = self._admitted.total() >= self._total
        return full or self._admitted[target] >= self._queued

    def _slot_of(self, target: str) -> asyncio.Semaphore:
        if target not in self._slots:
            self._slots[target] = asyncio.Semaphore(self._running)
        return self._slots[target]
