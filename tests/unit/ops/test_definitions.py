"""The broker's definitions in `deploy/` are those of the service classes."""

from __future__ import annotations

import json

from chassis.config import Config
from ops import bus
from ops.stack.settings import ROOT


def test_the_definitions_in_the_repository_are_current() -> None:
    stored = json.loads((ROOT / "deploy/rabbitmq/definitions.json").read_text())

    assert stored == bus.definitions(Config()), (
        "rakat bus definitions > deploy/rabbitmq/definitions.json"
    )


def test_every_event_queue_is_a_quorum_queue_with_a_parking_place() -> None:
    queues = {row["name"]: row for row in bus.definitions(Config())["queues"]}

    events = [row for name, row in queues.items() if name.startswith("evt-")]

    assert events
    for row in events:
        assert row["arguments"]["x-queue-type"] == "quorum"
        assert row["arguments"]["x-dead-letter-routing-key"] in queues
