"""Holes of stock nameko around connections: N6, N7, N8, N12; resets, black holes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import eventlet
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from chassis.config import Config
from chassis.confirms import Batch, Confirms, NotConfirmed
from chassis.container import Container
from chassis.database import Database
from chassis.link import Link
from chassis.remote import RpcClient
from chassis.testing import RpcCall, RunService, delete_queues, through, wait_until
from contracts.errors import Unavailable
from tests.faultproxy import FaultProxy
from tests.integration.chassis.strangers import bus_of, depth
from tests.integration.chassis.toys import Asker, Echo, Sink, Source

HEARTBEAT = 1.0


@pytest.fixture(scope="module", autouse=True)
def _echo(run_service: RunService) -> None:
    run_service(Echo)


@pytest.fixture
def asker(
    config: Config,
    broker_proxy: FaultProxy,
    database_of: Callable[[str], Database],
) -> Iterator[Container]:
    """`Asker`, all of whose traffic goes through the proxy."""
    database_of("asker")
    container = Container(Asker, _behind(config, broker_proxy))
    container.start()
    yield container
    container.drain()


@pytest.fixture
def ask(asker: Container) -> Callable[..., Any]:
    """Call `echo` through the asker's own client."""
    from chassis.context import CallContext

    client = _client(asker)

    def call(method: str, timeout: float = 2.0, **kwargs: Any) -> Any:
        return client.call(CallContext(), [], "echo", method, timeout, kwargs)

    return call


def test_n06_call_ends_at_its_deadline_and_leaves_nothing(
    asker: Container, ask: Callable[..., Any]
) -> None:
    late = _sample("rpc_late_replies_total")
    started = time.monotonic()
    with pytest.raises(Unavailable):
        ask("sleep", timeout=0.2, seconds=0.4)
    assert time.monotonic() - started < 0.35
    assert _client(asker).pending == {}
    wait_until(lambda: _sample("rpc_late_replies_total") == late + 1)
    assert ask("echo", value=1) == 1


def test_n06_unknown_service_is_unavailable_at_once(
    asker: Container, rpc_call: RpcCall
) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        rpc_call("asker", "ask_other", service="nobody")
    assert time.monotonic() - started < 1


def test_n07_lost_reply_queue_fails_pending_calls_at_once(
    asker: Container, ask: Callable[..., Any], broker_proxy: FaultProxy
) -> None:
    calling = eventlet.spawn(_outcome, ask, "sleep", timeout=5, seconds=3)
    wait_until(lambda: len(_client(asker).pending) == 1)
    started = time.monotonic()
    broker_proxy.reset()
    assert isinstance(calling.wait(), Unavailable)
    assert time.monotonic() - started < 1.5
    assert _client(asker).pending == {}
    wait_until(lambda: bus_of(asker).ready)
    assert ask("echo", value=2) == 2


def test_call_without_a_broker_is_unavailable_and_heals(
    asker: Container, ask: Callable[..., Any], broker_proxy: FaultProxy
) -> None:
    broker_proxy.down()
    wait_until(lambda: not bus_of(asker).ready)
    with pytest.raises(Unavailable):
        ask("echo", value=3)
    broker_proxy.heal()
    wait_until(lambda: bus_of(asker).ready)
    assert ask("echo", value=3) == 3


@pytest.mark.parametrize(
    "hole", [{"down": True}, {"up": True}, {"up": True, "down": True}], ids=str
)
def test_black_hole_is_noticed_within_heartbeats(
    config: Config, broker_proxy: FaultProxy, hole: dict[str, bool]
) -> None:
    opened: list[float] = []
    link = Link(
        through(config.amqp_uri, broker_proxy.port),
        "holed",
        lambda _: opened.append(time.monotonic()),
        heartbeat=HEARTBEAT,
    )
    link.start()
    broker_proxy.black_hole(**hole)
    # upwards only, it is the broker that notices: after two of its own heartbeats
    wait_until(lambda: not link.up, timeout=4 * HEARTBEAT + 1)
    broker_proxy.heal()
    wait_until(lambda: link.up, timeout=8)
    assert len(opened) >= 2
    link.close()


def test_n08_publisher_in_a_black_hole_times_out_and_publishes_again(
    config: Config,
    broker_proxy: FaultProxy,
    ledger: Callable[[str], Database],
    run_service: RunService,
    rpc_call: RpcCall,
) -> None:
    ledger("source"), ledger("sink")
    run_service(Sink)
    delete_queues(config.amqp_uri, Source)
    holed = dataclasses.replace(
        _behind(config, broker_proxy), confirm_timeout=0.4, heartbeat=30
    )
    container = Container(Source, holed)
    container.start()
    rpc_call("source", "count", n=1)
    wait_until(lambda: _effects(ledger_of(container)) == 1)
    _count_straight(container, 2, broker_proxy)
    sink = Database.of_service(config, "sink")
    wait_until(lambda: _effects(sink, 2) == 1, timeout=10)
    assert _effects(sink, 2) == 1
    container.drain()
    sink.close()


