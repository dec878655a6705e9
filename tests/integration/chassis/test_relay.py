"""The outbox relay: complete, in order, single-active, prompt (D15)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import eventlet
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from chassis import link, outbox
from chassis.clock import now
from chassis.config import Config
from chassis.database import Database
from chassis.outbox import MAX_BYTES
from chassis.relay import Relay, relay_of
from chassis.testing import wait_until
from chassis.unit_of_work import UnitOfWork
from tests.integration.chassis.toys import Counted

SERVICE = "relayed"
EXCHANGE = "relayed.events"


class Heard:
    """What arrives in a quorum queue bound to the exchange, as it arrives."""

    def __init__(self, uri: str) -> None:
        self.messages: list[amqp.Message] = []
        self.at: list[float] = []
        self._connection = link.open_connection(uri)
        channel = self._connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        arguments = {"x-queue-type": "quorum"}
        channel.queue_declare(
            "evt-heard", durable=True, auto_delete=False, arguments=arguments
        )
        channel.queue_bind("evt-heard", EXCHANGE, "#")
        channel.queue_purge("evt-heard")
        channel.basic_qos(0, 500, False)
        channel.basic_consume("evt-heard", callback=self._hear, consumer_tag="heard")
        self._channel = channel
        self._reader = eventlet.spawn(self._read)

    @property
    def numbers(self) -> list[int]:
        import orjson

        return [orjson.loads(each.body)["data"]["n"] for each in self.messages]

    def close(self) -> None:
        self._reader.kill()
        self._channel.basic_cancel("heard")
        self._channel.queue_delete("evt-heard")
        self._connection.close()

    def _hear(self, message: amqp.Message) -> None:
        self.messages.append(message)
        self.at.append(time.monotonic())
        self._channel.basic_ack(message.delivery_tag)

    def _read(self) -> None:
        while True:
            self._connection.drain_events()


@pytest.fixture
def database(database_of: Callable[[str], Database]) -> Database:
    database = database_of(SERVICE)
    with database.engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE outbox"))
    return database


@pytest.fixture
def heard(config: Config) -> Iterator[Heard]:
    listening = Heard(config.amqp_uri)
    yield listening
    listening.close()


@pytest.fixture
def relay(database: Database, config: Config) -> Iterator[Relay]:
    running = relay_of(database, config.amqp_uri, config)
    running.start()
    yield running
    running.stop()


def test_message_carries_what_readers_need(
    relay: Relay, database: Database, heard: Heard
) -> None:
    with UnitOfWork(database, now) as uow:
        envelope = uow.publish(Counted(n=1), subject="count/1")
        uow.commit()
    message = wait_until(lambda: heard.messages)[0]
    assert message.delivery_info["routing_key"] == "source.counted.v1"
    assert message.properties["message_id"] == str(envelope.id)
    assert message.properties["type"] == "source.counted.v1"
    assert message.properties["delivery_mode"] == 2
    assert message.properties["application_headers"]["x-aggregate"] == "count/1"


def test_rolled_back_unit_publishes_nothing(
    relay: Relay, database: Database, heard: Heard
) -> None:
    with UnitOfWork(database, now) as uow:
        uow.publish(Counted(n=1), subject="count/1")
    _commit(database, 2)
    wait_until(lambda: heard.numbers)
    assert heard.numbers == [2]


def test_commit_to_listener_takes_milliseconds(
    relay: Relay, database: Database, heard: Heard
) -> None:
    wait_until(lambda: relay.leading)
    lags: list[float] = []
    for n in range(30):
        committed = time.monotonic()
        _commit(database, n)
        wait_until(lambda n=n: len(heard.at) == n + 1, pause=0.001)  # type: ignore[misc]
        lags.append(heard.at[n] - committed)
        eventlet.sleep(0.01)
    lags.sort()
    assert lags[15] < 0.05, f"median {lags[15] * 1000:.1f} ms"


def test_lower_number_that_commits_later_is_published(
    relay: Relay, database: Database, heard: Heard
) -> None:
    early = UnitOfWork(database, now)
    with early:
        early.publish(Counted(n=1), subject="count/1")
        outbox.add(early.session, early._events)
        early._events.clear()
        _commit(database, 2)
        wait_until(lambda: heard.numbers == [2])
        early.commit()
    wait_until(lambda: heard.numbers == [2, 1])
    wait_until(lambda: _pending(database) == 0)


def test_events_of_one_unit_keep_their_order(
    relay: Relay, database: Database, heard: Heard
) -> None:
    with UnitOfWork(database, now) as uow:
        for n in range(450):
            uow.publish(Counted(n=n), subject="count/1")
        uow.commit()
    wait_until(lambda: len(heard.numbers) == 450)
    assert heard.numbers == list(range(450))


def test_only_one_relay_leads_and_the_other_takes_over(
    database: Database, config: Config, heard: Heard
) -> None:
    first = relay_of(database, config.amqp_uri, config)
    first.start()
    wait_until(lambda: first.leading)
    second = relay_of(database, config.amqp_uri, config)
    second.start()
    eventlet.sleep(0.2)
    assert not second.leading
    first.stop()
    wait_until(lambda: second.leading, timeout=5)
    _commit(database, 5)
    wait_until(lambda: heard.numbers == [5])
    second.stop()


def test_lost_database_connection_is_survived(
    relay: Relay, database: Database, heard: Heard
) -> None:
    wait_until(lambda: relay.leading)
    with database.engine.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE application_name = 'rakat-{SERVICE}-relay'"
                " AND datname = current_database()"
            )
        )
    _commit(database, 6)
    wait_until(lambda: heard.numbers == [6], timeout=5)


def test_lost_broker_connection_is_survived(
    relay: Relay, database: Database, heard: Heard
) -> None:
    wait_until(lambda: relay.leading)
    relay.link.drop("by the test")
    _commit(database, 7)
    wait_until(lambda: 7 in heard.numbers, timeout=5)
    wait_until(lambda: _pending(database) == 0)


def test_event_without_a_listener_is_counted_and_done(
    relay: Relay, database: Database, config: Config
) -> None:
    before = _unroutable()
    _commit(database, 8)
    wait_until(lambda: _pending(database) == 0)
    wait_until(lambda: _unroutable() == before + 1)


def test_too_large_event_is_refused_before_it_is_stored(database: Database) -> None:
    class Large(Counted):
        text: str

    with UnitOfWork(database, now) as uow:
        uow.publish(Large(n=1, text="x" * MAX_BYTES), subject="count/1")
        with pytest.raises(ValueError, match="too large"):
            uow.commit()


def test_status_tells_how_many_wait_and_how_long(database: Database) -> None:
    _commit(database, 9)
    eventlet.sleep(0.05)
    with database.engine.connect() as connection:
        status = outbox.status(connection)
    assert status.pending == 1
    assert 0.04 < status.oldest_seconds < 5


def test_backlog_drains_quickly(
    database: Database, config: Config, heard: Heard
) -> None:
    count = 20_000 if os.environ.get("RAKAT_TEST_LONG") else 2_000
    with UnitOfWork(database, now) as uow:
        for n in range(count):
            uow.publish(Counted(n=n), subject="count/1")
        uow.commit()
    relay = relay_of(database, config.amqp_uri, config)
    started = time.monotonic()
    relay.start()
    wait_until(lambda: _pending(database) == 0, timeout=30)
    rate = count / (time.monotonic() - started)
    relay.stop()
    assert rate > 500, f"{rate:.0f} events a second"


def _commit(database: Database, n: int) -> None:
    with UnitOfWork(database, now) as uow:
        uow.publish(Counted(n=n), subject=f"count/{n}")
        uow.commit()


def _pending(database: Database) -> int:
    with database.engine.connect() as connection:
        return outbox.status(connection).pending


def _unroutable() -> float:
    labels = {"type": "source.counted.v1"}
    value: Any = REGISTRY.get_sample_value("outbox_unroutable_total", labels)
    return float(value or 0)
