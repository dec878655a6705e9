"""How often an address may ask."""

from __future__ import annotations

import pytest

from contracts.errors import TooMany
from gateway import throttle
from gateway.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_at_a_time() -> None:
    clock = Clock()
    limit = Throttle(burst=3, every=2.0, now=clock)
    for _ in range(3):
        limit.take("a")

    with pytest.raises(TooMany) as refused:
        limit.take("a")

    assert 0 < refused.value.facts["retry_after"] <= 2
    clock.now += 2
    limit.take("a")
    with pytest.raises(TooMany):
        limit.take("a")


def test_being_refused_does_not_prolong_the_wait() -> None:
    clock = Clock()
    limit = Throttle(burst=1, every=2.0, now=clock)
    limit.take("a")
    for _ in range(50):
        with pytest.raises(TooMany):
            limit.take("a")

    clock.now += 2

    limit.take("a")


def test_others_are_not_held_up_and_rest_restores_the_burst() -> None:
    clock = Clock()
    limit = Throttle(burst=2, every=1.0, now=clock)
    limit.take("a")
    limit.take("a")
    limit.take("b")
    clock.now += 60
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooMany):
        limit.take("a")


def test_addresses_are_not_remembered_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "_MOST_ADDRESSES", 10)
    limit = Throttle(burst=1, every=1.0, now=Clock())

    for number in range(100):
        limit.take(str(number))

    assert len(limit._full_at) == 10
