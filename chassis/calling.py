"""A small blocking RPC client for tests and operator commands.

Not for services (they use ``Remote()``) nor for the gateway (it has its own). One
call at a time per `Caller`; works with and without eventlet's patch.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import amqp

from chassis import clock, link, wire
from chassis.context import CallContext
from chassis.remote import unpack
from contracts.errors import Unavailable


class Caller:
    """Holds one connection and one reply queue."""

    def __init__(self, uri: str) -> None:
        self._connection = link.open_connection(uri, name="rakat caller")
        self._channel = self._connection.channel()
        self._replies: dict[str, bytes] = {}
        self._key = str(uuid4())
        queue = f"rpc.reply-caller-{self._key}"
        self._channel.exchange_declare(
            wire.EXCHANGE, "topic", durable=True, auto_delete=False
        )
        self._channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self._channel.queue_bind(queue, wire.EXCHANGE, self._key)
        self._channel.basic_consume(queue, no_ack=True, callback=self._on_reply)

    def call(
        self,
        service: str,
        method: str,
        /,
        *,
        context: CallContext | None = None,
        timeout: float = 5.0,
        **kwargs: Any,
    ) -> Any:
        """The result; raises the service's error or `Unavailable` after `timeout`."""
        correlation_id = self.send(service, method, context, timeout, kwargs)
        end = time.monotonic() + timeout
        while correlation_id not in self._replies:
            left = end - time.monotonic()
            if left <= 0:
                raise Unavailable(retry_after=1, target=service)
            try:
                self._connection.drain_events(timeout=left)
            except TimeoutError:
                continue
        return unpack(self._replies.pop(correlation_id))

    def send(
        self,
        service: str,
        method: str,
        context: CallContext | None,
        timeout: float,
        kwargs: dict[str, Any],
    ) -> str:
        """Send a request; its correlation id."""
        correlation_id = str(uuid4())
        context = context or CallContext(request_id=correlation_id)
        message = amqp.Message(
            wire.request([], kwargs),
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            reply_to=self._key,
            correlation_id=correlation_id,
            application_headers=_headers(context, timeout),
        )
        link.publish(self._channel, message, wire.EXCHANGE, f"{service}.{method}")
        return correlation_id

    def close(self) -> None:
        self._connection.close()

    def _on_reply(self, message: amqp.Message) -> None:
        self._replies[message.properties["correlation_id"]] = message.body


def _headers(context: CallContext, timeout: float) -> dict[str, Any]:
    headers = context.to_headers()
    if context.deadline is None:
        deadline = clock.now() + timedelta(seconds=timeout)
        headers["nameko.deadline"] = deadline.isoformat()
    return headers
