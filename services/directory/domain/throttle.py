"""How often one may try to log in: two leaky buckets, wide and narrow.

A bucket is one instant: when it will be free again. Each try moves it by `step`; a try
is refused while it lies more than `burst` steps ahead. The narrow bucket belongs to a
name *at an address*, so nobody locks another out; the wide one to the address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    burst: int
    step: timedelta

    def latest(self, now: datetime) -> datetime:
        """A bucket that is free later than this is full."""
        return now + self.step * (self.burst - 1)

    def retry_after(self, free_at: datetime, now: datetime) -> int:
        """Whole seconds until one more try fits."""
        wait = free_at - self.latest(now)
        return max(1, -(-wait // timedelta(seconds=1)))


NAME_AT_ADDRESS = Limit(burst=5, step=timedelta(seconds=60))
ADDRESS = Limit(burst=60, step=timedelta(seconds=5))


def normalised(username: str) -> str:
    return username.strip().casefold()


def bucket(*parts: str) -> str:
    """The stored name of a bucket: a digest, because people mistype passwords here."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
