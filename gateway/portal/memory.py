"""A small memory for answers that change rarely: fresh for seconds, kept longer.

While the owning service is away the kept answer still serves, so that pages of the
other services go on working.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.errors import Unavailable

T = TypeVar("T")


PATIENCE = 3.0  # seconds until a service that was away is asked again


@dataclass
class _Kept(Generic[T]):
    answer: T
    at: float
    asked_at: float


class Memory(Generic[T]):
    """Answers by key, at most `limit` of them."""

    def __init__(self, fresh: float, kept: float, limit: int = 5000) -> None:
        self._fresh = fresh
        self._longest = kept
        self._limit = limit
        self._found: OrderedDict[str, _Kept[T]] = OrderedDict()

    async def get(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The fresh answer for `key`; a kept one while its service is away."""
        kept, now = self._found.get(key), time.monotonic()
        if kept is not None and (
            now - kept.at < self._fresh or now - kept.asked_at < PATIENCE
        ):
            return kept.answer
        try:
            return self._keep(key, await load())
        except Unavailable:
            if kept is None or now - kept.at > self._longest:
                raise
            # Not every page has to wait for the same deadline.
            kept.asked_at = time.monotonic()
            return kept.answer

    def _keep(self, key: str, answer: T) -> T:
        self._found[key] = _Kept(answer, time.monotonic(), float("-inf"))
        self._found.move_to_end(key)
        while len(self._found) > self._limit:
            self._found.popitem(last=False)
        return answer
