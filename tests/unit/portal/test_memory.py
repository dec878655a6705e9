"""Answers kept through an outage, and no page that waits for the same deadline twice."""

from __future__ import annotations

import pytest

from contracts.errors import Unavailable
from gateway.portal.memory import Memory


class Source:
    """A service that can be away; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    async def load(self) -> int:
        self.asked += 1
        if self.is_away:
            raise Unavailable
        return self.asked


async def test_a_fresh_answer_is_not_asked_for_again():
    source, memory = Source(), Memory[int](60, 300)
    assert [await memory.get("a", source.load) for _ in range(3)] == [1, 1, 1]
    assert await memory.get("b", source.load) == 2


async def test_a_kept_answer_serves_while_its_service_is_away():
    source, memory = Source(), Memory[int](0, 300)
    await memory.get("a", source.load)
    source.is_away = True
    assert [await memory.get("a", source.load) for _ in range(3)] == [1, 1, 1]
    assert source.asked == 2


async def test_nothing_kept_or_kept_too_long_is_an_error():
    source, memory = Source(), Memory[int](0, 0)
    source.is_away = True
    with pytest.raises(Unavailable):
        await memory.get("a", source.load)


async def test_the_oldest_answer_makes_room():
    source, memory = Source(), Memory[int](60, 300, limit=1)
    await memory.get("a", source.load)
    await memory.get("b", source.load)
    assert await memory.get("a", source.load) == 3
