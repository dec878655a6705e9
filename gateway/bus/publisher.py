"""The publishing thread: sends requests, tracks what became of each.

py-amqp's own confirm mode waits for *any* acknowledgement, so that one left over
from a returned message confirms the next. Here the channel is in confirm mode but
nobody waits: acknowledgements, refusals and returns are read as they come and
matched by delivery tag and correlation id.
"""

from __future__ import annotations

import collections
import os
import select
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gateway.bus.link import Link
from gateway.bus.wire import RPC_EXCHANGE, Request
from gateway.metrics import amqp_publish

_CONFIRM_SECONDS = 5.0

OnFailed = Callable[[list[str], bool], None]


class _Sent(NamedTuple):
    correlation_id: str
    at: float


class Publisher(Link):
    """`on_failed` gets correlation ids that no service will answer, and whether
    asking again over a new connection may help; `is_wanted`: somebody still waits."""

    role = "publish"

    def __init__(
        self, uri: str, on_failed: OnFailed, is_wanted: Callable[[str], bool]
    ) -> None:
        super().__init__(uri)
        self._on_failed, self._is_wanted = on_failed, is_wanted
        self._queue: collections.deque[Request] = collections.deque()
        self._unconfirmed: dict[int, _Sent] = {}  # by tag, oldest first
        self._tag = 0
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)

    def send(self, request: Request) -> None:
        """Queue `request`; callable from any thread, returns at once."""
        self._queue.append(request)
        self._wake()

    def stop(self) -> None:
        super().stop()
        self._wake()

    def run(self) -> None:
        try:
            super().run()
        finally:
            os.close(self._wake_out)

    def _wake(self) -> None:
        try:
            os.write(self._wake_in, b".")
        except (BlockingIOError, BrokenPipeError):
            return  # full of wake-ups already, or the thread has ended

    def serve(self, connection: Any) -> None:
        channel = self._open(connection)
        sources = [self._wake_out, connection.sock]
        while not self.stopping:
            readable, _, _ = select.select(sources, (), (), 1)
            if self._wake_out in readable:
                os.read(self._wake_out, 4096)
            self._publish_queued(channel)
            if connection.sock in readable:
                _read(connection)
            self._check_oldest()
            self.beat(connection)

    def _open(self, connection: Any) -> Any:
        channel = connection.channel()
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.confirm_select()
        channel.events["basic_ack"].add(self._acknowledged)
        channel.events["basic_nack"].add(self._refused)
        channel.events["basic_return"].add(self._returned)
        self._tag = 0
        return channel

    def _publish_queued(self, channel: Any) -> None:
        while self._queue:
            request = self._queue.popleft()
            left = request.expires_at - time.monotonic()
            if left > 0 and self._is_wanted(request.correlation_id):
                self._publish(channel, request, left)

    def _publish(self, channel: Any, request: Request, left: float) -> None:
        self._tag += 1
        # Before the write: if that fails the call is among the failed ones.
        self._unconfirmed[self._tag] = _Sent(request.correlation_id, time.monotonic())
        message = channel.prepare_message(
            request.body,
            priority=0,
            content_type="application/json",
            content_encoding="utf-8",
            headers=request.headers,
            properties=_properties(request, left),
        )
        channel.basic_publish(
            message,
            exchange=RPC_EXCHANGE,
            routing_key=request.routing_key,
            mandatory=True,
            timeout=5,
        )

    def _acknowledged(self, tag: int, multiple: bool) -> None:
        count = len(self._settle(tag, multiple))
        amqp_publish.labels("confirmed").inc(count)

    def _refused(self, tag: int, multiple: bool) -> None:
        failed = self._settle(tag, multiple)
        amqp_publish.labels("nacked").inc(len(failed))
        self._on_failed(failed, False)

    def _returned(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        amqp_publish.labels("returned").inc()
        self._on_failed([message.properties["correlation_id"]], False)

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        tags: Iterable[int] = (tag,)
        if multiple:
            tags = [each for each in self._unconfirmed if each <= tag]
        settled = (self._unconfirmed.pop(each, None) for each in tags)
        return [each.correlation_id for each in settled if each is not None]

    def _check_oldest(self) -> None:
        """A black hole acknowledges TCP and swallows frames: only silence tells."""
        oldest = next(iter(self._unconfirmed.values()), None)
        if oldest is not None and time.monotonic() - oldest.at > _CONFIRM_SECONDS:
            raise TimeoutError("no confirm")

    def lost(self) -> None:
        """What is not confirmed may or may not have arrived: unknown, so failed.
        What waits is published over the next connection, if still wanted then."""
        failed = [each.correlation_id for each in self._unconfirmed.values()]
        self._unconfirmed.clear()
        self._on_failed(failed, True)


def _properties(request: Request, left: float) -> dict[str, Any]:
    return {
        "reply_to": request.reply_to,
        "correlation_id": request.correlation_id,
        "delivery_mode": 1,
        "expiration": str(max(int(left * 1000), 1)),
    }


def _read(connection: Any) -> None:
    """Take in every frame that is there, without waiting for more."""
    try:
        while True:
            connection.drain_events(timeout=0.001)
    except TimeoutError:
        return
