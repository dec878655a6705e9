"""The trail of one letter: each line seals the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

ORIGIN = "0" * 64


@dataclass(frozen=True, kw_only=True)
class TrailLine:
    letter_id: UUID
    seq: int
    at: datetime
    action: str
    actor: dict[str, Any] | None
    task_id: UUID | None
    detail: dict[str, Any]
    prev_hash: str
    hash: str = ""


def seal(line: TrailLine) -> str:
    """SHA-256 over the previous seal and the canonical JSON of the line."""
    content = [
        line.prev_hash,
        str(line.letter_id),
        line.seq,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.action,
        line.actor,
        str(line.task_id) if line.task_id else None,
        line.detail,
    ]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def first_broken(lines: Iterable[TrailLine]) -> int | None:
    """The `seq` of the first line of one letter's trail that does not hold."""
    previous, expected = ORIGIN, 1
    for line in lines:
        intact = line.seq == expected and line.prev_hash == previous
        if not intact or line.hash != seal(line):
            return expected
        previous, expected = line.hash, expected + 1
    return None


def first_bad(lines: Iterable[TrailLine], last: int, head: str) -> int | None:
    """The same, against the head that the letter keeps: it shows what the chain
    alone cannot, lines cut off at the end."""
    read = 0
    seal_of_last = ORIGIN

    def counted() -> Iterator[TrailLine]:
        nonlocal read, seal_of_last
        for line in lines:
            read, seal_of_last = read + 1, line.hash
            yield line

    broken = first_broken(counted())
    if broken is not None:
        return broken
    if read != last or seal_of_last != (head or ORIGIN):
        return read + 1 if read < last else last
    return None
