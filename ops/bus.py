"""Everything our services need on the broker: declared, or written as definitions.

Both come from the service classes through `chassis.topology`; the JSON is what
RabbitMQ's `load_definitions` takes (deploy/rabbitmq/definitions.json).
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterable
from typing import Any

from chassis import topology
from chassis.config import Config
from ops.stack.ports import SERVICES


def service_classes() -> list[Any]:
    return [
        importlib.import_module(f"services.{name}.service").Service for name in SERVICES
    ]


def declare(config: Config, *, patience: float = 120) -> list[str]:
    """Declares everything; waits for a broker that still boots."""
    classes = service_classes()
    deadline = time.monotonic() + patience
    while True:
        try:
            uri = config.need("amqp_uri")
            return topology.declare_all(uri, classes, config.retry_delays)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def definitions(config: Config, vhost: str = "/") -> dict[str, Any]:
    """The same as RabbitMQ definitions, without a broker."""
    recorder = _Recorder(vhost)
    for seconds in config.retry_delays:
        topology.declare_retry(recorder, seconds)
    for cls in service_classes():
        _declare_service(recorder, cls)
    return {
        "vhosts": [{"name": vhost}],
        "exchanges": recorder.unique(recorder.exchanges),
        "queues": recorder.unique(recorder.queues),
        "bindings": recorder.unique(recorder.bindings),
    }


def _declare_service(recorder: _Recorder, cls: Any) -> None:
    topology.declare_rpc(recorder, cls.name)
    topology.declare_parked(recorder, cls.name)
    topology.declare_events_exchange(recorder, cls.name)
    for handler in topology.handlers(cls):
        topology.declare_handler(recorder, handler)


class _Recorder:
    """Stands where a channel stands, and writes down what is declared."""

    def __init__(self, vhost: str) -> None:
        self._vhost = vhost
        self.exchanges: list[dict[str, Any]] = []
        self.queues: list[dict[str, Any]] = []
        self.bindings: list[dict[str, Any]] = []

    def exchange_declare(
        self, name: str, kind: str, *, durable: bool, auto_delete: bool
    ) -> None:
        self.exchanges.append(
            {
                "name": name,
                "vhost": self._vhost,
                "type": kind,
                "durable": durable,
                "auto_delete": auto_delete,
                "internal": False,
                "arguments": {},
            }
        )

    def queue_declare(
        self,
        name: str,
        *,
        durable: bool,
        auto_delete: bool,
        arguments: dict[str, Any] | None = None,
    ) -> None:
        self.queues.append(
            {
                "name": name,
                "vhost": self._vhost,
                "durable": durable,
                "auto_delete": auto_delete,
                "arguments": arguments or {},
            }
        )

    def queue_bind(self, queue: str, exchange: str, routing_key: str) -> None:
        self.bindings.append(
            {
                "source": exchange,
                "vhost": self._vhost,
                "destination": queue,
                "destination_type": "queue",
                "routing_key": routing_key,
                "arguments": {},
            }
        )

    @staticmethod
    def unique(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """By name, each once: several services declare the same exchange."""
        seen: list[dict[str, Any]] = []
        for row in rows:
            if row not in seen:
                seen.append(row)
        return sorted(seen, key=lambda row: str(row.get("name") or row["destination"]))