def test_n12_confirm_after_a_return_is_not_taken_for_the_next_message(
    channel: Any,
) -> None:
    queue = channel.queue_declare(exclusive=True).queue
    confirms = Confirms(channel)
    nowhere, somewhere = Batch(), Batch()
    confirms.send(nowhere, _message("m-1"), "", "no-such-queue")
    confirms.send(somewhere, _message("m-2"), "", queue)
    reading = eventlet.spawn(_read, channel)
    nowhere.wait(2)
    somewhere.wait(2)
    reading.kill()
    assert "m-1" in nowhere.returned
    assert "m-2" not in somewhere.returned
    assert depth_after(channel, queue) == 1


def test_n12_interrupted_wait_fails_and_its_confirm_confirms_nothing_else(
    channel: Any,
) -> None:
    queue = channel.queue_declare(exclusive=True).queue
    confirms = Confirms(channel)
    first, second = Batch(), Batch()
    confirms.send(first, _message("m-1"), "", queue)
    with pytest.raises(NotConfirmed, match="timeout"):
        first.wait(0.05)  # nobody reads yet, so the confirm cannot have come
    confirms.send(second, _message("m-2"), "", queue)
    channel.connection.drain_events(timeout=2)
    assert second.open in (set(), {2})
    confirms.lost()
    with pytest.raises(NotConfirmed):
        Batch.wait(_with_open(second), 0.05)


def test_every_connection_may_be_closed_under_traffic(
    asker: Container, ask: Callable[..., Any], broker_proxy: FaultProxy
) -> None:
    for round_number in range(3):
        broker_proxy.reset()
        wait_until(lambda: bus_of(asker).ready and _alive(ask), timeout=8)
        assert ask("echo", value=round_number) == round_number


def test_deleted_queue_is_declared_again(
    run_service: RunService, rpc_call: RpcCall, channel: Any
) -> None:
    class Deletable(Echo):
        name = "deletable"

    run_service(Deletable)
    channel.queue_delete("rpc-deletable")
    wait_until(lambda: _answers(rpc_call), timeout=5)
    assert depth(channel, "rpc-deletable") == 0


def _behind(config: Config, proxy: FaultProxy) -> Config:
    return dataclasses.replace(
        config, amqp_uri=through(config.amqp_uri, proxy.port), heartbeat=HEARTBEAT
    )


def _client(container: Container) -> RpcClient:
    return next(each for each in container.extensions if isinstance(each, RpcClient))


def _outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except Unavailable as error:
        return error


def _alive(ask: Callable[..., Any]) -> bool:
    return _outcome(ask, "echo", timeout=1, value="x") == "x"


def _answers(rpc_call: RpcCall) -> bool:
    return _outcome(rpc_call, "deletable", "echo", value=1, timeout=0.5) == 1


def _message(message_id: str) -> amqp.Message:
    return amqp.Message(b"x", message_id=message_id, delivery_mode=2)


def _read(channel: Any) -> None:
    while True:
        channel.connection.drain_events(timeout=5)


def depth_after(channel: Any, queue: str) -> int:
    eventlet.sleep(0.05)
    return depth(channel, queue)


def _with_open(batch: Batch) -> Batch:
    if not batch.open and not batch.failed:
        batch.fail("lost")
    return batch


def ledger_of(container: Container) -> Database:
    database = next(
        each.database for each in container.extensions if hasattr(each, "database")
    )
    assert isinstance(database, Database)
    return database


def _count_straight(container: Container, n: int, proxy: FaultProxy) -> None:
    """Commit an event while the broker is behind a black hole, then heal."""
    from chassis.clock import now
    from chassis.unit_of_work import UnitOfWork
    from tests.integration.chassis.toys import Counted

    proxy.black_hole(up=True)
    timeouts = _publish_failures()
    with UnitOfWork(ledger_of(container), now) as uow:
        uow.publish(Counted(n=n), subject=f"count/{n}")
        uow.commit()
    wait_until(lambda: _publish_failures() > timeouts, timeout=4)
    proxy.heal()
    proxy.reset()


def _publish_failures() -> float:
    return sum(
        _sample("amqp_publish_total", outcome=outcome)
        for outcome in ("timeout", "lost")
    )


def _effects(database: Database, n: int = 1) -> int:
    with database.engine.connect() as connection:
        query = sa.text("SELECT count(*) FROM effects WHERE n = :n")
        return int(connection.scalar(query, {"n": n}) or 0)


def _sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0
