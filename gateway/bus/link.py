"""A thread that owns one connection to the broker and rebuilds it when it breaks."""

from __future__ import annotations

import random
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

import structlog
from kombu.connection import Connection

from chassis.logs import describe
from gateway import metrics

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 5
_SHORTEST, _LONGEST = 0.1, 1.0  # pause between attempts; the broker is one hop away


class Link(threading.Thread, ABC):
    """Subclasses say what to do with a connection; `role` names it in metrics."""

    role = ""

    def __init__(self, uri: str) -> None:
        super().__init__(name=f"bus-{self.role}", daemon=True)
        self._uri = uri
        self._stopping = threading.Event()
        self._heartbeat_at = 0.0

    @abstractmethod
    def serve(self, connection: Any) -> None:
        """Work on an open amqp connection until it breaks or `stopping`."""

    @abstractmethod
    def lost(self) -> None:
        """The connection is gone, on purpose or not."""

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        pause = _SHORTEST
        while not self.stopping:
            started = time.monotonic()
            self._serve_once()
            lived = time.monotonic() - started
            pause = _SHORTEST if lived > _LONGEST else min(pause * 2, _LONGEST)
            self._stopping.wait(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter

    def _serve_once(self) -> None:
        connection = _connection(self._uri, self.role)
        try:
            _connect(connection)
            metrics.amqp_up.labels(self.role).set(1)
            self.serve(connection.connection)
        except Exception as error:  # whatever broke it, only a new connection helps
            log.warning("bus connection lost", role=self.role, **describe(error))
            metrics.amqp_reconnects.labels(self.role).inc()
        finally:
            metrics.amqp_up.labels(self.role).set(0)
            self.lost()
            _drop(connection, graceful=self.stopping)

    def beat(self, connection: Any) -> None:
        """Send and check heartbeats; call about once a second."""
        now = time.monotonic()
        if now - self._heartbeat_at >= 1:
            self._heartbeat_at = now
            connection.heartbeat_tick()


def _connection(uri: str, role: str) -> Any:
    return Connection(  # type: ignore[no-untyped-call]
        uri,
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=5,
        # A fresh dict each time: kombu writes into it.
        transport_options={
            "client_properties": {"connection_name": f"gateway {role}"},
            "read_timeout": 10,
            "write_timeout": 5,
        },
    )


def _connect(connection: Any) -> None:
    """One attempt: kombu's own `connect` sleeps two seconds and tries again, longer
    than a call waits; when to try again is for `run` alone to say."""
    connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)


def _drop(connection: Any, *, graceful: bool) -> None:
    try:
        connection.release() if graceful else connection.collect(socket_timeout=1)
    except Exception as error:  # a broken connection may fail to close; it is gone
        log.debug("bus connection not closed", **describe(error))
