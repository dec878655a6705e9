"""What may be under way at once, and what happens beyond it."""

from __future__ import annotations

import asyncio

import pytest

from contracts.errors import Unavailable
from gateway.bus.limits import Limits


async def hold(limits, target, gate, started):
    async with limits.slot(target):
        started.append(target)
        await gate.wait()


async def test_more_than_may_run_wait_their_turn():
    limits, gate, started = Limits(running=2), asyncio.Event(), []
    tasks = [
        asyncio.create_task(hold(limits, "letters", gate, started)) for _ in range(3)
    ]

    await asyncio.sleep(0)
    assert started == ["letters", "letters"]

    gate.set()
    await asyncio.gather(*tasks)
    assert len(started) == 3


async def test_a_full_target_is_refused_and_its_neighbour_is_served():
    limits, gate, started = Limits(queued=2, running=1), asyncio.Event(), []
    tasks = [
        asyncio.create_task(hold(limits, "letters", gate, started)) for _ in range(2)
    ]
    await asyncio.sleep(0)

    with pytest.raises(Unavailable) as caught:
        async with limits.slot("letters"):
            pass
    async with limits.slot("schedule"):
        started.append("schedule")

    assert caught.value.facts["retry_after"] == 1
    assert "schedule" in started
    gate.set()
    await asyncio.gather(*tasks)


async def test_the_total_is_bounded():
    limits, gate, started = Limits(total=1), asyncio.Event(), []
    task = asyncio.create_task(hold(limits, "letters", gate, started))
    await asyncio.sleep(0)

    with pytest.raises(Unavailable):
        async with limits.slot("schedule"):
            pass

    gate.set()
    await task


async def test_a_caller_who_gives_up_frees_his_place():
    limits, gate, started = Limits(queued=2, running=1), asyncio.Event(), []
    holder = asyncio.create_task(hold(limits, "letters", gate, started))
    waiter = asyncio.create_task(hold(limits, "letters", gate, started))
    await asyncio.sleep(0)

    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    gate.set()
    await holder

    async with limits.slot("letters"):
        pass
