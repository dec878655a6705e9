"""The trails of registers recomputed, and what they tell of compared with what stands:
numbers reserved, patterns of numbers, the retention schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.letters.domain import register_trail as trail
from services.letters.domain.audit import ORIGIN, TrailLine, first_bad

_CHAINS = sa.text(
    "SELECT chain_id, h.chain_id IS NULL AS headless, h.seq, h.hash"
    " FROM register_trail_head h FULL JOIN (SELECT DISTINCT chain_id FROM"
    " register_trail) t USING (chain_id) ORDER BY chain_id"
)
_LINES = sa.text(
    "SELECT chain_id AS letter_id, seq, at, action, actor, NULL AS task_id, detail,"
    " prev_hash, hash FROM register_trail WHERE chain_id = :chain_id ORDER BY seq"
)
_SEALED = sa.text(
    "SELECT t.chain_id, t.seq AS line, t.detail, n.* FROM register_trail t"
    " LEFT JOIN outgoing_number n ON n.number_id::text = t.detail ->> 'number_id'"
    " WHERE t.action = :action ORDER BY t.chain_id, t.seq"
)
_UNSEALED = sa.text(
    "SELECT number_id FROM outgoing_number n WHERE reason IS NOT NULL AND NOT EXISTS"
    " (SELECT FROM register_trail t WHERE t.action = :action"
    " AND t.chain_id = n.register_unit_id"
    " AND t.detail ->> 'number_id' = n.number_id::text) ORDER BY number_id"
)
_LAST = sa.text(
    "SELECT DISTINCT ON (chain_id) chain_id, seq, detail FROM register_trail"
    " WHERE action = :action ORDER BY chain_id, seq DESC"
)
_UNKEPT = sa.text(
    "SELECT h.letter_id, min(h.day) AS day, min(h.seq) AS seq FROM trail_digest_head h"
    " LEFT JOIN register_trail t ON t.chain_id = h.letter_id AND t.seq = h.seq"
    " WHERE h.register AND t.hash IS DISTINCT FROM h.hash"
    " GROUP BY h.letter_id ORDER BY h.letter_id"
)


def faults(connection: sa.Connection) -> list[str]:
    """What does not hold, in words that name the register and the line."""
    return [
        *_chains(connection),
        *_reservations(connection),
        *_states(
            connection, trail.TEMPLATES, "patterns of numbers", _templates(connection)
        ),
        *_states(connection, trail.RETENTION, "retention schedule", _rules(connection)),
    ]


def not_kept(connection: sa.Connection) -> list[str]:
    """Heads that a digest has and the trail has not."""
    return [
        f"{_name(row.letter_id)}: line {row.seq} is not what digest {row.day} has"
        for row in connection.execute(_UNKEPT)
    ]


def _chains(connection: sa.Connection) -> Iterator[str]:
    for head in connection.execute(_CHAINS).all():
        name = _name(head.chain_id)
        if head.headless:
            yield f"{name}: its head is gone, its trail is not"
            continue
        rows = connection.execute(_LINES, {"chain_id": head.chain_id}).mappings()
        lines = (TrailLine(**row) for row in rows)
        origin = "" if head.hash == ORIGIN else head.hash
        seq = first_bad(lines, head.seq, origin)
        if seq is not None:
            yield f"{name}: line {seq} does not hold"


def _reservations(connection: sa.Connection) -> Iterator[str]:
    for row in connection.execute(_SEALED, {"action": trail.RESERVED}).mappings():
        if not _as_sealed(row):
            number_id = row["detail"].get("number_id")
            yield (
                f"{_name(row['chain_id'])}: reservation {number_id} is not what line"
                f" {row['line']} says"
            )
    for (number_id,) in connection.execute(_UNSEALED, {"action": trail.RESERVED}):
        yield f"reservation {number_id}: no line tells of it"


def _as_sealed(row: sa.RowMapping) -> bool:
    """A letter that took the number prints it by its signer's own pattern."""
    if row["number_id"] is None or row["register_unit_id"] != row["chain_id"]:
        return False
    sealed, stands = dict(row["detail"]), trail.reservation(row)
    if row["letter_id"] is not None:
        sealed["pattern"] = stands["pattern"]
    return sealed == stands


def _states(
    connection: sa.Connection,
    action: str,
    what: str,
    stands: dict[UUID, list[dict[str, Any]]],
) -> Iterator[str]:
    """What stands now against the last line that says what was left standing."""
    for row in connection.execute(_LAST, {"action": action}):
        if row.detail.get("after") != trail.state(stands.pop(row.chain_id, [])):
            yield f"{_name(row.chain_id)}: {what} not as line {row.seq} left them"
    for chain_id in stands:
        yield f"{_name(chain_id)}: {what} that no line tells of"


def _templates(connection: sa.Connection) -> dict[UUID, list[dict[str, Any]]]:
    query = "SELECT * FROM number_template ORDER BY template_id"
    return _by_chain(connection, query, trail.template)


def _rules(connection: sa.Connection) -> dict[UUID, list[dict[str, Any]]]:
    return _by_chain(connection, "SELECT * FROM retention_rule", trail.rule)


def _by_chain(
    connection: sa.Connection, query: str, facts: Callable[[Any], dict[str, Any]]
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in connection.execute(sa.text(query)).mappings():
        chain_id = row.get("unit_id") or trail.REGENCY
        found.setdefault(chain_id, []).append(facts(row))
    return found


def _name(chain_id: UUID) -> str:
    return "regency" if chain_id == trail.REGENCY else f"register {chain_id}"
