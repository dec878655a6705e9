"""The sealed lines of registers, written in the transaction of what they tell of.

The chain's head is locked until the commit, so of two acts the one follows the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.letters.domain.audit import ORIGIN, TrailLine, seal
from services.letters.orm_trail import register_trail

_BEGIN = sa.text(
    "INSERT INTO register_trail_head (chain_id, seq, hash)"
    " VALUES (:chain_id, 0, :origin) ON CONFLICT DO NOTHING"
)
_HEAD = sa.text(
    "SELECT seq, hash FROM register_trail_head WHERE chain_id = :chain_id FOR UPDATE"
)
_MOVE = sa.text(
    "UPDATE register_trail_head SET seq = :seq, hash = :hash WHERE chain_id = :chain_id"
)


def add_line(
    session: Session | sa.Connection,
    chain_id: UUID,
    *,
    at: datetime,
    action: str,
    actor: dict[str, Any] | None,
    detail: dict[str, Any],
) -> None:
    """The next line of a chain; `actor` None: it came with an operator's file."""
    session.execute(_BEGIN, {"chain_id": chain_id, "origin": ORIGIN})
    head = session.execute(_HEAD, {"chain_id": chain_id}).one()
    line = TrailLine(
        letter_id=chain_id,
        seq=head.seq + 1,
        at=at,
        action=action,
        actor=actor,
        task_id=None,
        detail=detail,
        prev_hash=head.hash,
    )
    values = {"seq": line.seq, "hash": seal(line)}
    session.execute(
        sa.insert(register_trail).values(
            chain_id=chain_id,
            at=at,
            action=action,
            actor=actor,
            detail=detail,
            prev_hash=line.prev_hash,
            **values,
        )
    )
    session.execute(_MOVE, {"chain_id": chain_id, **values})
