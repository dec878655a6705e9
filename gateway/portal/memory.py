"""A small memory for answers that change rarely: fresh for seconds, kept longer.

While the owning service is away the kept answer still serves, so that pages of the
other services go on working.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from contracts.errors import Unavailable

T = TypeVar("T")


class Memory(Generic[T]):
    """Answers by key, at most `limit` of them."""

    def __init__(self, fresh: float, kept: float, limit: int = 5000) -> None:
        self._fresh = fresh
        self._kept = kept
        self._limit = limit
        self._found: OrderedDict[str, tuple[float, T]] = OrderedDict()

    async def get(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The fresh answer for `key`; a kept one when its service is away."""
        at, answer = self._found.get(key, (-self._kept, None))
        age = time.monotonic() - at
        if answer is not None and age < self._fresh:
            return answer
        try:
            return self._keep(key, await load())
        except Unavailable:
            if answer is None or age > self._kept:
                raise
            return answer

    def forget(self, key: str) -> None:
        """Read it anew the next time."""
        self._found.pop(key, None)

    def _keep(self, key: str, answer: T) -> T:
        self._found[key] = (time.monotonic(), answer)
        self._found.move_to_end(key)
        while len(self._found) > self._limit:
            self._found.popitem(last=False)
        return answer
