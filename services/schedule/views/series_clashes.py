"""What is in the way of many occurrences: one query for all of their lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.schedule import Clash, Resource
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import Line
from services.schedule.views.clashes import clash_of

_MET = (
    " FROM unnest(CAST(:owners AS uuid[]), CAST(:keys AS bigint[]),"
    " CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))"
    " AS line (owner, key, start_at, end_at)"
    " JOIN booking b ON int8range(b.key, b.key, '[]') &&"
    " int8range(line.key, line.key, '[]')"
    " AND b.during && tstzrange(line.start_at, line.end_at)"
    " AND b.activity_id <> ALL(CAST(:own AS uuid[]))"
)
_CLASHES = (
    "SELECT line.owner, b.key, a.activity_id, a.title, a.starts_at, a.ends_at,"
    " a.state, a.visibility, a.organiser_unit_id, a.created_by_person,"
    " a.created_by_client, ARRAY(SELECT position_id FROM participant p"
    " WHERE p.activity_id = a.activity_id) AS position_ids"
    + _MET
    + " AND {} JOIN activity a ON a.activity_id = b.activity_id"
    " ORDER BY line.start_at, a.activity_id, b.key"
)
_LOOSE = "NOT b.binds AND b.standing IN ('tentative', 'proposed')"
_BINDING_CLASHES = sa.text(_CLASHES.format("b.binds"))
_LOOSE_CLASHES = sa.text(_CLASHES.format(_LOOSE))
_UNDER = sa.text(
    "SELECT DISTINCT b.activity_id" + _MET + f" AND {_LOOSE} ORDER BY b.activity_id"
)


@dataclass(frozen=True, slots=True)
class Met:
    """A clash, with the occurrence it is in the way of."""

    owner: UUID
    clash: Clash


def busy_owners(
    session: Session, lines: Mapping[UUID, Mapping[int, Line]]
) -> set[UUID]:
    """The occurrences something is in the way of."""
    if not any(lines.values()):
        return set()
    return {row.owner for row in session.execute(_BINDING_CLASHES, _parameters(lines))}


def find_met(
    session: Session,
    caller: Caller,
    lines: Mapping[UUID, Mapping[int, Line]],
    resources: Mapping[UUID, Resource],
    *,
    loose: bool = False,
) -> list[Met]:
    """Others' binding lines over these, or `loose` ones; by time of the occurrence."""
    if not any(lines.values()):
        return []
    query = _LOOSE_CLASHES if loose else _BINDING_CLASHES
    return [
        Met(row.owner, clash_of(row, lines[row.owner][row.key], caller, resources))
        for row in session.execute(query, _parameters(lines))
    ]


def find_under(
    session: Session, lines: Mapping[UUID, Mapping[int, Line]]
) -> list[UUID]:
    """Tentative and proposed activities under these lines."""
    if not any(lines.values()):
        return []
    return list(session.scalars(_UNDER, _parameters(lines)))


def _parameters(lines: Mapping[UUID, Mapping[int, Line]]) -> dict[str, list[Any]]:
    flat = [(owner, key, line) for owner in lines for key, line in lines[owner].items()]
    return {
        "owners": [str(owner) for owner, _, _ in flat],
        "keys": [key for _, key, _ in flat],
        "starts": [line.span.start for _, _, line in flat],
        "ends": [line.span.end for _, _, line in flat],
        "own": [str(owner) for owner in lines],
    }
