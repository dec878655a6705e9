"""One open stream: where its reader is, and what waits to be written to him.

`sent` is the last number written. What comes next is taken from the buffer when it
is exactly the next number, else read from notify; so a hint may be lost, doubled or
late, and a reader who is slow costs no more than `BUFFERED` lines.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

BUFFERED = 100


class Line:
    """State of one connection; everything runs on the event loop."""

    def __init__(self, person_id: UUID, session_id: UUID | None) -> None:
        self.person_id, self.session_id = person_id, session_id
        self.sent = 0
        self.behind = False  # the store has more than the buffer can give
        self.closing = False
        self._waiting: dict[int, bytes] = {}
        self._changed = asyncio.Event()

    def offer(self, seq: int, text: bytes) -> None:
        """A hint: one more for this reader, perhaps not the next one."""
        if seq <= self.sent:
            return
        if len(self._waiting) >= BUFFERED:
            self._waiting.clear()
            self.behind = True
        else:
            self._waiting[seq] = text
        self._changed.set()

    def reaches(self, watermark: int) -> None:
        """The store is at `watermark`: read it, unless the buffer gets there."""
        if watermark > max(self._waiting, default=self.sent):
            self.behind = True
            self._changed.set()

    def close(self) -> None:
        self.closing = True
        self._changed.set()

    def take(self) -> bytes:
        """Everything that follows `sent` without a hole, as one piece to write."""
        ready = []
        while (text := self._waiting.pop(self.sent + 1, None)) is not None:
            ready.append(text)
            self.sent += 1
        if self._waiting:
            self._waiting = {s: t for s, t in self._waiting.items() if s > self.sent}
            self.behind = self.behind or bool(self._waiting)
        return b"".join(ready)

    def skip_to(self, seq: int) -> None:
        """Written from the store up to `seq`."""
        self.sent = max(self.sent, seq)

    async def wait(self, seconds: float) -> None:
        """Until something changed, or for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()
