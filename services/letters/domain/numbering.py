"""Agenda numbers: one series per register, direction and calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.codec import ZONE
from contracts.letters import Direction

PREFIXES = {Direction.INCOMING: "SM", Direction.OUTGOING: "SK"}


@dataclass(frozen=True)
class AgendaNumber:
    direction: Direction
    seq: int
    year: int

    def __str__(self) -> str:
        return f"{PREFIXES[self.direction]}/{self.seq:04d}/{self.year}"


def register_year(now: datetime) -> int:
    """The year of registration, as the office's wall calendar shows it."""
    return now.astimezone(ZONE).year
