"""The operator's hand on parked messages: look, send back, throw away.

Blocking and free of eventlet's patch, for ``rakat parked``. A message is taken from
the queue only after the broker has confirmed its copy (`requeue`) or on the
operator's word (`drop`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import amqp

from chassis import link, topology
from chassis.parking import AT, ATTEMPT, QUEUE, REASON, copy

CONFIRM_SECONDS = 5
LOOK_AT_MOST = 1000


class ParkedMessage(NamedTuple):
    """One parked message, as an operator sees it."""

    message_id: str
    type: str
    reason: str
    queue: str
    parked_at: str
    size: int
    body: bytes


def count(uri: str, service: str) -> int:
    """How many messages are parked for `service`."""
    with _channel(uri) as channel:
        declared = channel.queue_declare(_declare(channel, service), passive=True)
        return int(declared.message_count)


def look(uri: str, service: str, limit: int = LOOK_AT_MOST) -> list[ParkedMessage]:
    """The parked messages, oldest first; they stay where they are."""
    with _channel(uri) as channel:
        return [_seen(message) for message in _fetch(channel, service, limit)]


def show(uri: str, service: str, message_id: str) -> ParkedMessage | None:
    """One message with its body."""
    found = (each for each in look(uri, service) if each.message_id == message_id)
    return next(found, None)


def requeue(uri: str, service: str, ids: Collection[str] | None = None) -> int:
    """Send these (or all) back to the queues they came from; how many went."""

    def send_back(channel: Any, message: amqp.Message) -> None:
        again = copy(message, {ATTEMPT: 0})
        for mark in (REASON, QUEUE, AT):
            again.headers.pop(mark, None)
        channel.basic_publish_confirm(
            again,
            routing_key=_home(message),
            mandatory=True,
            confirm_timeout=CONFIRM_SECONDS,
        )

    return _settle(uri, service, ids, send_back)


def drop(uri: str, service: str, ids: Collection[str] | None = None) -> int:
    """Throw these (or all) away; how many went."""
    return _settle(uri, service, ids, lambda _, __: None)


def _settle(
    uri: str,
    service: str,
    ids: Collection[str] | None,
    act: Callable[[Any, amqp.Message], None],
) -> int:
    settled = 0
    with _channel(uri) as channel:
        for message in list(_fetch(channel, service, LOOK_AT_MOST)):
            if ids is None or _identity(message) in ids:
                act(channel, message)
                channel.basic_ack(message.delivery_tag)
                settled += 1
    return settled


def _fetch(channel: Any, service: str, limit: int) -> Iterator[amqp.Message]:
    """Unacknowledged, so that they return to the queue when the channel closes."""
    queue = _declare(channel, service)
    for _ in range(limit):
        message = channel.basic_get(queue)
        if message is None:
            return
        yield message


def _declare(channel: Any, service: str) -> str:
    return topology.declare_parked(channel, service)


def _seen(message: amqp.Message) -> ParkedMessage:
    headers = message.properties.get("application_headers") or {}
    body = message.body if isinstance(message.body, bytes) else message.body.encode()
    return ParkedMessage(
        message_id=_identity(message),
        type=message.properties.get("type", ""),
        reason=headers.get(REASON) or _death(headers).get("reason", ""),
        queue=_home(message),
        parked_at=headers.get(AT) or str(_death(headers).get("time", "")),
        size=len(body),
        body=body,
    )


def _identity(message: amqp.Message) -> str:
    """A message without an id of its own is known by its place in the queue."""
    return str(message.properties.get("message_id") or f"#{message.delivery_tag}")


def _home(message: amqp.Message) -> str:
    headers = message.properties.get("application_headers") or {}
    return str(headers.get(QUEUE) or _death(headers).get("queue", ""))


def _death(headers: dict[str, Any]) -> dict[str, Any]:
    deaths = headers.get("x-death") or [{}]
    return dict(deaths[0])


@contextmanager
def _channel(uri: str) -> Iterator[Any]:
    connection = link.open_connection(uri, name="rakat parked")
    try:
        yield connection.channel()
    finally:
        connection.close()
