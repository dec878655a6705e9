"""Who stands in line is taken up in order, and waits for slow neighbours only so long."""

from __future__ import annotations

import eventlet
import pytest

from chassis.turns import Queue


def read(queue: Queue, name: str, seconds: float, began: list[str]) -> bool:
    with queue.one() as in_turn:
        began.append(name)
        eventlet.sleep(seconds)
        return in_turn


def test_so_many_at_once_and_the_others_in_the_order_they_came() -> None:
    queue, began = Queue(at_once=2, patience=10), list[str]()
    all_of_them = [eventlet.spawn(read, queue, n, 0.02, began) for n in "abcdef"]
    eventlet.sleep(0.01)
    assert began == ["a", "b"]
    assert all(one.wait() for one in all_of_them)
    assert began == ["a", "b", "c", "d", "e", "f"]


def test_behind_a_slow_one_nobody_waits_longer_than_his_patience() -> None:
    queue, began = Queue(at_once=1, patience=0.05), list[str]()
    slow = eventlet.spawn(read, queue, "slow", 0.3, began)
    eventlet.sleep(0)
    assert not eventlet.spawn(read, queue, "impatient", 0, began).wait()
    assert not slow.dead
    assert slow.wait()
    # Who went without a turn gave none back: there is one, as before.
    first = eventlet.spawn(read, queue, "first", 0.01, began)
    eventlet.sleep(0)
    second = eventlet.spawn(read, queue, "second", 0, began)
    eventlet.sleep(0)
    assert began[-1] == "first"
    assert first.wait()
    assert second.wait()


def test_a_turn_comes_back_from_who_fails_or_is_killed() -> None:
    queue, began = Queue(at_once=1, patience=10), list[str]()
    with pytest.raises(ZeroDivisionError), queue.one():
        raise ZeroDivisionError
    holds = eventlet.spawn(read, queue, "holds", 10, began)
    waits = eventlet.spawn(read, queue, "waits", 10, began)
    last = eventlet.spawn(read, queue, "last", 0, began)
    eventlet.sleep(0)
    waits.kill()
    holds.kill()
    assert last.wait()
    assert began == ["holds", "last"]
    with queue.one() as in_turn:
        assert in_turn
