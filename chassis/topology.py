"""What exists on the broker, in one place; whatever correctness needs is an argument.

Policies can add limits but are never relied on. Names:

- ``rpc-<service>``: classic, as stock nameko declares it
- ``<service>.events``: topic exchange of a publisher
- ``evt-<source>-<type>--<service>.<method>``: quorum, one per handler
- ``retry.<delay>``: fanout exchange and quorum queue; a message waits its time there
  and goes back, by the default exchange, to the queue its routing key names
- ``parked.<service>``: quorum, without limits; see ``rakat parked``
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from chassis import link

RPC_EXCHANGE = "nameko-rpc"
DELIVERY_LIMIT = 20
LOOKS = 1_000_000


class Handler(NamedTuple):
    """One event handler of a service."""

    source: str
    type: str
    service: str
    method: str

    @property
    def queue(self) -> str:
        return f"evt-{self.source}-{self.type}--{self.service}.{self.method}"


def handlers(service_cls: Any) -> Iterator[Handler]:
    """The event handlers that a service class declares with `on_event`."""
    for method, function in inspect.getmembers(service_cls, inspect.isfunction):
        for entrypoint in getattr(function, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if hasattr(entrypoint, "event_type"):
                yield Handler(
                    entrypoint.source, entrypoint.event_type, service_cls.name, method
                )


def events_exchange(service: str) -> str:
    return f"{service}.events"


def parked_queue(service: str) -> str:
    return f"parked.{service}"


def retry_name(seconds: float) -> str:
    """``retry.30s``, ``retry.2m``, ``retry.50ms``."""
    if seconds >= 60 and seconds % 60 == 0:
        return f"retry.{int(seconds // 60)}m"
    if seconds >= 1 and seconds == int(seconds):
        return f"retry.{int(seconds)}s"
    return f"retry.{round(seconds * 1000)}ms"


def declare_rpc(channel: Any, service: str) -> str:
    channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    queue = f"rpc-{service}"
    channel.queue_declare(queue, durable=True, auto_delete=False)
    channel.queue_bind(queue, RPC_EXCHANGE, f"{service}.*")
    return queue


def declare_events_exchange(channel: Any, service: str) -> None:
    channel.exchange_declare(
        events_exchange(service), "topic", durable=True, auto_delete=False
    )


def declare_parked(channel: Any, service: str) -> str:
    queue = parked_queue(service)
    # RabbitMQ 4 drops after 20 deliveries by default, and looking is a delivery
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": LOOKS}
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
    return queue


def declare_retry(channel: Any, seconds: float) -> None:
    name = retry_name(seconds)
    channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
    channel.queue_declare(
        name, durable=True, auto_delete=False, arguments=_retry_arguments(seconds)
    )
    channel.queue_bind(name, name, "")


def declare_handler(channel: Any, handler: Handler) -> str:
    declare_parked(channel, handler.service)
    declare_events_exchange(channel, handler.source)
    channel.queue_declare(
        handler.queue,
        durable=True,
        auto_delete=False,
        arguments=_event_arguments(handler.service),
    )
    channel.queue_bind(handler.queue, events_exchange(handler.source), handler.type)
    return handler.queue


def declare_all(
    uri: str, service_classes: Iterable[Any], delays: Iterable[float]
) -> list[str]:
    """Declare everything of these services; the names of their event queues.

    Run before the first process starts (``rakat bus declare``), so that no event
    is published before its listeners have a queue.
    """
    connection = link.open_connection(uri, name="rakat definitions")
    try:
        channel = connection.channel()
        for seconds in delays:
            declare_retry(channel, seconds)
        return [
            queue for cls in service_classes for queue in _declare_service(channel, cls)
        ]
    finally:
        connection.close()


def _declare_service(channel: Any, service_cls: Any) -> list[str]:
    declare_rpc(channel, service_cls.name)
    declare_parked(channel, service_cls.name)
    declare_events_exchange(channel, service_cls.name)
    return [declare_handler(channel, each) for each in handlers(service_cls)]


def _event_arguments(service: str) -> dict[str, Any]:
    return {
        **_at_least_once(parked_queue(service)),
        "x-delivery-limit": DELIVERY_LIMIT,
    }


def _retry_arguments(seconds: float) -> dict[str, Any]:
    arguments = _at_least_once(None)
    return {**arguments, "x-message-ttl": max(1, round(seconds * 1000))}


def _at_least_once(routing_key: str | None) -> dict[str, Any]:
    """Dead letters are not lost; without `routing_key` they keep their own."""
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if routing_key is not None:
        arguments["x-dead-letter-routing-key"] = routing_key
    return arguments
