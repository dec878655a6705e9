"""What lies on the same time: one query, titled for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts.schedule import ActivityState, Clash, Resource, Visibility
from services.schedule.domain.keepers import Caller, Subject, sees
from services.schedule.domain.lines import Line

HIDDEN = "sibuk"
MOST = 200

_LINES = (
    "unnest(CAST(:{0}keys AS bigint[]), CAST(:{0}starts AS timestamptz[]),"
    " CAST(:{0}ends AS timestamptz[])) AS line (key, start_at, end_at)"
    " JOIN booking b ON int8range(b.key, b.key, '[]') &&"
    " int8range(line.key, line.key, '[]')"
    " AND b.during && tstzrange(line.start_at, line.end_at)"
)
_BINDING = "SELECT b.key, b.activity_id FROM " + _LINES.format("hard_") + " AND b.binds"
_LOOSE = (
    "SELECT b.key, b.activity_id FROM "
    + _LINES.format("loose_")
    + " AND NOT b.binds AND b.standing IN ('tentative', 'proposed')"
)
_FOUND = (
    "SELECT met.key, a.activity_id, a.title, a.starts_at, a.ends_at, a.state,"
    " a.visibility, a.organiser_unit_id, a.created_by_person, a.created_by_client,"
    " ARRAY(SELECT position_id FROM participant p"
    " WHERE p.activity_id = a.activity_id) AS position_ids, {} AS binds"
    " FROM ({}) AS met JOIN activity a USING (activity_id)"
    " WHERE a.activity_id IS DISTINCT FROM CAST(:exclude AS uuid)"
    f" ORDER BY a.starts_at, a.activity_id, met.key LIMIT {MOST}"
)
_CLASHES = sa.text(_FOUND.format("NULL", f"{_BINDING} UNION {_LOOSE}"))
_BOTH = sa.text(
    f"SELECT * FROM (({_FOUND.format('true', _BINDING)}) UNION ALL"
    f" ({_FOUND.format('false', _LOOSE)})) AS found"
    " ORDER BY binds DESC, starts_at, activity_id, key"
)


def find_clashes(
    session: Session,
    caller: Caller,
    *,
    binding: Mapping[int, Line] | None = None,
    loose: Mapping[int, Line] | None = None,
    exclude: UUID | None = None,
    resources: Mapping[UUID, Resource] | None = None,
) -> list[Clash]:
    """Others' lines over ours: binding ones over `binding`, tentative and proposed
    ones over `loose`."""
    lines = {**(loose or {}), **(binding or {})}
    if not lines:
        return []
    parameters = {
        "exclude": str(exclude) if exclude else None,
        **_parameters("hard_", binding or {}),
        **_parameters("loose_", loose or {}),
    }
    rows = session.execute(_CLASHES, parameters)
    return [clash_of(row, lines[row.key], caller, resources or {}) for row in rows]


def find_both(
    session: Session,
    caller: Caller,
    lines: Mapping[int, Line],
    exclude: UUID | None,
    resources: Mapping[UUID, Resource],
) -> tuple[list[Clash], list[Clash]]:
    """Binding lines of others over these, and tentative and proposed ones: what
    `find_clashes` finds when asked twice, in one statement."""
    if not lines:
        return [], []
    parameters = {
        "exclude": str(exclude) if exclude else None,
        **_parameters("hard_", lines),
        **_parameters("loose_", lines),
    }
    found: dict[bool, list[Clash]] = {True: [], False: []}
    for row in session.execute(_BOTH, parameters):
        clash = clash_of(row, lines[row.key], caller, resources)
        found[row.binds].append(clash)
    return found[True], found[False]


def subject_of(row: sa.Row[Any]) -> Subject:
    """What a row's visibility depends on."""
    return Subject(
        Visibility(row.visibility),
        row.organiser_unit_id,
        tuple(row.position_ids),
        row.created_by_person,
        row.created_by_client,
    )


def name_of(org: Organisation, resources: Mapping[UUID, Resource], line: Line) -> str:
    """How the person's office or the thing is called; never the person."""
    position = org.position(line.position_id)
    if position is not None:
        return position.short_title or position.title
    resource = resources.get(line.resource_id) if line.resource_id else None
    return resource.name if resource else ""


def clash_of(
    row: sa.Row[Any], line: Line, caller: Caller, resources: Mapping[UUID, Resource]
) -> Clash:
    """A line met, titled for the reader."""
    return Clash(
        kind="resource" if line.resource_id else "person",
        position_id=line.position_id,
        resource_id=line.resource_id,
        name=name_of(caller.org, resources, line),
        activity_id=row.activity_id,
        activity_title=row.title if sees(caller, subject_of(row)) else HIDDEN,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=ActivityState(row.state),
    )


def _parameters(prefix: str, lines: Mapping[int, Line]) -> dict[str, list[Any]]:
    spans: Iterable[Line] = lines.values()
    return {
        f"{prefix}keys": list(lines),
        f"{prefix}starts": [line.span.start for line in spans],
        f"{prefix}ends": [line.span.end for line in spans],
    }
