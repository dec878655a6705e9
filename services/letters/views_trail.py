"""A letter's trail as it is exported: its lines, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.letters import Action, LetterTrail, TrailHead, TrailItem, TrailQuery
from contracts.paging import decode_cursor, encode_cursor
from services.letters import orm
from services.letters.domain.audit import TrailLine, first_bad

# Locked against acts: a line between head and lines would look like a break.
_HEAD = sa.text(
    "SELECT agenda_number, trail_seq, trail_hash FROM letter"
    " WHERE letter_id = :id FOR SHARE"
)


def page_of(session: Session, letter_id: UUID, query: TrailQuery) -> LetterTrail:
    """Every page is judged by the whole trail; the caller is known to see it."""
    head = session.execute(_HEAD, {"id": letter_id}).one()
    broken = first_bad(_lines(session, letter_id), head.trail_seq, head.trail_hash)
    after = decode_cursor(query.cursor, tuple[int])[0] if query.cursor else 0
    found = list(_lines(session, letter_id, after, query.limit + 1))
    items = [_item(one) for one in found[: query.limit]]
    more = len(found) > query.limit
    return LetterTrail(
        letter_id=letter_id,
        agenda_number=head.agenda_number,
        head=TrailHead(seq=head.trail_seq, hash=head.trail_hash),
        intact=broken is None,
        first_broken=broken,
        anchor=None,
        items=items,
        next_cursor=encode_cursor(items[-1].seq) if more else None,
    )


def _lines(
    session: Session, letter_id: UUID, after: int = 0, limit: int | None = None
) -> Iterator[TrailLine]:
    of_letter = sa.and_(orm.trail.c.letter_id == letter_id, orm.trail.c.seq > after)
    query = sa.select(orm.trail).where(of_letter).order_by(orm.trail.c.seq)
    for row in session.execute(query.limit(limit)).mappings():
        yield TrailLine(**row)


def _item(line: TrailLine) -> TrailItem:
    return TrailItem(
        seq=line.seq,
        at=line.at,
        action=Action(line.action),
        actor=line.actor,
        task_id=line.task_id,
        detail=line.detail,
        prev_hash=line.prev_hash,
        hash=line.hash,
    )
