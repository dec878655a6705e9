"""A command with a key acts once: key, fingerprint and answer commit with its effect.

Same key and fingerprint: the first answer again. First still running: 409
``idempotency_in_progress``. Other fingerprint: 422 ``idempotency_key_reused``.
Only successes are kept, because a refused command rolls its row back. A key that
the gateway made itself (`generated`) can only meet its own redelivery, so that one
waits for the first to end instead of being refused.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.context import CallContext, Idempotency
from chassis.tables import IDEMPOTENCY
from contracts.errors import Conflict, Invalid

KEEP = timedelta(hours=24)


class Claim(NamedTuple):
    """The right to run the command, or the answer it gave before."""

    actor: str
    key: str
    fingerprint: str
    replayed: bool = False
    answer: Any = None


def claim(session: Session, call: CallContext | None) -> Claim | None:
    """Lock the call's key in this transaction; None when the call has no key."""
    if call is None or call.idempotency is None:
        return None
    given = call.idempotency
    actor = call.actor.key if call.actor else ""
    _lock(session, actor, given)
    kept = session.execute(_kept(actor, given.key)).first()
    if kept is None:
        return Claim(actor, given.key, given.fingerprint)
    if kept.fingerprint != given.fingerprint:
        raise Invalid("idempotency_key_reused")
    return Claim(actor, given.key, given.fingerprint, True, kept.answer)


def keep(session: Session, claimed: Claim, answer: Any) -> None:
    """Store the answer; an entry past its time gives way."""
    session.execute(
        sa.text(
            "INSERT INTO idempotency (actor, key, fingerprint, answer, kept_at)"
            " VALUES (:actor, :key, :fingerprint, :answer, clock_timestamp())"
            " ON CONFLICT (actor, key) DO UPDATE SET fingerprint ="
            " excluded.fingerprint, answer = excluded.answer, kept_at ="
            " excluded.kept_at"
        ).bindparams(sa.bindparam("answer", type_=IDEMPOTENCY.c.answer.type)),
        {**claimed._asdict(), "answer": answer},
    )


def _kept(actor: str, key: str) -> sa.Select[Any]:
    columns = IDEMPOTENCY.c
    return sa.select(columns.fingerprint, columns.answer).where(
        columns.actor == actor, columns.key == key, _fresh()
    )


def _fresh() -> sa.ColumnElement[bool]:
    kept_at: sa.ColumnElement[Any] = IDEMPOTENCY.c.kept_at
    return kept_at > sa.func.clock_timestamp() - sa.cast(KEEP, sa.Interval)


def _lock(session: Session, actor: str, given: Idempotency) -> None:
    number = _lock_number(actor, given.key)
    if given.generated:
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        return
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(number))):
        raise Conflict("idempotency_in_progress", retry_after=1)


def _lock_number(actor: str, key: str) -> int:
    digest = hashlib.blake2b(f"{actor}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
