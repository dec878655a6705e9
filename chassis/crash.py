"""Crash points: named places where a test lets the process die.

``RAKAT_CRASH_AT=published_before_delete`` kills the process the first time it gets
there; a test in the same process arms an action instead. Costs one dictionary look-up
when nothing is armed.
"""

from __future__ import annotations

import os
from collections.abc import Callable

KILLED = 137

_armed: dict[str, Callable[[], None]] = {}


def point(name: str) -> None:
    """Here the process may die."""
    if _armed and (action := _armed.get(name)) is not None:
        action()


def arm(name: str, action: Callable[[], None]) -> None:
    _armed[name] = action


def disarm() -> None:
    _armed.clear()


def _die() -> None:
    os._exit(KILLED)


if _name := os.environ.get("RAKAT_CRASH_AT"):
    arm(_name, _die)
