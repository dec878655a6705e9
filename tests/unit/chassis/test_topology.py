"""Names and arguments on the broker; they are deployed, so they may not drift."""

from __future__ import annotations

from typing import Any

import pytest

from chassis import topology
from chassis.entrypoints import on_event, rpc


class Listener:
    name = "listener"

    @on_event("letters", "letter.registered.v1")
    def on_letter_registered(self, envelope: Any) -> None: ...

    @on_event("directory", "directory.changed.v1")
    def on_directory_changed(self, envelope: Any) -> None: ...

    @rpc
    def ask(self) -> None: ...


class Recorder:
    """A channel that remembers what was declared."""

    def __init__(self) -> None:
        self.queues: dict[str, dict[str, Any]] = {}
        self.bindings: list[tuple[str, str, str]] = []

    def exchange_declare(self, *_: Any, **__: Any) -> None: ...

    def queue_declare(self, name: str, **options: Any) -> None:
        self.queues[name] = options

    def queue_bind(self, queue: str, exchange: str, key: str) -> None:
        self.bindings.append((queue, exchange, key))


def test_handlers_of_a_class() -> None:
    assert [handler.queue for handler in topology.handlers(Listener)] == [
        "evt-directory-directory.changed.v1--listener.on_directory_changed",
        "evt-letters-letter.registered.v1--listener.on_letter_registered",
    ]


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(5, "5s"), (30.0, "30s"), (120, "2m"), (0.05, "50ms"), (1.5, "1500ms")],
)
def test_retry_names(seconds: float, name: str) -> None:
    assert topology.retry_name(seconds) == f"retry.{name}"


def test_event_queue_is_safe_by_its_arguments() -> None:
    recorder = Recorder()
    handler = topology.Handler("letters", "letter.registered.v1", "notify", "on_it")
    topology.declare_handler(recorder, handler)
    assert recorder.queues[handler.queue]["arguments"] == {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "parked.notify",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-delivery-limit": 20,
    }
    assert recorder.bindings == [
        (handler.queue, "letters.events", "letter.registered.v1")
    ]


def test_retry_queue_sends_home_by_the_routing_key() -> None:
    recorder = Recorder()
    topology.declare_retry(recorder, 30)
    arguments = recorder.queues["retry.30s"]["arguments"]
    assert arguments["x-message-ttl"] == 30_000
    assert arguments["x-dead-letter-exchange"] == ""
    assert "x-dead-letter-routing-key" not in arguments
    assert "x-expires" not in arguments


def test_rpc_queue_is_as_stock_nameko_declares_it() -> None:
    recorder = Recorder()
    topology.declare_rpc(recorder, "letters")
    assert recorder.queues["rpc-letters"] == {"durable": True, "auto_delete": False}
    assert recorder.bindings == [("rpc-letters", "nameko-rpc", "letters.*")]
