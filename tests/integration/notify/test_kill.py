"""Two copies of notify are killed with -9 under load: lost 0, doubled 0, in order."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from chassis import topology
from chassis.config import Config
from chassis.ids import new_id
from chassis.testing import delete_queues, wait_until
from contracts.envelope import Envelope
from services.notify.repository import Notifications
from services.notify.service import Service
from tests.integration.notify.conftest import Store, fill_organisation
from tests.integration.notify.test_stream import read_all
from tests.unit.directory.organisations import key
from tests.unit.notify.scenes import disposed, registered, sealed

LONG = os.environ.get("RAKAT_TEST_LONG") == "1"
EVENTS, KILLS = (2_000, 25) if LONG else (200, 5)

# Readers of each kind of event in the regency of the scenes.
READERS = {"letter.registered.v1": ("alice", "dewi"), "disposition.issued.v1": ("bob",)}


class Copies:
    """Processes of notify; a killed one is started again at once."""

    def __init__(self, config: Config, count: int) -> None:
        self._environ = {
            **os.environ,
            "AMQP_URI": config.amqp_uri,
            "MONGO_URL": config.mongo_url,
            "RAKAT_DB_PREFIX": config.db_prefix,
            "RAKAT_OPS_PORT": "0",
            "RAKAT_RETRY_DELAYS": ",".join(map(str, config.retry_delays)),
            "RAKAT_LOG_LEVEL": "ERROR",
        }
        self._running = [self._start() for _ in range(count)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "chassis.run", "notify"]
        return subprocess.Popen(command, env=self._environ)

    def kill_one(self) -> None:
        victim = random.randrange(len(self._running))
        self._running[victim].send_signal(signal.SIGKILL)
        self._running[victim].wait()
        self._running[victim] = self._start()

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(20)


@pytest.fixture
def copies(config: Config, served: Store) -> Iterator[Copies]:
    delete_queues(config.amqp_uri, Service)
    topology.declare_all(config.amqp_uri, [Service], config.retry_delays)
    fill_organisation(served)
    started = Copies(config, 2)
    yield started
    started.stop()


@pytest.mark.timeout(600 if LONG else 120)
def test_notify_killed_under_load_loses_and_doubles_nothing(
    copies: Copies,
    served: Store,
    channel: Any,
    publish: Callable[[Envelope], None],
) -> None:
    wait_until(lambda: _consumers(channel) == 2, timeout=30)
    expected: dict[UUID, set[UUID]] = {
        key(name): set() for name in ["alice", "bob", "dewi"]
    }
    kill_at = set(random.sample(range(10, EVENTS), KILLS))

    for number in range(EVENTS):
        event = registered() if number % 2 else disposed()
        envelope = _renamed(sealed(event))
        publish(envelope)
        for name in READERS[envelope.type]:
            expected[key(name)].add(envelope.id)
        if number in kill_at:
            copies.kill_one()
        time.sleep(0.01)

    total = sum(len(events) for events in expected.values())
    in_stream = served["stream"].count_documents
    wait_until(lambda: in_stream({}) >= total, timeout=60, pause=0.2)
    pending = {"pending": True}
    wait_until(
        lambda: served["notifications"].count_documents(pending) == 0, timeout=10
    )

    _assert_balanced(served, expected, total)


def _assert_balanced(
    served: Store, expected: dict[UUID, set[UUID]], total: int
) -> None:
    assert served["notifications"].count_documents({}) == total  # doubled 0
    notifications = Notifications(served)
    for person_id, events in expected.items():
        entries = read_all(notifications, person_id, page=200)
        assert [e.seq for e in entries] == list(range(1, len(events) + 1))
        ids = [entry.notification.notification_id for entry in entries]
        found = served["notifications"].find({"_id": {"$in": ids}})
        assert {each["event_id"] for each in found} == events  # lost 0


def _renamed(envelope: Envelope) -> Envelope:
    import msgspec

    return msgspec.structs.replace(envelope, id=new_id())


def _consumers(channel: Any) -> int:
    queue = "evt-letters-letter.registered.v1--notify.tell"
    return int(channel.queue_declare(queue, passive=True).consumer_count)
