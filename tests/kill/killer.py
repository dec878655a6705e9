"""Kills processes of the stack while requests are in flight, at random moments."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from ops.stack import Stack
from tests.kill import journal

VICTIMS = ("letters", "notify", "gateway", "rabbitmq")


@dataclass(frozen=True)
class Kill:
    """One kill −9, and how many of the client's requests it met."""

    victim: str
    in_flight: int


def schedule(rounds: int, dice: random.Random) -> list[str]:
    """Every victim `rounds` times, in random order."""
    order = [victim for _ in range(rounds) for victim in VICTIMS]
    dice.shuffle(order)
    return order


def spread(
    stack: Stack,
    order: list[str],
    path: Path,
    total: int,
    dice: random.Random,
    client: Popen[bytes],
) -> list[Kill]:
    """Kill along `order`, evenly over the `total` disposals, while the client runs."""
    kills = []
    for place, victim in enumerate(order):
        _wait_for(path, place * total // (len(order) + 1), client)
        time.sleep(dice.uniform(0, 0.2))
        _wait_alive(stack, victim)
        stack.kill(victim)
        kills.append(Kill(victim, _in_flight(path)))
    return kills


def _wait_for(path: Path, answered: int, client: Popen[bytes]) -> None:
    while client.poll() is None and _answered(path) < answered:
        time.sleep(0.02)


def _wait_alive(stack: Stack, victim: str) -> None:
    """A process that was killed before may still be coming back."""
    deadline = time.monotonic() + 60
    while not stack.pid(victim) and time.monotonic() < deadline:
        time.sleep(0.05)


def _answered(path: Path) -> int:
    commands = journal.disposals(journal.read(path))
    return sum(command.success is not None for command in commands)


def _in_flight(path: Path) -> int:
    commands = journal.disposals(journal.read(path))
    return sum(command.waiting for command in commands)
