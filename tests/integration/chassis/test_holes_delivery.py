"""Holes of stock nameko around delivery: N1, N2, N3, N11, N15, N18."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from chassis import crash, topology
from chassis.config import Config
from chassis.context import CallContext
from chassis.database import Database
from chassis.parked import count, drop, look, requeue, show
from chassis.testing import RpcCall, RunService, delete_queues, wait_until
from contracts.errors import Invalid
from tests.integration.chassis.strangers import bus_of, copy_of, depth, send, take
from tests.integration.chassis.toys import Asker, Echo, Sink, Source

QUEUE = "evt-source-source.counted.v1--sink.on_source_counted"
EVENT = ("source.events", "source.counted.v1")


class _Crash(BaseException):
    """Stands for the death of the process at this point."""


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    Sink.failing.clear()
    Sink.heard.clear()
    yield
    Sink.failing.clear()


@pytest.fixture(scope="module")
def services(
    run_service: RunService, database_of: Callable[[str], Database], config: Config
) -> Iterator[dict[str, Any]]:
    for service in ("source", "sink"):
        with database_of(service).engine.begin() as connection:
            connection.execute(
                sa.text("CREATE TABLE effects (n bigint, at timestamptz)")
            )
    running = {"sink": run_service(Sink), "source": run_service(Source)}
    yield running
    running["sink"].drain()
    delete_queues(config.amqp_uri, Sink)


@pytest.fixture
def effects(
    services: dict[str, Any], database_of: Callable[[str], Database]
) -> Callable[[int], int]:
    def times(n: int) -> int:
        with database_of("sink").engine.connect() as connection:
            query = sa.text("SELECT count(*) FROM effects WHERE n = :n")
            return int(connection.scalar(query, {"n": n}) or 0)

    return times


def test_event_reaches_its_handler(
    effects: Callable[[int], int], rpc_call: RpcCall
) -> None:
    rpc_call("source", "count", n=1)
    wait_until(lambda: effects(1) == 1)


def test_n01_failing_handler_is_retried_then_parked_and_neighbours_go_on(
    effects: Callable[[int], int], rpc_call: RpcCall, config: Config
) -> None:
    Sink.failing[100] = _raise(KeyError("poison"))
    rpc_call("source", "count", n=100)
    rpc_call("source", "count", n=101)
    wait_until(lambda: effects(101) == 1)
    found = wait_until(lambda: _parked_for(config, 100))
    assert found.reason == "KeyError: attempt 4"
    assert found.queue == QUEUE
    assert Sink.heard.count(100) == 1 + len(config.retry_delays)
    assert effects(100) == 0


def test_n01_parked_message_can_be_requeued(
    effects: Callable[[int], int], rpc_call: RpcCall, config: Config
) -> None:
    Sink.failing[110] = _raise(KeyError("poison"))
    rpc_call("source", "count", n=110)
    found = wait_until(lambda: _parked_for(config, 110))
    Sink.failing.clear()
    assert requeue(config.amqp_uri, "sink", [found.message_id]) == 1
    wait_until(lambda: effects(110) == 1)
    assert _parked_for(config, 110) is None


def test_n01_passing_failure_outlasts_the_bounded_retries(
    effects: Callable[[int], int], rpc_call: RpcCall, config: Config
) -> None:
    Sink.failing[120] = _raise(OperationalError("x", {}, Exception("gone")))
    rpc_call("source", "count", n=120)
    wait_until(lambda: Sink.heard.count(120) > len(config.retry_delays) + 1)
    Sink.failing.clear()
    wait_until(lambda: effects(120) == 1)
    assert _parked_for(config, 120) is None


def test_n01_broken_contract_is_parked_at_once(
    services: dict[str, Any], rpc_call: RpcCall, config: Config
) -> None:
    Sink.failing[130] = _raise(Invalid())
    rpc_call("source", "count", n=130)
    wait_until(lambda: _parked_for(config, 130))
    assert Sink.heard.count(130) == 1


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b'{"id": "no"}', b""])
def test_n02_undecodable_event_is_parked_at_once(
    services: dict[str, Any], channel: Any, config: Config, body: bytes
) -> None:
    before = len(look(config.amqp_uri, "sink"))
    send(channel, *EVENT, body, content_type="text/plain")
    wait_until(lambda: len(look(config.amqp_uri, "sink")) == before + 1)
    assert look(config.amqp_uri, "sink")[-1].reason == "undecodable"


def test_message_rejected_by_a_stranger_is_parked_by_the_broker_and_comes_home(
    services: dict[str, Any],
    effects: Callable[[int], int],
    config: Config,
    rpc_call: RpcCall,
    channel: Any,
) -> None:
    services["sink"].drain()
    rpc_call("source", "count", n=140)
    message = wait_until(lambda: channel.basic_get(QUEUE))
    channel.basic_reject(message.delivery_tag, False)
    found = wait_until(lambda: _parked_for(config, 140))
    assert (found.reason, found.queue) == ("rejected", QUEUE)
    assert requeue(config.amqp_uri, "sink", [found.message_id]) == 1
    services["sink"] = _start_sink(config)
    wait_until(lambda: effects(140) == 1)


def test_parked_messages_can_be_shown_and_dropped(
    services: dict[str, Any], channel: Any, config: Config
) -> None:
    drop(config.amqp_uri, "sink")
    send(channel, *EVENT, b"broken", message_id="m-drop", type="source.counted.v1")
    found = wait_until(lambda: show(config.amqp_uri, "sink", "m-drop"))
    assert (found.body, found.type) == (b"broken", "source.counted.v1")
    assert count(config.amqp_uri, "sink") == 1
    assert drop(config.amqp_uri, "sink", ["other"]) == 0
    assert drop(config.amqp_uri, "sink", ["m-drop"]) == 1
    assert count(config.amqp_uri, "sink") == 0


def test_handler_beyond_its_time_is_retried(
    services: dict[str, Any],
    effects: Callable[[int], int],
    config: Config,
    rpc_call: RpcCall,
) -> None:
    services["sink"].drain()
    services["sink"] = _start_sink(dataclasses.replace(config, handler_timeout=0.2))
    Sink.failing[150] = lambda: time.sleep(5)
    rpc_call("source", "count", n=150)
    wait_until(lambda: Sink.heard.count(150) >= 2)
    Sink.failing.clear()
    wait_until(lambda: effects(150) == 1)


def test_n03_graceful_stop_finishes_and_acknowledges_running_work(
    run_service: RunService, rpc_call: RpcCall, channel: Any
) -> None:
    container = run_service(Echo)
    answers: list[float] = []
    caller = eventlet.spawn(
        lambda: answers.append(rpc_call("echo", "sleep", seconds=0.4))
    )
    wait_until(lambda: container.running == 1)
    Echo.ran.clear()
    assert container.drain()
    caller.wait()
    assert answers == [0.4]
    assert depth(channel, "rpc-echo") == 0, "the request went back to the queue"
    assert Echo.ran == [], "the request ran again"


def test_n03_work_beyond_the_drain_timeout_is_given_back(
    run_service: RunService, channel: Any
) -> None:
    container = run_service(Echo, drain_timeout=0.3)
    send(channel, "nameko-rpc", "echo.sleep", b'{"args": [5], "kwargs": {}}')
    wait_until(lambda: container.running == 1)
    started = time.monotonic()
    assert not container.drain()
    assert time.monotonic() - started < 2
    wait_until(lambda: depth(channel, "rpc-echo") == 1)
    channel.queue_purge("rpc-echo")


def test_n11_each_handler_holds_no_more_than_its_prefetch(
    services: dict[str, Any],
    run_service: RunService,
    config: Config,
    rpc_call: RpcCall,
    channel: Any,
) -> None:
    services["sink"].drain()
    for n in range(200, 200 + 12):
        Sink.failing[n] = lambda: time.sleep(0.5)
        rpc_call("source", "count", n=n)
    wait_until(lambda: depth(channel, QUEUE) == 12)
    services["sink"] = _start_sink(config)
    wait_until(lambda: services["sink"].running == config.event_prefetch)
    assert depth(channel, QUEUE) == 12 - config.event_prefetch
    services["sink"].drain()
    Sink.failing.clear()
    services["sink"] = _start_sink(config)
    wait_until(lambda: depth(channel, QUEUE) == 0)


@pytest.mark.parametrize(
    ("place", "n"),
    [
        ("read_before_publish", 301),
        ("published_before_delete", 302),
        ("deleted", 303),
    ],
)
def test_n15_relay_that_dies_anywhere_neither_loses_nor_repeats_an_effect(
    effects: Callable[[int], int], rpc_call: RpcCall, place: str, n: int
) -> None:
    deaths: list[str] = []

    def die_once() -> None:
        crash.disarm()
        deaths.append(place)
        raise ConnectionError(place)

    crash.arm(place, die_once)
    rpc_call("source", "count", n=n)
    wait_until(lambda: effects(n) == 1)
    wait_until(lambda: deaths == [place])
    if place == "published_before_delete":
        wait_until(lambda: Sink.heard.count(n) == 2)
    assert effects(n) == 1


@pytest.mark.parametrize(
    ("place", "n"), [("handled_before_ack", 401), ("retried_before_ack", 402)]
)
def test_n15_handler_that_dies_before_its_ack_acts_once(
    services: dict[str, Any],
    effects: Callable[[int], int],
    rpc_call: RpcCall,
    config: Config,
    place: str,
    n: int,
) -> None:
    if place == "retried_before_ack":
        Sink.failing[n] = _fail_once(n)

    def die() -> None:
        crash.disarm()
        bus_of(services["sink"]).consuming.drop("killed by the test")
        raise ConnectionError(place)

    crash.arm(place, die)
    rpc_call("source", "count", n=n)
    wait_until(lambda: effects(n) == 1)
    wait_until(lambda: Sink.heard.count(n) >= 2)
    eventlet.sleep(0.3)
    assert effects(n) == 1


def test_n18_strange_headers_are_neither_kept_nor_sent_on(
    run_service: RunService, channel: Any
) -> None:
    run_service(Echo)
    run_service(Asker)
    copies = copy_of(channel, "nameko-rpc", "echo.echo")
    send(
        channel,
        "nameko-rpc",
        "asker.ask",
        b'{"args": ["echo"], "kwargs": {}}',
        application_headers={
            "nameko.request_id": "r-18",
            "nameko.junk": "x",
            "x-death": [{"count": 1}],
            "x-attempt": 3,
        },
    )
    seen = wait_until(lambda: take(channel, copies))
    assert set(seen.properties["application_headers"]) == {
        "nameko.request_id",
        "nameko.deadline",
        "nameko.call_id_stack",
    }


def test_n18_retried_event_does_not_grow(
    services: dict[str, Any], rpc_call: RpcCall, config: Config, channel: Any
) -> None:
    Sink.failing[500] = _raise(KeyError("poison"))
    rpc_call("source", "count", n=500, context=CallContext(request_id="r-500"))
    wait_until(lambda: _parked_for(config, 500))
    message = channel.basic_get(topology.parked_queue("sink"))
    headers = set(message.properties["application_headers"])
    channel.basic_reject(message.delivery_tag, True)
    assert not {name for name in headers if name.startswith(("x-death", "x-first"))}


def _parked_for(config: Config, n: int) -> Any:
    wanted = b'"n":%d}' % n
    found = (each for each in look(config.amqp_uri, "sink") if wanted in each.body)
    return next(found, None)


def _raise(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def _fail_once(n: int) -> Callable[[], None]:
    def act() -> None:
        Sink.failing.pop(n)
        raise KeyError(n)

    return act


def _start_sink(config: Config) -> Any:
    from chassis.container import Container

    container = Container(Sink, config)
    container.start()
    return container
