"""Ids, clock, log lines, failures, metrics, confirms: what each promises."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import amqp
import psycopg2
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis import clock, crash, logs, metrics
from chassis.confirms import Batch, Confirms, NotConfirmed
from chassis.failures import is_transient, to_error
from chassis.ids import new_id
from contracts.errors import NotFound, Unavailable


def test_ids_ascend_and_are_version_7() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {each.version for each in ids} == {7}


def test_now_is_aware() -> None:
    assert clock.now().utcoffset() is not None


@pytest.mark.parametrize(
    "error",
    [
        ValueError("Perihal: rahasia"),
        KeyError("rahasia"),
        IntegrityError("INSERT", {"subject": "rahasia"}, Exception("rahasia")),
    ],
)
def test_log_line_quotes_no_value(error: Exception) -> None:
    assert "rahasia" not in str(logs.describe(error))


def test_log_line_keeps_what_helps() -> None:
    assert logs.describe(NotFound())["code"] == "not_found"
    assert "no attribute" in logs.describe(AttributeError("no attribute x"))["message"]


class _Serialization(psycopg2.Error):
    pgcode = "40001"


@pytest.mark.parametrize(
    "error",
    [
        Unavailable(),
        PoolTimeout(),
        ConnectionResetError(),
        TimeoutError(),
        NotConfirmed(),
        DBAPIError("x", {}, _Serialization()),
    ],
)
def test_passing_failures(error: Exception) -> None:
    assert is_transient(error)
    assert isinstance(to_error(error), Unavailable)


@pytest.mark.parametrize(
    "error", [ValueError(), NotFound(), IntegrityError("x", {}, Exception())]
)
def test_lasting_failures(error: Exception) -> None:
    assert not is_transient(error)


def test_metrics_carry_the_service() -> None:
    metrics.build_info.labels("test").set(1)
    page = metrics.exposition("letters").decode()
    assert 'build_info{service="letters",version="test"} 1.0' in page
    assert "service=" in metrics.exposition("letters").decode(), "twice is once"


def test_unarmed_crash_point_is_nothing() -> None:
    crash.point("anywhere")


class Channel:
    """Acks are played by the test."""

    def __init__(self) -> None:
        self.events: dict[str, set[Any]] = defaultdict(set)
        self.sent: list[Any] = []

    def confirm_select(self) -> None: ...

    def send_method(self, *args: Any) -> None:
        self.sent.append(args)

    def play(self, event: str, *args: Any) -> None:
        for callback in self.events[event]:
            callback(*args)


@pytest.fixture
def channel() -> Channel:
    return Channel()


def test_one_ack_for_many(channel: Channel) -> None:
    batch = _batch_of(channel, 3)
    channel.play("basic_ack", 3, True)
    batch.wait(0.01)


def test_ack_of_one_confirms_only_it(channel: Channel) -> None:
    batch = _batch_of(channel, 2)
    channel.play("basic_ack", 2, False)
    with pytest.raises(NotConfirmed, match="timeout"):
        batch.wait(0.01)


def test_nack_fails_the_batch(channel: Channel) -> None:
    batch = _batch_of(channel, 2)
    channel.play("basic_nack", 2, True)
    with pytest.raises(NotConfirmed, match="nacked"):
        batch.wait(0.01)


def test_ack_of_an_unknown_tag_is_ignored(channel: Channel) -> None:
    batch = _batch_of(channel, 1)
    channel.play("basic_ack", 9, False)
    channel.play("basic_ack", 1, False)
    channel.play("basic_ack", 1, False)
    batch.wait(0.01)


def test_empty_batch_is_confirmed() -> None:
    Batch().wait(0.01)


def _batch_of(channel: Channel, count: int) -> Batch:
    confirms, batch = Confirms(channel), Batch()
    for _ in range(count):
        confirms.send(batch, amqp.Message(b"x", message_id="m"), "", "q")
    return batch
