"""The monitor: lines to look at, and what lies on the same time.

Displaced and blocked lines always; tentative and proposed ones while they overlap
something that binds or is pencilled in. And what stands though nobody comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from contracts.paging import Page, decode_cursor, encode_cursor
from contracts.schedule import (
    ActivityState,
    Clash,
    MonitoredLine,
    Resource,
    Standing,
    Suggestion,
)
from contracts.schedule_requests import ConflictsQuery
from services.schedule.domain.keepers import Caller, sees
from services.schedule.domain.span import period
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.clashes import HIDDEN, subject_of
from services.schedule.views.ways_out import ways_out

_SAME_TIME = (
    "int8range(o.key, o.key, '[]') && int8range(b.key, b.key, '[]')"
    " AND o.during && b.during AND o.activity_id <> b.activity_id"
)
_PENCILLED = "NOT o.binds AND o.standing IN ('tentative', 'proposed')"
_ACTIVITY = (
    " a.activity_id, a.title, a.starts_at, a.ends_at, a.state, a.visibility,"
    " a.organiser_unit_id, a.created_by_person, a.created_by_client,"
    " ARRAY(SELECT position_id FROM participant p"
    " WHERE p.activity_id = a.activity_id) AS position_ids"
)
_LINES = (
    "SELECT b.key, b.standing, b.since, b.position_id, b.resource_id,"
    " lower(b.during) AS start_at, a.until_at, a.travel_before, a.travel_after,"
    f"{_ACTIVITY}"
    " FROM booking b JOIN activity a USING (activity_id)"
    " WHERE b.standing IN ('displaced', 'blocked', 'tentative', 'proposed')"
    " AND b.during && tstzrange(:start, :end)"
    " AND (CAST(:units AS uuid[]) IS NULL OR b.position_id = ANY(CAST(:positions AS uuid[]))"
    " OR b.resource_id IN (SELECT resource_id FROM resource"
    " WHERE unit_id = ANY(CAST(:units AS uuid[]))))"
    " AND (CAST(:position AS uuid) IS NULL"
    " OR b.position_id = CAST(:position AS uuid))"
    " AND (CAST(:after_at AS timestamptz) IS NULL"
    " OR (lower(b.during), b.activity_id, b.key) >"
    " (:after_at, CAST(:after_id AS uuid), :after_key))"
    " AND (b.standing IN ('displaced', 'blocked')"
    f" OR EXISTS (SELECT FROM booking o WHERE {_SAME_TIME} AND o.binds)"
    f" OR EXISTS (SELECT FROM booking o WHERE {_SAME_TIME} AND {_PENCILLED}))"
    " ORDER BY lower(b.during), b.activity_id, b.key LIMIT :limit"
)
_DESERTED = (
    "SELECT CAST(0 AS bigint), 'deserted', a.updated_at, first.position_id,"
    " CAST(NULL AS uuid), a.starts_at, a.until_at, a.travel_before, a.travel_after,"
    f"{_ACTIVITY}"
    " FROM activity a CROSS JOIN LATERAL (SELECT position_id FROM participant"
    " WHERE activity_id = a.activity_id ORDER BY ordinal LIMIT 1) AS first"
    " WHERE a.deserted AND tstzrange(a.starts_at, a.until_at) && tstzrange(:start, :end)"
    " AND (CAST(:units AS uuid[]) IS NULL"
    " OR a.organiser_unit_id = ANY(CAST(:units AS uuid[]))"
    " OR first.position_id = ANY(CAST(:positions AS uuid[])))"
    " AND (CAST(:position AS uuid) IS NULL OR EXISTS (SELECT FROM participant q"
    " WHERE q.activity_id = a.activity_id"
    " AND q.position_id = CAST(:position AS uuid)))"
    " AND (CAST(:after_at AS timestamptz) IS NULL"
    " OR (a.starts_at, a.activity_id, 0) >"
    " (:after_at, CAST(:after_id AS uuid), :after_key))"
    " ORDER BY a.starts_at, a.activity_id LIMIT :limit"
)
_WATCHED = sa.text(
    f"({_LINES}) UNION ALL ({_DESERTED}) ORDER BY start_at, activity_id, key"
    " LIMIT :limit"
)
_MINE = (
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS bigint[])) AS mine (id, key)"
    " JOIN booking b ON b.activity_id = mine.id AND b.key = mine.key"
    f" JOIN booking o ON {_SAME_TIME}"
)
_OVERLAPS = sa.text(
    f"SELECT met.mine, met.key,{_ACTIVITY} FROM ("
    f"SELECT b.activity_id AS mine, b.key, o.activity_id{_MINE} AND o.binds UNION "
    f"SELECT b.activity_id, b.key, o.activity_id{_MINE} AND {_PENCILLED}"
    ") AS met JOIN activity a ON a.activity_id = met.activity_id"
    " ORDER BY a.starts_at, a.activity_id"
)


class _Place(NamedTuple):
    """Whose time a monitored line is about."""

    name: str
    unit_id: UUID
    unit_name: str


def list_conflicts(
    uow: UnitOfWork, caller: Caller, query: ConflictsQuery
) -> Page[MonitoredLine]:
    """Raises: Invalid."""
    rows = uow.session.execute(_WATCHED, _parameters(caller, query)).all()
    page = rows[: query.limit]
    overlaps = _overlaps(uow, page)
    things = uow.resources.find([row.resource_id for row in page if row.resource_id])
    last = page[-1] if len(rows) > query.limit else None
    lines = [row for row in page if row.standing != Standing.DESERTED]
    ways = {
        (row.activity_id, row.key): found
        for row, found in zip(lines, ways_out(uow, caller, lines), strict=True)
    }
    return Page(
        items=[
            _line(row, overlaps, caller, things, ways.get((row.activity_id, row.key)))
            for row in page
        ],
        next_cursor=_cursor(last),
    )


def _cursor(last: sa.Row[Any] | None) -> str | None:
    if last is None:
        return None
    return encode_cursor(last.start_at, last.activity_id, last.key)


def _parameters(caller: Caller, query: ConflictsQuery) -> dict[str, Any]:
    after: tuple[datetime | None, UUID | None, int | None] = (None, None, None)
    if query.cursor:
        after = decode_cursor(query.cursor, tuple[datetime, UUID, int])
    units = _units(caller, query.unit_id)
    begins, end = period(query.from_, query.to)
    start = begins or caller.now
    return {
        "start": start,
        "end": max(start, end) if end else None,
        "units": None if units is None else [str(key) for key in units],
        "positions": [
            str(row.position_id)
            for row in caller.org.positions
            if units is not None and row.unit_id in units
        ],
        "position": str(query.position_id) if query.position_id else None,
        "after_at": after[0],
        "after_id": str(after[1]) if after[1] else None,
        "after_key": after[2],
        "limit": query.limit + 1,
    }


def _units(caller: Caller, unit_id: UUID | None) -> frozenset[UUID] | None:
    if unit_id is None:
        return None
    return caller.org.units_below(unit_id) | {unit_id}


def _overlaps(
    uow: UnitOfWork, page: Sequence[sa.Row[Any]]
) -> dict[tuple[UUID, int], list[sa.Row[Any]]]:
    found: dict[tuple[UUID, int], list[sa.Row[Any]]] = {}
    if page:
        parameters = {
            "ids": [str(row.activity_id) for row in page],
            "keys": [row.key for row in page],
        }
        for row in uow.session.execute(_OVERLAPS, parameters):
            found.setdefault((row.mine, row.key), []).append(row)
    return found


def _line(
    row: sa.Row[Any],
    overlaps: dict[tuple[UUID, int], list[sa.Row[Any]]],
    caller: Caller,
    things: dict[UUID, Resource],
    suggestions: list[Suggestion] | None,
) -> MonitoredLine:
    place = _place(row, caller, things)
    met = overlaps.get((row.activity_id, row.key), [])
    return MonitoredLine(
        kind="resource" if row.resource_id else "person",
        standing=Standing(row.standing),
        position_id=row.position_id,
        resource_id=row.resource_id,
        name=place.name,
        unit_id=place.unit_id,
        unit_name=place.unit_name,
        activity_id=row.activity_id,
        activity_title=_title(row, caller),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=ActivityState(row.state),
        since=row.since,
        overlaps=[_clash(row, other, place.name, caller) for other in met],
        suggestions=suggestions or [],
    )


def _clash(row: sa.Row[Any], other: sa.Row[Any], name: str, caller: Caller) -> Clash:
    return Clash(
        kind="resource" if row.resource_id else "person",
        position_id=row.position_id,
        resource_id=row.resource_id,
        name=name,
        activity_id=other.activity_id,
        activity_title=_title(other, caller),
        starts_at=other.starts_at,
        ends_at=other.ends_at,
        state=ActivityState(other.state),
    )


def _title(row: sa.Row[Any], caller: Caller) -> str:
    return str(row.title) if sees(caller, subject_of(row)) else HIDDEN


def _place(row: sa.Row[Any], caller: Caller, things: dict[UUID, Resource]) -> _Place:
    position = caller.org.position(row.position_id)
    thing = things.get(row.resource_id) if row.resource_id else None
    unit_id = position.unit_id if position else thing.unit_id if thing else None
    unit = caller.org.unit(unit_id)
    name = position.short_title if position else thing.name if thing else ""
    return _Place(name, unit_id or row.organiser_unit_id, unit.name if unit else "")
