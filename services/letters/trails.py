"""Check the trails of all letters: for ``rakat audit verify``.

A letter's own row keeps the head of its trail, so that a trail cut at its end shows,
too; a letter removed as a whole shows in the digest of all heads (`digest_of_heads`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.letters.domain.audit import ORIGIN, TrailLine, first_broken
from services.letters.orm import letter, trail

_AT_ONCE = 2_000


class BrokenTrail(NamedTuple):
    letter_id: UUID
    seq: int  # the first line that does not hold


def broken_trails(session: Session) -> Iterator[BrokenTrail]:
    """Every letter whose trail was changed, with the first broken line."""
    heads = {
        row.letter_id: (row.trail_seq, row.trail_hash)
        for row in session.execute(
            sa.select(letter.c.letter_id, letter.c.trail_seq, letter.c.trail_hash)
        )
    }
    for letter_id, lines in groupby(_lines(session), lambda line: line.letter_id):
        found = list(lines)
        seq = first_broken(found)
        last = (found[-1].seq, found[-1].hash)
        if seq is None and heads.get(letter_id) != last:
            seq = found[-1].seq + 1
        if seq is not None:
            yield BrokenTrail(letter_id, seq)
        heads.pop(letter_id, None)
    for letter_id, (length, _) in heads.items():
        if length:
            yield BrokenTrail(letter_id, 1)


def digest_of_heads(session: Session) -> str:
    """One hash over the heads of all trails: kept elsewhere, it shows what is gone."""
    digest = hashlib.sha256(ORIGIN.encode())
    query = sa.select(letter.c.letter_id, letter.c.trail_hash).order_by(
        letter.c.letter_id
    )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        digest.update(f"{row.letter_id} {row.trail_hash}\n".encode())
    return digest.hexdigest()


def _lines(session: Session) -> Iterator[TrailLine]:
    query = sa.select(trail).order_by(trail.c.letter_id, trail.c.seq)
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    return (TrailLine(**row) for row in rows.mappings())
