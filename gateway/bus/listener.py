"""The listening thread: replies to our calls, and broadcasts we subscribed to.

Each connection gets a new exclusive reply queue under a new key, so a reply to a
call made before is never taken for an answer to one made after.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.bus.link import Link
from gateway.bus.wire import RPC_EXCHANGE

log = structlog.get_logger(__name__)

OnReply = Callable[[str, bytes | str], None]
OnBroadcast = Callable[[bytes | str], None]


@dataclass(frozen=True)
class Subscription:
    """A broadcast every copy of the gateway hears while it is connected."""

    exchange: str
    type: str
    routing_key: str
    on_message: OnBroadcast


class Listener(Link):
    """Calls `on_up(reply key)`, `on_reply`, `on_down()` from its own thread."""

    role = "listen"

    def __init__(
        self,
        uri: str,
        *,
        on_up: Callable[[str], None],
        on_reply: OnReply,
        on_down: Callable[[], None],
    ) -> None:
        super().__init__(uri)
        self._on_up, self._on_reply, self._on_down = on_up, on_reply, on_down
        self._subscriptions: list[Subscription] = []

    def subscribe(self, subscription: Subscription) -> None:
        """Before `start`; declared again with every connection."""
        self._subscriptions.append(subscription)

    def serve(self, connection: Any) -> None:
        key = str(uuid.uuid4())
        channel = connection.channel()
        self._consume_replies(channel, key)
        for subscription in self._subscriptions:
            _consume(channel, subscription)
        self._on_up(key)
        while not self.stopping:
            with contextlib.suppress(TimeoutError):  # silence is no fault
                connection.drain_events(timeout=0.5)
            self.beat(connection)

    def _consume_replies(self, channel: Any, key: str) -> None:
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        queue = f"rpc.reply-gateway-{key}"
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, RPC_EXCHANGE, key)
        channel.basic_consume(queue, no_ack=True, callback=self._received)

    def _received(self, message: Any) -> None:
        correlation_id = message.properties.get("correlation_id")
        if correlation_id is None:
            log.warning("reply without correlation id")
            return
        self._on_reply(correlation_id, message.body)

    def lost(self) -> None:
        self._on_down()


def _consume(channel: Any, subscription: Subscription) -> None:
    channel.exchange_declare(
        subscription.exchange, subscription.type, durable=True, auto_delete=False
    )
    queue = f"broadcast-gateway-{uuid.uuid4()}"
    channel.queue_declare(queue, exclusive=True, auto_delete=True)
    channel.queue_bind(queue, subscription.exchange, subscription.routing_key)
    channel.basic_consume(
        queue,
        no_ack=True,
        callback=lambda message: subscription.on_message(message.body),
    )
