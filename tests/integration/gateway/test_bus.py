"""Calls over a real broker to a service made with stock nameko."""

from __future__ import annotations

import asyncio
import json
import time

import kombu
import pytest

from contracts.errors import Unavailable
from gateway.bus import RabbitBus, RemoteFault
from gateway.bus.limits import Limits
from gateway.client import Client
from gateway.metrics import rpc_late_replies
from tests.integration.gateway.conftest import wait_until


async def test_a_call_is_answered(client, echo, context, bus):
    answer = await client.call(context, echo.name, "say", text="selamat pagi")

    assert answer == {"text": "selamat pagi"}
    assert bus.pending == 0


async def test_a_command_unwraps_what_the_service_answers(client, echo, context):
    done = await client.command(context, echo.name, "register_thing", body={"a": 1})

    assert done.body == {"a": 1}
    assert done.replayed is False


async def test_calls_at_once_get_each_its_own_answer(client, echo, context, bus):
    texts = [str(number) for number in range(300)]

    async def say(text):
        while True:
            try:
                return await client.call(context, echo.name, "say", text=text)
            except Unavailable:  # beyond the limits: come back, as the client would
                await asyncio.sleep(0.01)

    answers = await asyncio.gather(*map(say, texts))

    assert [answer["text"] for answer in answers] == texts
    assert bus.pending == 0


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("stumble", "builtins.ValueError"),
        ("absent", "nameko.exceptions.MethodNotFound"),
        ("say", "nameko.exceptions.IncorrectSignature"),
    ],
)
async def test_what_no_contract_names_is_a_fault(client, echo, context, method, kind):
    with pytest.raises(RemoteFault) as caught:
        await client.call(context, echo.name, method)

    assert caught.value.kind == kind
    assert "strangers" not in str(caught.value)


async def test_no_such_service_fails_at_once(client, context, bus):
    started = time.monotonic()

    with pytest.raises(Unavailable) as caught:
        await client.call(context, "nobody", "say")

    assert time.monotonic() - started < 0.5
    assert caught.value.facts["retry_after"] >= 1
    assert bus.pending == 0


async def test_after_a_returned_message_the_next_is_not_taken_for_it(
    client, echo, context
):
    """N12: the late acknowledgement of a returned message must confirm nothing."""
    for number in range(20):
        with pytest.raises(Unavailable):
            await client.call(context, "nobody", "say")
        answer = await client.call(context, echo.name, "say", text=str(number))
        assert answer == {"text": str(number)}


async def test_a_late_reply_is_counted_and_belongs_to_nobody(
    client, echo, context, bus
):
    before = rpc_late_replies._value.get()

    with pytest.raises(Unavailable):
        await client.call(context, echo.name, "nap", seconds=0.2, duration=0.6)

    assert bus.pending == 0
    await wait_until(lambda: rpc_late_replies._value.get() == before + 1)
    answer = await client.call(context, echo.name, "say", text="next")
    assert answer == {"text": "next"}


async def test_a_request_nobody_reads_expires_with_its_deadline(
    client, echo, context, amqp_uri
):
    echo.kill()
    try:
        with pytest.raises(Unavailable):
            await client.call(context, echo.name, "say", seconds=0.3, text="x")
        await asyncio.sleep(0.1)
        with kombu.Connection(amqp_uri) as connection:
            queue = connection.default_channel.queue_declare(
                f"rpc-{echo.name}", passive=True
            )
        assert queue.message_count == 0
    finally:
        echo.start()


async def test_a_slow_service_does_not_hold_up_its_neighbours(amqp_uri, echo, context):
    bus = RabbitBus(amqp_uri, limits=Limits(queued=4, running=2))
    await bus.open()
    client = Client(bus)
    naps = [
        asyncio.create_task(client.call(context, echo.name, "nap", duration=0.5))
        for _ in range(4)
    ]
    await asyncio.sleep(0.05)

    with pytest.raises(Unavailable):
        await client.call(context, echo.name, "say", text="fifth")
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await client.call(context, "nobody", "say")
    assert time.monotonic() - started < 0.3

    assert all(await asyncio.gather(*naps))
    await bus.close()


async def test_the_context_travels_in_headers(amqp_uri, client, context):
    """Read from the wire, as any nameko service sees it."""
    name = f"spy-{context.request_id[:8]}"
    seen = []
    with kombu.Connection(amqp_uri) as connection:
        exchange = kombu.Exchange("nameko-rpc", "topic", durable=True)
        queue = kombu.Queue(
            f"rpc-{name}", exchange, f"{name}.*", exclusive=True, auto_delete=True
        )
        with connection.Consumer(queue, callbacks=[lambda _, m: seen.append(m)]):
            call = asyncio.create_task(
                client.command(
                    context, name, "act", key="k", seconds=0.5, body={"a": "ü"}
                )
            )
            await asyncio.sleep(0.2)
            await asyncio.to_thread(connection.drain_events, timeout=2)
            with pytest.raises(Unavailable):
                await call
    message = seen[0]
    headers = message.headers
    assert headers["nameko.request_id"] == context.request_id
    assert json.loads(headers["nameko.idempotency"])["key"] == "k"
    assert headers["nameko.call_id_stack"][-1].startswith(f"{name}.act.")
    assert "nameko.deadline" in headers
    assert message.properties["delivery_mode"] == 1
    assert int(message.properties["expiration"]) <= 500
    assert json.loads(message.body) == {"args": [], "kwargs": {"body": {"a": "ü"}}}


async def test_a_broadcast_is_heard_by_every_copy(amqp_uri):
    heard: list[dict] = []
    copies = [RabbitBus(amqp_uri) for _ in range(2)]
    for bus in copies:
        bus.subscribe(
            "gateway-test.events", "topic", "session.revoked.v1", heard.append
        )
        await bus.open()

    with kombu.Connection(amqp_uri) as connection:
        producer = connection.Producer()
        for key, body in (
            ("session.revoked.v1", b"not json"),
            ("other.event.v1", b'{"n": 0}'),
            ("session.revoked.v1", b'{"n": 1}'),
        ):
            producer.publish(body, exchange="gateway-test.events", routing_key=key)

    await wait_until(lambda: len(heard) == 2)
    assert heard == [{"n": 1}, {"n": 1}]
    for bus in copies:
        await bus.close()
    with kombu.Connection(amqp_uri) as connection:
        connection.default_channel.exchange_delete("gateway-test.events")
