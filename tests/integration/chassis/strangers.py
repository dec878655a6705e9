"""What a stranger does on the bus: raw messages, copies of traffic, queue depths."""

from __future__ import annotations

from typing import Any

import amqp

from chassis.bus import Bus


def copy_of(channel: Any, exchange: str, key: str) -> str:
    """A queue that gets a copy of what is published with `key`."""
    queue: str = channel.queue_declare(exclusive=True).queue
    channel.queue_bind(queue, exchange, key)
    return queue


def take(channel: Any, queue: str) -> amqp.Message | None:
    """The next message of `queue`, acknowledged."""
    message: amqp.Message | None = channel.basic_get(queue, no_ack=True)
    return message


def depth(channel: Any, queue: str) -> int:
    """Messages ready in `queue` (not those a consumer holds)."""
    return int(channel.queue_declare(queue, passive=True).message_count)


def send(channel: Any, exchange: str, key: str, body: bytes, **properties: Any) -> None:
    channel.basic_publish(amqp.Message(body, **properties), exchange, key)


def bus_of(container: Any) -> Bus:
    """The bus of a running container."""
    return next(each for each in container.extensions if isinstance(each, Bus))
