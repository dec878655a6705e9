"""Rooms and vehicles that wait for the caller's word, soonest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.paging import Page, decode_cursor, encode_cursor
from contracts.schedule_approvals import ResourceApproval, ResourceApprovalsQuery
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.transitions import OPEN
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.activities import present
from services.schedule.views.resources import resources_of

# Dates of a series are one row: the keeper answers for all of them at once.
_WAITING = sa.text(
    "SELECT * FROM (SELECT r.resource_id, t.unit_id, count(*) AS dates,"
    " min(a.starts_at) AS starts_at, max(a.starts_at) AS last_starts_at,"
    " (array_agg(a.activity_id ORDER BY a.starts_at, a.activity_id))[1]"
    " AS activity_id"
    " FROM activity_resource r JOIN resource t USING (resource_id)"
    " JOIN activity a USING (activity_id)"
    " WHERE NOT r.approved AND t.unit_id = ANY(CAST(:units AS uuid[]))"
    " AND a.state = ANY(CAST(:states AS text[])) AND a.until_at > :now"
    " AND (CAST(:resource AS uuid) IS NULL OR r.resource_id = :resource)"
    " GROUP BY r.resource_id, t.unit_id, coalesce(a.series_id, a.activity_id)"
    ") AS waiting WHERE CAST(:after_at AS timestamptz) IS NULL"
    " OR (starts_at, activity_id, resource_id)"
    " > (:after_at, CAST(:after_activity AS uuid), CAST(:after_resource AS uuid))"
    " ORDER BY starts_at, activity_id, resource_id LIMIT :most"
)


def list_resource_approvals(
    uow: UnitOfWork, caller: Caller, query: ResourceApprovalsQuery
) -> Page[ResourceApproval]:
    """Raises: Invalid."""
    rows = uow.session.execute(_WAITING, _parameters(caller, query)).all()
    page = rows[: query.limit]
    known = {
        activity.activity_id: activity
        for activity in uow.activities.find(row.activity_id for row in page)
    }
    last = page[-1] if len(rows) > query.limit else None
    return Page(
        items=[_shown(row, known[row.activity_id], caller) for row in page],
        next_cursor=encode_cursor(last.starts_at, last.activity_id, last.resource_id)
        if last
        else None,
    )


def _parameters(caller: Caller, query: ResourceApprovalsQuery) -> dict[str, Any]:
    after: tuple[Any, ...] = (None, None, None)
    if query.cursor:
        after = decode_cursor(query.cursor, tuple[datetime, UUID, UUID])
    kept = [unit.unit_id for unit in caller.org.units if caller.organises(unit.unit_id)]
    return {
        "units": [str(unit_id) for unit_id in kept],
        "states": [state.value for state in OPEN],
        "now": caller.now,
        "resource": query.resource_id,
        **dict(
            zip(("after_at", "after_activity", "after_resource"), after, strict=True)
        ),
        "most": query.limit + 1,
    }


def _shown(row: sa.Row[Any], activity: Activity, caller: Caller) -> ResourceApproval:
    (thing,) = (
        item
        for item in resources_of(activity, caller)
        if item.resource_id == row.resource_id
    )
    return ResourceApproval(
        resource=thing,
        unit_id=row.unit_id,
        dates=row.dates,
        last_starts_at=row.last_starts_at,
        activity=present(activity, caller),
    )
