"""PyMongo under eventlet: the hub ticks on, and no wait is without end."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import eventlet
import pytest
from pymongo.errors import PyMongoError

from chassis import failures
from chassis.config import Config
from chassis.mongo import open_database
from chassis.testing import wait_until
from tests.faultproxy import FaultProxy
from tests.integration.notify.conftest import Store


def longest_gap(work: Callable[[], Any]) -> float:
    """How long the hub kept a waiting greenthread from running while `work` ran."""
    gaps: list[float] = []
    done = False

    def tick() -> None:
        while not done:
            began = time.monotonic()
            eventlet.sleep(0.005)
            gaps.append(time.monotonic() - began)

    ticker = eventlet.spawn(tick)
    work()
    done = True
    ticker.wait()
    return max(gaps)


def test_the_hub_ticks_while_forty_greenthreads_use_the_store(database: Store) -> None:
    def use(number: int) -> int:
        for n in range(5):
            database["load"].insert_one({"_id": f"{number}-{n}", "text": "x" * 200})
            database["load"].find_one({"_id": f"{number}-{n}"})
        return number

    def work() -> None:
        pool = eventlet.GreenPool(40)
        assert sorted(pool.imap(use, range(40))) == list(range(40))

    began = time.monotonic()
    gap = longest_gap(work)
    took = time.monotonic() - began

    assert database["load"].count_documents({}) == 200
    assert gap < took / 3  # a driver that blocks lets nobody in before the end


@pytest.fixture
def proxied(config: Config, database: Store) -> Any:
    """The same database through a fault proxy."""
    target = urlsplit(config.mongo_url)
    with FaultProxy(target.hostname or "127.0.0.1", target.port or 27017) as proxy:
        url = f"mongodb://127.0.0.1:{proxy.port}/?directConnection=true"
        opened = open_database(dataclasses.replace(config, mongo_url=url), "notify")
        opened.command("ping")
        yield proxy, opened
        opened.client.close()


def test_twenty_slow_operations_take_little_longer_than_one(proxied: Any) -> None:
    proxy, opened = proxied
    pool = eventlet.GreenPool(20)
    find = opened["load"].find_one
    list(pool.imap(find, [{}] * 20))  # connect first
    proxy.latency = 0.1  # each way
    began = time.monotonic()

    list(pool.imap(find, [{}] * 20))

    assert time.monotonic() - began < 2  # one after the other: 4


def test_a_silent_server_ends_the_wait_in_time_and_blocks_nobody(proxied: Any) -> None:
    proxy, opened = proxied
    proxy.black_hole(down=True)
    began = time.monotonic()

    def work() -> None:
        with pytest.raises(PyMongoError) as caught:
            opened["load"].insert_one({"_id": 1})
        assert failures.is_transient(caught.value)

    gap = longest_gap(work)

    assert time.monotonic() - began < 8
    assert gap < 2  # of the five seconds of waiting


def test_a_restarted_server_is_used_again(proxied: Any) -> None:
    proxy, opened = proxied
    proxy.down()
    with pytest.raises(PyMongoError) as caught:
        opened["load"].find_one({})
    assert failures.is_transient(caught.value)

    proxy.heal()

    def answers() -> bool:
        try:
            opened["load"].find_one({})
        except PyMongoError:
            return False
        return True

    assert wait_until(answers, timeout=10)
