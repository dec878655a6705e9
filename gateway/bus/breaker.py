"""A service that does not answer is not waited for again and again.

After `threshold` calls in a row without any answer, callers are refused at once,
except one now and then that finds out whether it is back. Any answer, also a refusal,
closes the breaker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.bus.wire import unavailable


@dataclass
class _Silence:
    calls: int = 0
    asked_at: float = 0.0


class Breaker:
    """One state per target; `clock` is the loop's."""

    def __init__(
        self, clock: Callable[[], float], *, threshold: int = 5, pause: float = 0.5
    ) -> None:
        self._clock, self._threshold, self._pause = clock, threshold, pause
        self._silent: dict[str, _Silence] = {}

    def check(self, target: str) -> None:
        """Raises `Unavailable` while `target` is silent and was asked just now."""
        silence = self._silent.get(target)
        if silence is None or silence.calls < self._threshold:
            return
        now = self._clock()
        if now - silence.asked_at < self._pause:
            raise unavailable(target)
        silence.asked_at = now

    def answered(self, target: str) -> None:
        self._silent.pop(target, None)

    def unanswered(self, target: str) -> None:
        silence = self._silent.setdefault(target, _Silence())
        silence.calls += 1
        silence.asked_at = self._clock()
