"""The digest of a day: a Merkle tree over the heads of all trails that grew.

The tree is that of RFC 6962: ``leaf = SHA-256(0x00 || data)``,
``node = SHA-256(0x01 || left || right)``, split at the largest power of two below
the count. So one letter's place can be shown without naming any other letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.letters.domain.audit import ORIGIN

VERSION = "rakat-trail-digest-v1"


class Head(NamedTuple):
    """The last line of a letter's trail on some day."""

    letter_id: UUID
    seq: int
    hash: str


class Step(NamedTuple):
    side: str  # left right: where the sibling stands
    hash: bytes


def leaf_of(head: Head) -> bytes:
    text = f"{head.letter_id} {head.seq} {head.hash}"
    return hashlib.sha256(b"\0" + text.encode()).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Of no leaves, as in RFC 6962, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        # Pairing level by level and carrying the odd one up gives the same tree.
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [_node(left, right) for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[Step]:
    """The siblings from one leaf up to the root."""
    level, steps = list(leaves), list[Step]()
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            side = "left" if sibling < index else "right"
            steps.append(Step(side, level[sibling]))
        above = [
            _node(left, right)
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = above + level[len(above) * 2 :]
        index //= 2
    return steps


def climbed(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """The root that a path leads to."""
    for side, sibling in steps:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def text_of(day: date, letters: int, root: str, previous: str) -> str:
    """What is signed; its SHA-256 is the next day's `previous`."""
    return f"{VERSION}\n{day.isoformat()}\n{letters}\n{root}\n{previous}\n"


def hash_of(text: str | None) -> str:
    """None: there was no day before."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ORIGIN


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
