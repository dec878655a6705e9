"""How often one address may ask what nobody has to log in for."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from contracts.errors import TooMany

_MOST_ADDRESSES = 20_000


class Throttle:
    """`burst` at once, then one each `every` seconds; the longest idle are forgotten.

    Each copy of the gateway counts for itself: a bound on what costs us, no lock.
    """

    def __init__(
        self, *, burst: int, every: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._every = every
        self._now = now
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, address: str) -> None:
        """Raises: TooMany with the seconds until the next."""
        now = self._now()
        full_at = max(self._full_at.pop(address, now), now) + self._every
        wait = full_at - now - self._burst * self._every
        if wait > 0:
            self._full_at[address] = full_at - self._every
            raise TooMany(retry_after=wait)
        self._full_at[address] = full_at
        while len(self._full_at) > _MOST_ADDRESSES:
            self._full_at.popitem(last=False)
