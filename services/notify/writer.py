"""The stream writer as part of the process: one of all copies holds the lease.

The copy that stores a notification wakes its own writer; when another copy holds the
lease, that one sees it within `POLL`. A copy that dies is followed within 3 s, one
that stops lets go at once.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from chassis import clock
from chassis.bus import Bus
from chassis.mongo import open_database
from services.notify import telemetry
from services.notify.documents import Entry
from services.notify.hints import Hints, declare_stream_exchange
from services.notify.lease import Lease
from services.notify.stream import StreamWriter

log = structlog.get_logger(__name__)

POLL = 0.1
PAUSE = 0.5


class StreamRelay(DependencyProvider):  # type: ignore[misc]
    """Injects `wake`: call it after storing notifications."""

    bus = Bus()

    def setup(self) -> None:
        database = open_database(self.container.config, self.container.service_name)
        self._client = database.client
        self._lease = Lease(database["leases"], "stream")
        self._hints = Hints(self.bus)
        self._writer = StreamWriter(database, self._tell)
        self._wake = threading.Event()
        self._stopping = False
        self._token: int | None = None
        self._running: Any = None
        self.bus.when_publishing(declare_stream_exchange)

    def start(self) -> None:
        self._running = self.container.spawn_managed_thread(
            self._run, identifier="stream writer"
        )

    def stop(self) -> None:
        """After the last worker: what it stored is placed by us or the next one."""
        self._stopping = True
        self._wake.set()
        if self._running is not None:
            self._running.wait()
        self._client.close()

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self._wake.set

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._round()
            except Exception:  # border: whatever it was, look again a little later
                log.warning("stream writer interrupted", exc_info=True)
                self._writer.distrust()
                self._wait(PAUSE)
        self._let_go()

    def _round(self) -> None:
        held = self._lease.hold()
        if self._lease.token != self._token:
            self._token = self._lease.token
            self._writer.distrust()
            telemetry.LEADING.set(held)
        if self._token is None or not self._writer.append(self._token):
            self._wait(POLL)

    def _tell(self, entries: Sequence[Entry]) -> None:
        self._hints(entries)
        telemetry.count_sent(entries, clock.now())

    def _wait(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _let_go(self) -> None:
        try:
            self._lease.release()
        except Exception:  # border: then the next one takes it by its silence
            log.info("lease not released", exc_info=True)
