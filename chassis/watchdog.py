"""Notices when something holds the hub (N9): measured always, shown when long.

CPU work that does not yield starves heartbeats; the broker then drops the
connection and the work runs again. Such work belongs into `in_thread`.
"""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from eventlet import tpool

from chassis import metrics

T = TypeVar("T")

TICK = 0.25
DUMP_AFTER = 5.0


def start() -> None:
    """Measure the hub from now on; a block of 5 s prints every stack to stderr."""
    eventlet.spawn(_tick)


def in_thread(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run CPU work (hashing, PDF) in a real thread while the hub goes on."""
    result: T = tpool.execute(function, *args, **kwargs)
    return result


def _tick() -> None:
    while True:
        faulthandler.dump_traceback_later(DUMP_AFTER, exit=False)
        expected = time.monotonic() + TICK
        eventlet.sleep(TICK)
        metrics.hub_block.observe(max(time.monotonic() - expected, 0.0))
