"""Every letter's trail recomputed, and compared with the head that the letter keeps.

The head shows what the chain alone cannot: lines cut off at the end (ADR D16).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa

from chassis.database import Database
from services.letters import orm
from services.letters.domain.audit import ORIGIN, TrailLine, first_broken


def check(db: Database) -> tuple[int, list[tuple[UUID, int]]]:
    """How many letters were read, and the first bad line of each broken one."""
    with db.engine.connect() as connection:
        heads = {row.letter_id: row for row in connection.execute(_heads())}
        trails = {
            letter_id: list(lines)
            for letter_id, lines in groupby(_lines(connection), lambda x: x.letter_id)
        }
    broken = []
    for letter_id, head in heads.items():
        seq = _first_bad(trails.get(letter_id, []), head.trail_seq, head.trail_hash)
        if seq is not None:
            broken.append((letter_id, seq))
    return len(heads), broken


def _first_bad(lines: list[TrailLine], last: int, head: str) -> int | None:
    if (seq := first_broken(lines)) is not None:
        return seq
    if len(lines) != last or (lines[-1].hash if lines else ORIGIN) != (head or ORIGIN):
        return len(lines) + 1
    return None


def _heads() -> sa.Select[tuple[UUID, int, str]]:
    columns = orm.letter.c
    return sa.select(columns.letter_id, columns.trail_seq, columns.trail_hash)


def _lines(connection: sa.Connection) -> Iterator[TrailLine]:
    query = sa.select(orm.trail).order_by(orm.trail.c.letter_id, orm.trail.c.seq)
    for row in connection.execute(query).mappings():
        yield TrailLine(**row)
