"""A silent service is asked now and then, not by everybody."""

from __future__ import annotations

import pytest

from contracts.errors import Unavailable
from gateway.bus.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock, threshold=2, pause=0.5)


def silence(breaker, target="letters"):
    for _ in range(2):
        breaker.unanswered(target)


def test_a_few_lost_calls_change_nothing(breaker):
    breaker.unanswered("letters")

    breaker.check("letters")


def test_a_silent_service_is_not_waited_for_its_neighbour_is(breaker):
    silence(breaker)

    with pytest.raises(Unavailable):
        breaker.check("letters")
    breaker.check("schedule")


def test_one_caller_at_a_time_finds_out_whether_it_is_back(breaker, clock):
    silence(breaker)
    clock.now += 0.6

    breaker.check("letters")

    with pytest.raises(Unavailable):
        breaker.check("letters")


def test_any_answer_closes_it(breaker):
    silence(breaker)

    breaker.answered("letters")

    breaker.check("letters")
