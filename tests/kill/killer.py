"""Kills processes of the stack while requests are in flight, at random moments."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from ops.stack import Stack

VICTIMS = ("letters", "notify", "gateway", "rabbitmq")
LOAD = 20
LOAD_SECONDS = 60


@dataclass(frozen=True)
class Kill:
    """One kill −9, and how many of the client's requests it met."""

    victim: str
    in_flight: int


class Watch:
    """Follows the client's journal: how many disposals are done, how many in flight."""

    def __init__(self, path: Path) -> None:
        self._file = path.open()
        self._rest = ""
        self._waiting: set[str] = set()
        self._done = 0

    @property
    def done(self) -> int:
        self._read()
        return self._done

    @property
    def in_flight(self) -> int:
        self._read()
        return len(self._waiting)

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._file.read()).split("\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, entry: dict[str, object]) -> None:
        if entry["act"] == "register":
            return
        key = str(entry["key"])
        if entry["event"] == "sent":
            self._waiting.add(key)
        else:
            self._waiting.discard(key)
            self._done += entry["status"] == 201


def order_of(rounds: int, dice: random.Random) -> list[str]:
    """Every victim `rounds` times, in random order."""
    order = [victim for _ in range(rounds) for victim in VICTIMS]
    dice.shuffle(order)
    return order


def kill_along(
    stack: Stack,
    order: list[str],
    watch: Watch,
    total: int,
    dice: random.Random,
    client: Popen[bytes],
) -> list[Kill]:
    """Kill along `order`, evenly over the first half of the `total` disposals: what is
    left then is load enough for the last kill, too."""
    kills = []
    for place, victim in enumerate(order):
        share = place * total // (2 * len(order))
        while client.poll() is None and watch.done < share:
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.1))
        _wait_for_load(stack, victim, watch, client)
        stack.kill(victim)
        kills.append(Kill(victim, watch.in_flight))
    return kills


def _wait_for_load(
    stack: Stack, victim: str, watch: Watch, client: Popen[bytes]
) -> None:
    """The victim lives (it may be coming back), and `LOAD` requests are under way."""
    deadline = time.monotonic() + LOAD_SECONDS
    while client.poll() is None and time.monotonic() < deadline:
        if stack.pid(victim) and watch.in_flight >= LOAD:
            return
        time.sleep(0.005)
