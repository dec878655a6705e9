"""Holes of stock nameko around the process: N4, N5, N9, N10, N13, N14, N16, N17."""

from __future__ import annotations

import dataclasses
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from kombu import pools
from nameko.extensions import DependencyProvider
from prometheus_client import REGISTRY

from chassis import watchdog
from chassis.checks import Checks
from chassis.config import Config
from chassis.container import SPARE_WORKERS, Container
from chassis.database import Database
from chassis.entrypoints import every, rpc
from chassis.health import OpsServer
from chassis.testing import RpcCall, RunService, wait_until
from contracts.errors import RakatError
from tests.faultproxy import FaultProxy
from tests.integration.chassis.strangers import copy_of, send, take
from tests.integration.chassis.toys import Asker, Clockwork, Echo, Sink


class BrokenProvider(DependencyProvider):
    """Fails in every hook but one."""

    def get_dependency(self, worker_ctx: Any) -> str:
        return "there"

    def worker_result(self, *_: Any, **__: Any) -> None:
        raise ValueError("hook")

    def worker_teardown(self, worker_ctx: Any) -> None:
        raise ValueError("hook")


class BrokenSetup(DependencyProvider):
    def worker_setup(self, worker_ctx: Any) -> None:
        raise ValueError("hook")


class Fragile:
    name = "fragile"
    broken = BrokenProvider()

    @rpc
    def answer(self) -> str:
        return str(self.broken)


class Unready:
    name = "unready"
    broken = BrokenSetup()

    @rpc
    def answer(self) -> str:
        return "never"


@pytest.fixture(scope="module", autouse=True)
def echo(run_service: RunService) -> Container:
    container: Container = run_service(Echo)
    return container


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b'{"args": [], "kwargs": {}}', {}),
        (b'{"args": [], "kwargs": {}}', {"content_type": "application/x-python"}),
        (b"{", {"content_type": "application/json"}),
        (b"[1]", {"content_type": "application/json"}),
        (b'{"args": 1, "kwargs": 2}', {"content_type": "application/json"}),
        (b"{}", {"application_headers": {"nameko.deadline": "soon"}}),
        (b"{}", {"application_headers": {"nameko.actor": "{"}}),
        (b"{}", {"application_headers": {"nameko.idempotency": "[]"}}),
        (b"\x00" * 3_000_000, {"content_type": "application/json"}),
    ],
)
def test_n04_no_request_ends_the_consumer(
    channel: Any, rpc_call: RpcCall, body: bytes, properties: dict[str, Any]
) -> None:
    send(channel, "nameko-rpc", "echo.echo", body, **properties)
    assert rpc_call("echo", "echo", value=1) == 1


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"args": 1, "kwargs": 2}'])
def test_n02_undecodable_request_is_answered(channel: Any, body: bytes) -> None:
    replies = copy_of(channel, "nameko-rpc", "n02-key")
    send(
        channel,
        "nameko-rpc",
        "echo.echo",
        body,
        content_type="application/json",
        reply_to="n02-key",
    )
    reply = wait_until(lambda: take(channel, replies))
    assert "MalformedRequest" in str(reply.body)


def test_n04_provider_hooks_may_fail(
    run_service: RunService, rpc_call: RpcCall
) -> None:
    run_service(Fragile)
    assert [rpc_call("fragile", "answer") for _ in range(3)] == ["there"] * 3


def test_n04_failing_setup_is_an_internal_error(
    run_service: RunService, rpc_call: RpcCall
) -> None:
    run_service(Unready)
    for _ in range(2):
        with pytest.raises(RakatError, match="internal"):
            rpc_call("unready", "answer")


def test_n05_service_waits_for_a_broker_that_is_down(
    config: Config, broker_proxy: FaultProxy, rpc_call: RpcCall
) -> None:
    class Late:
        name = "late"

        @rpc
        def here(self) -> bool:
            return True

    broker_proxy.down()
    container = Container(Late, _through(config, broker_proxy))
    starting = eventlet.spawn(container.start)
    eventlet.sleep(0.5)
    assert not starting.dead, "the start must wait, not fail"
    broker_proxy.heal()
    starting.wait()
    assert rpc_call("late", "here") is True
    container.drain()


def test_n09_cpu_work_in_a_thread_leaves_the_hub_alone() -> None:
    ticks: list[float] = []
    ticking = eventlet.spawn(_tick, ticks)
    assert watchdog.in_thread(_burn, 0.4) > 0
    ticking.kill()
    assert len(ticks) >= 5


