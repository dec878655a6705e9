"""The trail shown to whoever sees the letter, and the signed digest of each day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.codec import ZONE
from contracts.errors import NotFound
from contracts.letters import (
    DigestsQuery,
    LetterTrail,
    TrailAnchor,
    TrailDigest,
    TrailQuery,
    TrailStep,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters import orm_trail as orm
from services.letters import views_trail
from services.letters.caller import Caller
from services.letters.domain import digest
from services.letters.domain.audit import ORIGIN
from services.letters.domain.digest import Head
from services.letters.sealing import SealKey
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.finding import see
from services.letters.use_cases.reading import note_view

# A line's time is that of its transaction's begin; by then every one has ended.
GRACE = timedelta(minutes=10)
LARGEST_TREE = 10_000  # beyond (the day of an import) no way up is shown
_ONE_AT_A_TIME = sa.text(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('trail digest', 0))"
)
_FIRST = sa.text(
    "SELECT least((SELECT min(at) FROM trail), (SELECT min(at) FROM register_trail))"
)
_COLLECT = sa.text(
    "INSERT INTO trail_digest_head (day, letter_id, seq, hash)"
    " SELECT DISTINCT ON (letter_id) CAST(:day AS date), letter_id, seq, hash"
    " FROM trail WHERE at >= :begins AND at < :ends ORDER BY letter_id, seq DESC"
)
_COLLECT_REGISTERS = sa.text(
    "INSERT INTO trail_digest_head (day, letter_id, seq, hash, register)"
    " SELECT DISTINCT ON (chain_id) CAST(:day AS date), chain_id, seq, hash, true"
    " FROM register_trail WHERE at >= :begins AND at < :ends"
    " ORDER BY chain_id, seq DESC"
)
_HEADS = sa.text(
    "SELECT letter_id, seq, hash FROM trail_digest_head WHERE day = :day"
    " ORDER BY letter_id"
)
_LAST_HEAD = sa.text(
    "SELECT h.day, h.seq, h.hash, d.letters FROM trail_digest_head h"
    " JOIN trail_digest d ON d.day = h.day"
    " WHERE h.letter_id = :letter_id ORDER BY h.day DESC LIMIT 1"
)


# ---- one letter ------------------------------------------------------------------


def get_letter_audit(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, query: TrailQuery
) -> LetterTrail:
    """Whoever sees the letter sees its trail: no line holds a note or a report."""
    secrecy = see(uow, caller, letter_id)
    note_view(uow, caller, letter_id, secrecy, "trail")
    found = views_trail.page_of(uow.session, letter_id, query)
    found.anchor = _anchor(uow, letter_id)
    return found


def _anchor(uow: LettersUnitOfWork, letter_id: UUID) -> TrailAnchor | None:
    row = uow.session.execute(_LAST_HEAD, {"letter_id": letter_id}).first()
    if row is None or row.letters > LARGEST_TREE:
        return None
    heads = _heads(uow, row.day)
    index = next(i for i, one in enumerate(heads) if one.letter_id == letter_id)
    steps = digest.path_of([digest.leaf_of(one) for one in heads], index)
    return TrailAnchor(
        seq=row.seq,
        hash=row.hash,
        steps=[TrailStep(side=one.side, hash=one.hash.hex()) for one in steps],
        digest=_one(uow, row.day),
    )


# ---- digests ---------------------------------------------------------------------


def list_digests(uow: LettersUnitOfWork, query: DigestsQuery) -> Page[TrailDigest]:
    """Newest first."""
    wanted = sa.select(orm.trail_digest)
    if query.cursor is not None:
        (before,) = decode_cursor(query.cursor, tuple[date])
        wanted = wanted.where(orm.trail_digest.c.day < before)
    wanted = wanted.order_by(orm.trail_digest.c.day.desc()).limit(query.limit + 1)
    rows = uow.session.execute(wanted).mappings().all()
    items = [TrailDigest(**row) for row in rows[: query.limit]]
    more = len(rows) > query.limit
    cursor = encode_cursor(items[-1].day) if more else None
    return Page(items=items, next_cursor=cursor)


def get_digest(uow: LettersUnitOfWork, day: str) -> TrailDigest:
    """Raises: NotFound, also for what is no day."""
    try:
        return _one(uow, date.fromisoformat(day))
    except ValueError:
        raise NotFound from None


def make_next(uow: LettersUnitOfWork, key: SealKey, now: datetime) -> date | None:
    """The digest of the first day that has none and is over; None when up to date.

    One day a transaction: what a long absence left is made up day by day. The lock
    and the day's key keep two copies of the service from making it twice.
    """
    if not uow.session.scalar(_ONE_AT_A_TIME):
        return None
    last = _last(uow)
    day = _following(uow, last)
    if day is None or day >= (now - GRACE).astimezone(ZONE).date():
        return None
    _write(uow, key, now, day, _hash_of(last))
    return day


def _following(uow: LettersUnitOfWork, last: TrailDigest | None) -> date | None:
    if last is not None:
        return last.day + timedelta(days=1)
    first: datetime | None = uow.session.scalar(_FIRST)
    return first.astimezone(ZONE).date() if first else None


def _write(
    uow: LettersUnitOfWork, key: SealKey, now: datetime, day: date, previous: str
) -> None:
    empty: dict[str, Any] = {"day": day, "letters": 0, "root": "", "made_at": now}
    values = {**empty, "previous": previous, "signature": "", "key_id": key.key_id}
    uow.session.execute(
        sa.insert(orm.trail_digest).values(**values, public_key=key.public)
    )
    for collect in (_COLLECT, _COLLECT_REGISTERS):
        uow.session.execute(collect, {"day": day, **_span(day)})
    heads = _heads(uow, day)
    root = digest.root_of([digest.leaf_of(one) for one in heads]).hex()
    text = digest.text_of(day, len(heads), root, previous)
    uow.session.execute(
        sa.update(orm.trail_digest)
        .where(orm.trail_digest.c.day == day)
        .values(letters=len(heads), root=root, signature=key.sign(text))
    )


def _span(day: date) -> dict[str, datetime]:
    begins = datetime.combine(day, time.min, ZONE).astimezone(UTC)
    return {"begins": begins, "ends": begins + timedelta(days=1)}


def _heads(uow: LettersUnitOfWork, day: date) -> list[Head]:
    return [Head(*row) for row in uow.session.execute(_HEADS, {"day": day})]


def _last(uow: LettersUnitOfWork) -> TrailDigest | None:
    query = sa.select(orm.trail_digest).order_by(orm.trail_digest.c.day.desc())
    row = uow.session.execute(query.limit(1)).mappings().first()
    return TrailDigest(**row) if row else None


def _one(uow: LettersUnitOfWork, day: date) -> TrailDigest:
    query = sa.select(orm.trail_digest).where(orm.trail_digest.c.day == day)
    row = uow.session.execute(query).mappings().first()
    if row is None:
        raise NotFound
    return TrailDigest(**row)


def _hash_of(last: TrailDigest | None) -> str:
    if last is None:
        return ORIGIN
    return digest.hash_of(
        digest.text_of(last.day, last.letters, last.root, last.previous)
    )
