"""One computation for all who ask the same thing at the same time.

::

    overviews = SharedAnswers(seconds=5)         # in a service class

    self.overviews.get(key, lambda: expensive())

Who asks while the answer is being made waits for it; who asks within `seconds` after
gets it as it is. So `key` holds everything the answer depends on, above all who may see
what. Ask outside of any transaction: a waiting caller must not hold a connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any

from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

from contracts.errors import Unavailable

LONGEST_WAIT = 60.0  # no call lives longer


class Answers:
    """Answers by key, each for `seconds` after it was made; failures are not kept."""

    def __init__(
        self, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._now = seconds, now
        self._lock = Lock()
        self._kept: dict[Hashable, tuple[Future[Any], float]] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            self._forget()
            found = self._kept.get(key)
            if found is None:
                future: Future[Any] = Future()
                self._kept[key] = future, float("inf")
        if found is not None:
            return found[0].result(LONGEST_WAIT)
        return self._make(key, future, make)

    def _make(self, key: Hashable, future: Future[Any], make: Callable[[], Any]) -> Any:
        try:
            answer = make()
        except BaseException as error:
            with self._lock:
                del self._kept[key]
            # A killed call is its own affair; who waited for it may simply ask again.
            told = error if isinstance(error, Exception) else Unavailable(retry_after=1)
            future.set_exception(told)
            raise
        with self._lock:
            self._kept[key] = future, self._now() + self._seconds
        future.set_result(answer)
        return answer

    def _forget(self) -> None:
        now = self._now()
        for key in [key for key, (_, until) in self._kept.items() if until <= now]:
            del self._kept[key]


class SharedAnswers(DependencyProvider):
    """Injects the process's `Answers` of one kind."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def setup(self) -> None:
        self._answers = Answers(self._seconds)

    def get_dependency(self, worker_ctx: WorkerContext) -> Answers:
        return self._answers