def test_n09_blocked_hub_is_measured() -> None:
    watchdog.start()
    eventlet.sleep(0.05)
    before = _sample("hub_block_seconds_sum")
    _burn(0.6)
    wait_until(lambda: _sample("hub_block_seconds_sum") >= before + 0.2)


def test_n10_pool_is_larger_than_all_prefetches(config: Config, echo: Any) -> None:
    assert echo.max_workers == config.rpc_prefetch + SPARE_WORKERS
    assert Container(Sink, config).max_workers >= (
        config.event_prefetch + SPARE_WORKERS
    )


def test_n10_no_call_to_itself(run_service: RunService, rpc_call: RpcCall) -> None:
    run_service(Asker)
    with pytest.raises(RakatError, match="internal"):
        rpc_call("asker", "ask_other", service="asker")


def test_n13_request_and_reply_are_transient_and_expire(
    run_service: RunService, rpc_call: RpcCall, channel: Any
) -> None:
    run_service(Asker)
    requests = copy_of(channel, "nameko-rpc", "echo.echo")
    rpc_call("asker", "ask", method="echo", timeout=2)
    request = wait_until(lambda: take(channel, requests))
    assert request.properties["delivery_mode"] == 1
    assert 0 < int(request.properties["expiration"]) <= 2000


def test_n14_no_pool_of_kombu_is_used(rpc_call: RpcCall) -> None:
    rpc_call("echo", "echo")
    assert not list(pools.producers)
    assert not list(pools.connections)


def test_n16_timer_goes_on_after_a_failure(run_service: RunService) -> None:
    run_service(Clockwork)
    wait_until(lambda: len(Clockwork.runs) >= 4)


def test_n16_only_one_replica_runs_a_job(
    config: Config, database_of: Callable[[str], Database]
) -> None:
    database_of("replicated")
    ran: list[int] = []

    def replica(number: int) -> type:
        class Replicated:
            name = "replicated"
            db = _provider()

            @every(0.1)
            def job(self) -> None:
                with self.db.alone("job") as mine:
                    if mine:
                        ran.append(number)
                        eventlet.sleep(0.5)

        return Replicated

    containers = [Container(replica(number), config) for number in (1, 2)]
    for container in containers:
        container.start()
    wait_until(lambda: len(ran) == 1)
    eventlet.sleep(0.3)
    assert len(ran) == 1
    for container in containers:
        container.drain()


def test_n17_operations_answer_while_every_worker_is_busy(
    run_service: RunService, rpc_call: RpcCall, channel: Any
) -> None:
    container = run_service(Echo, rpc_prefetch=2)
    ops = OpsServer("echo", Checks(container))
    ops.start("127.0.0.1", 0)
    for _ in range(12):
        send(channel, "nameko-rpc", "echo.sleep", b'{"args": [0.6], "kwargs": {}}')
    wait_until(lambda: container.running >= 2)
    started = time.monotonic()
    assert _get(ops.port, "/livez") == (200, b'{"status":"ok"}')
    status, page = _get(ops.port, "/metrics")
    assert status == 200
    assert b'worker_pool_in_use{service="echo"}' in page
    status, page = _get(ops.port, "/readyz")
    assert (status, b'"consumers":{"ok":true' in page) == (200, True)
    assert time.monotonic() - started < 0.5
    ops.stop()


def test_not_ready_while_draining(run_service: RunService) -> None:
    container = run_service(Clockwork)
    checks = Checks(container)
    assert checks.run()["draining"].ok
    container.drain()
    assert not checks.run()["draining"].ok


def _provider() -> Any:
    from chassis.providers import Database as Provider

    return Provider()


def _through(config: Config, proxy: FaultProxy, **changes: Any) -> Config:
    from chassis.testing import through

    return dataclasses.replace(
        config, amqp_uri=through(config.amqp_uri, proxy.port), **changes
    )


def _tick(ticks: list[float]) -> None:
    while True:
        ticks.append(time.monotonic())
        eventlet.sleep(0.02)


def _burn(seconds: float) -> int:
    end = time.perf_counter() + seconds
    n = 0
    while time.perf_counter() < end:
        n += 1
    return n


def _sample(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


def _get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}{path}", timeout=3
        ) as page:
            return page.status, page.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
