"""Acts on a register itself, sealed as a letter's acts are: numbers reserved, patterns
of numbers and the retention schedule changed.

A register has one chain, by its unit's id; what holds for the whole regency has its
own. The bytes sealed are those of a letter's line (`audit.seal`): the chain's id stands
where the letter's does, and there is no task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec

REGENCY = UUID(int=0)

RESERVED = "number_reserved"
TEMPLATES = "number_templates_changed"
RETENTION = "retention_changed"

_RESERVATION = (
    "number_id series year seq pattern kind dated_on reason created_by created_at"
)
_TEMPLATE = ("kind", "signer_position_id", "pattern", "series")
_RULE = ("classification_code", "active_years", "inactive_years", "fate")


def reservation(row: Any) -> dict[str, Any]:
    """What is sealed of a row of the ledger."""
    facts = {name: row[name] for name in _RESERVATION.split()}
    facts["created_at"] = facts["created_at"].astimezone(UTC)
    return _plain(facts)


def template(row: Any) -> dict[str, Any]:
    """A pattern without its id, which every change makes anew."""
    return _plain({name: row[name] for name in _TEMPLATE})


def rule(row: Any) -> dict[str, Any]:
    return _plain({name: row[name] for name in _RULE})


def change(
    before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """What went and what came, and the seal of all that holds from now on: of a
    schedule of thousands of rules the line names those that changed."""
    old, new = _in_order(before), _in_order(after)
    return {
        "removed": [one for key, one in old.items() if key not in new],
        "added": [one for key, one in new.items() if key not in old],
        "before": _state(old),
        "after": _state(new),
    }


def state(rows: Iterable[dict[str, Any]]) -> str:
    """SHA-256 of rows, in whichever order they come."""
    return _state(_in_order(rows))


def _in_order(rows: Iterable[dict[str, Any]]) -> dict[bytes, dict[str, Any]]:
    keyed = {msgspec.json.encode(one, order="sorted"): one for one in rows}
    return dict(sorted(keyed.items()))


def _state(rows: Iterable[bytes]) -> str:
    return hashlib.sha256(b"[" + b",".join(rows) + b"]").hexdigest()


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """As it comes back out of the database's JSON."""
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    return plain
