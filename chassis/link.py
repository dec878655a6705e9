"""One supervised AMQP connection: connects, drains, beats, and starts again.

A greenthread owns all reading. Writing is free to any greenthread (py-amqp writes
one whole frame under a lock). Nothing that waits for an answer of the broker may be
called outside `on_open`, because the answer is read by the owner.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import amqp
import eventlet
import structlog
from amqp import spec
from eventlet.event import Event
from eventlet.greenthread import GreenThread
from kombu.connection import Connection

from chassis import metrics
from chassis.clock import jittered

log = structlog.get_logger(__name__)

BACKOFF = (0.1, 5.0)
CONNECT_TIMEOUT = 5
TICK = 1.0

Setup = Callable[[Any], None]


def open_connection(uri: str, *, heartbeat: float = 0, name: str = "") -> Any:
    """A bare py-amqp connection to `uri`."""
    plain = uri.replace("amqp://", "pyamqp://", 1) if uri.startswith("amqp:") else uri
    client = Connection(  # type: ignore[no-untyped-call]
        plain,
        heartbeat=heartbeat,
        connect_timeout=CONNECT_TIMEOUT,
        transport_options={"client_properties": {"connection_name": name}},
    )
    return client.transport.establish_connection()


def publish(
    channel: Any,
    message: amqp.Message,
    exchange: str,
    key: str,
    mandatory: bool = False,
) -> None:
    """Write a message without waiting.

    Not `basic_publish`: that one reads from the socket first, to look for a blocked
    connection, and would race with the owner.
    """
    channel.send_method(
        spec.Basic.Publish, "Bssbb", (0, exchange, key, mandatory, False), message
    )


class Link:
    """A connection under supervision; `on_open(connection)` builds its channels."""

    def __init__(
        self,
        uri: str,
        role: str,
        on_open: Setup,
        on_lost: Callable[[], None] = lambda: None,
        heartbeat: float = 30.0,
    ) -> None:
        self.uri = uri
        self.role = role
        self.heartbeat = heartbeat
        self._on_open = on_open
        self._on_lost = on_lost
        self._connection: Any = None
        self._closing = False
        self._opened = Event()
        self._owner: GreenThread | None = None

    @property
    def up(self) -> bool:
        return self._connection is not None

    def start(self) -> None:
        """Begin, and return once connected for the first time (N5: never raises)."""
        self._owner = eventlet.spawn(self._supervise)
        self._opened.wait()

    def drop(self, reason: BaseException | str, only: Any = None) -> None:
        """Give up the present connection (or just `only`); a new one follows."""
        if self._connection is None or (only and only is not self._connection):
            return
        connection, self._connection = self._connection, None
        metrics.amqp_up.labels(self.role).set(0)
        metrics.amqp_reconnects.labels(self.role).inc()
        log.warning("amqp connection dropped", role=self.role, reason=str(reason))
        if eventlet.getcurrent() is self._owner:
            _shut(connection)
        else:
            _hang_up(connection)
        self._on_lost()

    def close(self) -> None:
        """End for good: say goodbye to the broker and stop the owner."""
        self._closing = True
        if self._owner is not None:
            self._owner.kill()
        connection, self._connection = self._connection, None
        if connection is not None:
            _farewell(connection)
        metrics.amqp_up.labels(self.role).set(0)

    def _supervise(self) -> None:
        wait = BACKOFF[0]
        while not self._closing:
            try:
                connection = self._open()
                wait = BACKOFF[0]
                self._serve(connection)
            except Exception as error:  # border: whatever it was, connect again
                log.info("amqp connection ended", role=self.role, error=repr(error))
                self.drop(error)
            eventlet.sleep(jittered(wait))
            wait = min(wait * 2, BACKOFF[1])

    def _serve(self, connection: Any) -> None:
        try:
            self._drain(connection)
        finally:
            if self._connection is not connection:
                _shut(connection)  # somebody hung up; the reader closes

    def _open(self) -> Any:
        name = f"rakat {self.role}"
        connection = open_connection(self.uri, heartbeat=self.heartbeat, name=name)
        connection.on_blocked = self._blocked
        connection.on_unblocked = self._unblocked
        try:
            self._on_open(connection)
        except BaseException:
            _shut(connection)
            raise
        self._connection = connection
        metrics.amqp_up.labels(self.role).set(1)
        self._unblocked()
        if not self._opened.ready():
            self._opened.send(None)
        return connection

    def _drain(self, connection: Any) -> None:
        next_beat = time.monotonic() + TICK
        tick = min(TICK, self.heartbeat / 4) if self.heartbeat else TICK
        while self._connection is connection:
            with suppress(TimeoutError):
                connection.drain_events(timeout=tick)
            if (now := time.monotonic()) >= next_beat:
                connection.heartbeat_tick(rate=2)
                next_beat = now + tick

    def _blocked(self, reason: str) -> None:
        metrics.amqp_blocked.labels(self.role).set(1)
        log.warning("broker blocks publishing", role=self.role, reason=reason)

    def _unblocked(self) -> None:
        metrics.amqp_blocked.labels(self.role).set(0)


def _shut(connection: Any) -> None:
    """Close the socket without a word; safe on a half-dead connection."""
    try:
        connection.collect()
    except Exception as error:  # the socket is gone already
        log.debug("closing a dead connection", error=repr(error))


def _hang_up(connection: Any) -> None:
    """Wake the reader with an end of file; only it may close what it reads.

    A descriptor closed under a waiting greenthread can be given to a new socket
    while the hub still listens for the old one.
    """
    with suppress(OSError, AttributeError):
        connection._transport.sock.shutdown(socket.SHUT_RDWR)


def _farewell(connection: Any) -> None:
    try:
        # not `.transport`: that one would connect again
        connection._transport.sock.settimeout(2)
        connection.close()
    except (TimeoutError, OSError, amqp.AMQPError, AttributeError) as error:
        log.debug("broker gone before goodbye", error=repr(error))
        _shut(connection)
