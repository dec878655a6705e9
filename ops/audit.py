"""Every letter's trail recomputed, against its head and against the daily digests.

Three things are compared, because each shows what the others cannot: the chain shows
a changed line, the head that the letter keeps shows lines cut off at the end (ADR
D16), the signed digests show a letter that is gone as a whole. Letters are read as a
stream; a million of them need no more memory than one. The trails of registers are
few and always read whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.database import Database
from contracts import codec
from contracts.codec import ZONE
from contracts.letters import TrailDigest
from ops import audit_registers as registers
from services.letters.domain import digest
from services.letters.domain.audit import TrailLine, first_bad
from services.letters.domain.digest import Head
from services.letters.sealing import is_signed, key_id_of

_BATCH = 2_000
_ALL = (
    "SELECT letter_id, l.letter_id IS NULL AS gone, l.trail_seq, l.trail_hash, t.seq,"
    " t.at, t.action, t.actor, t.task_id, t.detail, t.prev_hash, t.hash"
    " FROM (SELECT letter_id, trail_seq, trail_hash FROM letter{some}) l"
    " {join} JOIN trail t USING (letter_id) ORDER BY letter_id, t.seq"
)
_SOME = " WHERE letter_id IN (SELECT letter_id FROM trail WHERE at >= :since)"
_UNKEPT = sa.text(
    "SELECT h.letter_id, min(h.day) AS day, min(h.seq) AS seq,"
    " bool_and(NOT EXISTS (SELECT FROM letter l WHERE l.letter_id = h.letter_id))"
    " AS gone FROM trail_digest_head h LEFT JOIN trail t"
    " ON t.letter_id = h.letter_id AND t.seq = h.seq"
    " WHERE t.hash IS DISTINCT FROM h.hash AND h.day >= :since AND NOT h.register"
    " GROUP BY h.letter_id ORDER BY h.letter_id"
)
_HEADS = sa.text(
    "SELECT letter_id, seq, hash FROM trail_digest_head WHERE day = :day"
    " ORDER BY letter_id"
)


@dataclass
class Findings:
    """`broken`: the first bad line of each letter; `faults`: everything else."""

    letters: int = 0
    digests: int = 0
    broken: list[tuple[UUID, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.broken and not self.faults


def check(
    db: Database,
    *,
    since: date | None = None,
    keys: frozenset[str] = frozenset(),
    exported: Path | None = None,
) -> Findings:
    """`since`: only what changed from that day on. `keys`: ids of those that may have
    signed (none: any). `exported`: a folder of digests kept elsewhere."""
    found = Findings()
    with db.engine.connect() as connection:
        # One snapshot: an act between two of these reads would look like a break.
        connection.execution_options(isolation_level="REPEATABLE READ")
        _check_trails(connection, found, since)
        found.faults += registers.faults(connection)
        days = _digests(connection)
        _check_digests(connection, found, days, keys, since)
        _check_kept(connection, found, since)
        if exported is not None:
            _check_exported(found, days, exported)
    return found


# ---- trails ----------------------------------------------------------------------


def _check_trails(
    connection: sa.Connection, found: Findings, since: date | None
) -> None:
    for letter_id, group in groupby(_rows(connection, since), lambda x: x.letter_id):
        rows = list(group)
        found.letters += 1
        if rows[0].gone:
            found.faults.append(f"letter {letter_id}: it is gone, its trail is not")
            continue
        seq = first_bad(_lines(rows), rows[0].trail_seq, rows[0].trail_hash)
        if seq is not None:
            found.broken.append((letter_id, seq))


def _rows(connection: sa.Connection, since: date | None) -> Iterator[Any]:
    text = _ALL.format(
        some=_SOME if since else "", join="LEFT" if since else "FULL OUTER"
    )
    stream = connection.execution_options(yield_per=_BATCH)
    yield from stream.execute(sa.text(text), _begin(since))


def _lines(rows: list[Any]) -> Iterator[TrailLine]:
    names = TrailLine.__dataclass_fields__
    for row in rows:
        if row.seq is not None:
            yield TrailLine(**{name: row._mapping[name] for name in names})


def _begin(since: date | None) -> dict[str, datetime]:
    return {"since": datetime.combine(since, time.min, ZONE)} if since else {}


# ---- digests ---------------------------------------------------------------------


def _digests(connection: sa.Connection) -> list[TrailDigest]:
    rows = connection.execute(sa.text("SELECT * FROM trail_digest ORDER BY day"))
    return [TrailDigest(**row) for row in rows.mappings()]


def _check_digests(
    connection: sa.Connection,
    found: Findings,
    days: list[TrailDigest],
    keys: frozenset[str],
    since: date | None,
) -> None:
    previous: str | None = None
    for one in days:
        found.digests += 1
        text = digest.text_of(one.day, one.letters, one.root, one.previous)
        if one.previous != digest.hash_of(previous):
            found.faults.append(f"digest {one.day}: does not follow the one before it")
        if not is_signed(text, one.signature, one.public_key):
            found.faults.append(f"digest {one.day}: its signature does not hold")
        if one.key_id != key_id_of(one.public_key) or (keys and one.key_id not in keys):
            found.faults.append(
                f"digest {one.day}: signed by {one.key_id}, not trusted"
            )
        if (since is None or one.day >= since) and not _has_root(connection, one):
            found.faults.append(f"digest {one.day}: its heads were changed")
        previous = text


def _has_root(connection: sa.Connection, one: TrailDigest) -> bool:
    heads = [Head(*row) for row in connection.execute(_HEADS, {"day": one.day})]
    root = digest.root_of([digest.leaf_of(each) for each in heads]).hex()
    return (len(heads), root) == (one.letters, one.root)


def _check_kept(connection: sa.Connection, found: Findings, since: date | None) -> None:
    """Every head that was signed still stands in its letter's trail."""
    for row in connection.execute(_UNKEPT, {"since": since or date.min}):
        if row.gone:
            text = f"letter {row.letter_id}: removed; it stands in digest {row.day}"
        else:
            text = (
                f"letter {row.letter_id}: line {row.seq} is not what digest"
                f" {row.day} has"
            )
        found.faults.append(text)
    found.faults += registers.not_kept(connection)


def _check_exported(found: Findings, days: list[TrailDigest], folder: Path) -> None:
    """What was carried out of the machine, against what the machine says now."""
    known = {one.day: one for one in days}
    for path in sorted(folder.glob("*.json")):
        kept = codec.load(TrailDigest, json.loads(path.read_text())["digest"])
        if known.get(kept.day) != kept:
            found.faults.append(f"digest {kept.day}: is not the exported one")


# ---- export ----------------------------------------------------------------------


def export(db: Database, folder: Path, day: date | None = None) -> list[Path]:
    """A file per digest with all its heads; those there already are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with db.engine.connect() as connection:
        for one in _digests(connection):
            path = folder / f"{one.day}.json"
            if day in (None, one.day) and not path.exists():
                path.write_text(_document(connection, one))
                written.append(path)
    return written


def _document(connection: sa.Connection, one: TrailDigest) -> str:
    heads = connection.execute(_HEADS, {"day": one.day}).mappings()
    content = {"digest": codec.dump(one), "heads": codec.dump([{**h} for h in heads])}
    return json.dumps(content, indent=1) + "\n"
