"""The bus client while the way to the broker fails."""

from __future__ import annotations

import asyncio
import time

import pytest

from contracts.errors import Unavailable
from gateway import metrics
from gateway.client import READ_SECONDS, Client
from tests.integration.gateway.conftest import wait_until


async def test_a_broken_connection_fails_all_pending_commands_at_once(
    frail_bus, proxy, echo, context
):
    client = Client(frail_bus)
    naps = [
        asyncio.create_task(client.command(context, echo.name, "nap", duration=1))
        for _ in range(10)
    ]
    await wait_until(lambda: frail_bus.pending == 10)
    started = time.monotonic()

    proxy.down()
    outcomes = await asyncio.gather(*naps, return_exceptions=True)

    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert time.monotonic() - started < 0.8
    assert frail_bus.pending == 0


async def test_after_the_broker_came_back_calls_are_answered(
    frail_bus, proxy, echo, context
):
    client = Client(frail_bus)
    await client.call(context, echo.name, "say", text="before")
    first_key = frail_bus._reply_to

    proxy.down()
    with pytest.raises(Unavailable):
        await client.call(context, echo.name, "say", text="during")
    proxy.heal()
    await wait_until(lambda: frail_bus.is_up)

    answer = await client.call(context, echo.name, "say", text="after")
    assert answer == {"text": "after"}
    assert frail_bus._reply_to != first_key


async def test_a_question_survives_a_reset_a_command_does_not(
    frail_bus, proxy, echo, context
):
    client = Client(frail_bus)
    question = asyncio.create_task(client.call(context, echo.name, "nap", duration=0.4))
    command = asyncio.create_task(
        client.command(context, echo.name, "nap", duration=0.4)
    )
    await wait_until(lambda: frail_bus.pending == 2)

    proxy.reset()

    assert await question == {"slept": 0.4}
    with pytest.raises(Unavailable):
        await command
    assert frail_bus.pending == 0


async def test_a_refused_connection_is_tried_again_well_within_a_deadline(
    frail_bus, proxy, echo, context
):
    await Client(frail_bus).call(context, echo.name, "say", text="before")
    before = {role: _failures(role) for role in ("listen", "publish")}

    proxy.down()

    def both_were_refused_twice() -> bool:  # after the loss itself
        return all(_failures(role) - count >= 3 for role, count in before.items())

    await wait_until(both_were_refused_twice, READ_SECONDS)


def _failures(role: str) -> float:
    return metrics.amqp_reconnects.labels(role)._value.get()


async def test_a_black_hole_costs_a_deadline_and_then_a_connection(
    frail_bus, proxy, echo, context
):
    """TCP goes on acknowledging: only missing confirms and heartbeats tell."""
    client = Client(frail_bus)
    await client.call(context, echo.name, "say", text="before")
    proxy.black_hole(up=True)

    with pytest.raises(Unavailable):
        await client.call(context, echo.name, "say", seconds=0.5, text="lost")
    assert frail_bus.pending == 0
    await asyncio.sleep(5.2)  # the time a confirm may take
    proxy.heal()

    answer = await _ask_until_answered(client, context, echo.name)
    assert answer == {"text": "again"}


async def _ask_until_answered(client, context, name, seconds=15.0):
    end = time.monotonic() + seconds
    while True:
        try:
            return await client.call(context, name, "say", seconds=1, text="again")
        except Unavailable:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)


async def test_subscriptions_come_back_with_the_connection(
    frail_bus, proxy, echo, context
):
    gaps: list[int] = []
    frail_bus.on_connected(lambda: gaps.append(1))

    proxy.reset()

    await wait_until(lambda: len(gaps) == 1)
    await wait_until(lambda: frail_bus.is_up)
