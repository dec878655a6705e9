"""One holder at a time, found without comparing clocks.

The document counts beats. The holder beats; anybody who sees the same beat for
`patience` seconds of his own monotonic clock may take over by a conditional
update that also raises the fencing token. A holder that was frozen finds its token
gone, and what it writes late is refused by the keys of the stream.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

log = logging.getLogger(__name__)

Seen = tuple[int, int]  # token, beat


class Lease:
    """Call `hold` often; it is cheap while held and says whether it is."""

    def __init__(
        self,
        leases: Collection[dict[str, Any]],
        name: str,
        *,
        patience: float = 2.0,
        beat_every: float = 0.5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._leases, self._name = leases, name
        self._patience, self._beat_every = patience, beat_every
        self._monotonic = monotonic
        self.token: int | None = None
        self._checked_at = float("-inf")
        self._seen: Seen | None = None
        self._seen_at = 0.0

    def hold(self) -> bool:
        """Beat if held, else try to take it; asks the store once per `beat_every`."""
        now = self._monotonic()
        if now - self._checked_at >= self._beat_every:
            self._checked_at = now
            self.token = self._beat() if self.token is not None else self._take(now)
        return self.token is not None

    def release(self) -> None:
        """Let the next one take over at once."""
        if self.token is None:
            return
        mine = {"_id": self._name, "token": self.token}
        self._leases.update_one(mine, {"$set": {"free": True}})
        self.token = None

    def _beat(self) -> int | None:
        mine = {"_id": self._name, "token": self.token}
        if self._leases.update_one(mine, {"$inc": {"beat": 1}}).matched_count:
            return self.token
        log.warning("lease lost", extra={"lease": self._name, "token": self.token})
        return None

    def _take(self, now: float) -> int | None:
        found = self._leases.find_one({"_id": self._name})
        if found is None:
            return self._create()
        seen = (found["token"], found["beat"])
        if seen != self._seen:
            self._seen, self._seen_at = seen, now
        if not found.get("free") and now - self._seen_at < self._patience:
            return None
        return self._take_over(seen)

    def _create(self) -> int | None:
        first = {"_id": self._name, "token": 1, "beat": 0, "free": False}
        try:
            self._leases.insert_one(first)
        except DuplicateKeyError:
            return None
        return 1

    def _take_over(self, seen: Seen) -> int | None:
        token, beat = seen
        changed = self._leases.update_one(
            {"_id": self._name, "token": token, "beat": beat},
            {"$set": {"token": token + 1, "beat": beat + 1, "free": False}},
        )
        return token + 1 if changed.modified_count else None
