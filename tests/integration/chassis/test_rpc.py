"""RPC between our server, our client and stock nameko: one protocol."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import amqp
import nameko
import orjson
import pytest
from nameko.exceptions import IncorrectSignature, MethodNotFound
from nameko.rpc import rpc as stock_rpc
from nameko.standalone.rpc import ClusterRpcClient

from chassis.config import Config
from chassis.context import CallContext
from chassis.testing import RpcCall, RunService
from contracts.actor import Actor
from contracts.errors import NotFound, RakatError, Unavailable
from tests.integration.chassis.toys import Asker, Echo


@pytest.fixture(scope="module", autouse=True)
def _services(run_service: RunService) -> None:
    run_service(Echo)
    run_service(Asker)


@pytest.fixture
def stock(config: Config) -> Iterator[Any]:
    uri = config.amqp_uri.replace("amqp://", "pyamqp://", 1)
    with nameko.config.patch({"AMQP_URI": uri}), ClusterRpcClient(timeout=5) as client:
        yield client


def test_round_trip_keeps_json_values(rpc_call: RpcCall) -> None:
    value = {"a": [1, 2.5, None, True], "b": "Ünïcode – surat"}
    assert rpc_call("echo", "echo", value=value) == value


def test_context_arrives(rpc_call: RpcCall) -> None:
    actor = Actor(person_id=uuid.uuid4(), name="Pemegang Jabatan")
    context = CallContext(actor=actor, request_id="r-1")
    answer = rpc_call("echo", "who", context=context)
    assert answer == {"request_id": "r-1", "name": "Pemegang Jabatan"}


def test_contract_error_crosses_with_its_facts(rpc_call: RpcCall) -> None:
    with pytest.raises(NotFound) as caught:
        rpc_call("echo", "missing")
    assert caught.value.facts == {"letter_id": "x"}


def test_unexpected_error_shows_nothing_but_the_request_id(rpc_call: RpcCall) -> None:
    with pytest.raises(RakatError) as caught:
        rpc_call("echo", "crash", context=CallContext(request_id="r-2"))
    assert caught.value.code == "internal"
    assert caught.value.facts == {"request_id": "r-2"}


def test_unserializable_result_is_an_internal_error(rpc_call: RpcCall) -> None:
    with pytest.raises(RakatError, match="internal"):
        rpc_call("echo", "unserializable")


def test_service_calls_service(rpc_call: RpcCall) -> None:
    assert rpc_call("asker", "ask", method="echo", value=7) == 7
    with pytest.raises(NotFound):
        rpc_call("asker", "ask", method="missing")


def test_no_call_inside_a_transaction(rpc_call: RpcCall) -> None:
    with pytest.raises(RakatError, match="internal"):
        rpc_call("asker", "ask_inside_transaction")


def test_expired_request_is_answered_without_running(rpc_call: RpcCall) -> None:
    Echo.ran.clear()
    context = CallContext(deadline=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Unavailable, match="deadline_exceeded"):
        rpc_call("echo", "echo", context=context)
    assert Echo.ran == []


def test_stock_client_calls_our_server(stock: Any) -> None:
    assert stock.echo.echo(value=[1]) == [1]
    assert stock.echo.echo([2]) == [2]


def test_stock_client_reads_our_errors(stock: Any) -> None:
    with pytest.raises(MethodNotFound):
        stock.echo.nothing()
    with pytest.raises(IncorrectSignature):
        stock.echo.echo(1, 2, 3)
    with pytest.raises(nameko.exceptions.RemoteError, match="not_found"):
        stock.echo.missing()


def test_our_client_calls_stock_server(config: Config, rpc_call: RpcCall) -> None:
    from nameko.containers import ServiceContainer

    class Stock:
        name = "stock"

        @stock_rpc
        def double(self, n: int) -> int:
            return n * 2

        @stock_rpc
        def fail(self) -> None:
            raise KeyError("x")

    uri = config.amqp_uri.replace("amqp://", "pyamqp://", 1)
    with nameko.config.patch({"AMQP_URI": uri}):
        container = ServiceContainer(Stock)
        container.start()
        try:
            assert rpc_call("stock", "double", n=21) == 42
            with pytest.raises(nameko.exceptions.RemoteError, match="KeyError"):
                rpc_call("stock", "fail")
        finally:
            container.stop()


def test_golden_request_and_reply(channel: Any) -> None:
    """The bytes as nameko 2.14 and 3.0 write them, and the reply they expect."""
    replies: list[amqp.Message] = []
    queue = channel.queue_declare(exclusive=True).queue
    channel.queue_bind(queue, "nameko-rpc", "golden-key")
    channel.basic_consume(queue, no_ack=True, callback=replies.append)
    channel.basic_publish(
        amqp.Message(
            '{"args": [], "kwargs": {"value": 1}}',
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            priority=0,
            reply_to="golden-key",
            correlation_id="golden-1",
            application_headers={"nameko.call_id_stack": ["standalone.call.1"]},
        ),
        "nameko-rpc",
        "echo.echo",
    )
    channel.connection.drain_events(timeout=5)
    reply = replies[0]
    assert orjson.loads(reply.body) == {"result": 1, "error": None}
    assert reply.properties["correlation_id"] == "golden-1"
    assert reply.properties["content_type"] == "application/json"
    assert reply.properties["delivery_mode"] == 1
    assert not reply.properties.get("application_headers")
