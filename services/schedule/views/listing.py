"""Lists: activities by time and office, rooms and vehicles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from contracts import schedule
from contracts.paging import Page, decode_cursor, encode_cursor
from contracts.schedule import Resource, Visibility
from contracts.schedule_requests import ActivitiesQuery, ResourcesQuery
from services.schedule import tables
from services.schedule.domain.keepers import Caller
from services.schedule.domain.span import period
from services.schedule.mapping import resource_of
from services.schedule.repository import TEXT_ID, overlapping
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.activities import present
from services.schedule.views.masking import Asked, answers

_A = tables.activity.c
_Where = sa.ColumnElement[bool]


def list_activities(
    uow: UnitOfWork, caller: Caller, query: ActivitiesQuery
) -> Page[schedule.Activity]:
    """A page may be short of its limit: what is hidden and has nothing to do with
    what was asked for is left out.

    Raises: Invalid.
    """
    asked = Asked.by(query, caller)
    statement = (
        sa.select(tables.activity)
        .where(*_filters(caller, query))
        .order_by(_A.starts_at, _A.activity_id)
        .limit(query.limit + 1)
    )
    rows = uow.session.execute(statement).all()
    page = rows[: query.limit]
    more = len(rows) > query.limit
    shown = (
        present(item, caller, asked=asked) for item in uow.activities.complete(page)
    )
    return Page(
        items=[item for item in shown if answers(item, query)],
        next_cursor=encode_cursor(page[-1].starts_at, page[-1].activity_id)
        if more
        else None,
    )


def _filters(caller: Caller, query: ActivitiesQuery) -> list[_Where]:
    start, end = period(query.from_, query.to)
    found: list[_Where] = []
    if start or end:
        found.append(_touching(start, end))
    if query.cursor:
        after = decode_cursor(query.cursor, tuple[datetime, UUID])
        found.append(sa.tuple_(_A.starts_at, _A.activity_id) > after)
    if query.state:
        found.append(_A.state == query.state.value)
    if query.position_id:
        found.append(_with_positions([query.position_id]))
    if query.unit_id:
        found.append(_of_unit(caller, query.unit_id))
    if query.resource_id:
        found.append(_with_resource(query.resource_id))
    if query.q:
        found += [_titled(query.q), _readable(caller)]
    return found


def _touching(start: datetime | None, end: datetime | None) -> _Where:
    """An empty or reversed window touches nothing."""
    if start and end and start >= end:
        return sa.false()
    return overlapping(start, end)


def _with_positions(position_ids: list[UUID]) -> _Where:
    line = tables.participant.c
    return sa.exists().where(
        line.activity_id == _A.activity_id, line.position_id.in_(position_ids)
    )


def _with_resource(resource_id: UUID) -> _Where:
    line = tables.activity_resource.c
    return sa.exists().where(
        line.activity_id == _A.activity_id, line.resource_id == resource_id
    )


def _of_unit(caller: Caller, unit_id: UUID) -> _Where:
    """Organised by the unit or a part of it, or with one of their offices in it."""
    units = caller.org.units_below(unit_id) | {unit_id}
    return _among(caller, units)


def _among(caller: Caller, units: frozenset[UUID]) -> _Where:
    offices = [row.position_id for row in caller.org.positions if row.unit_id in units]
    return sa.or_(_A.organiser_unit_id.in_(units), _seated(offices))


def _seated(position_ids: list[UUID]) -> _Where:
    """Like `_with_positions`, beside another condition: there PostgreSQL would gather
    all that these offices ever sat in, to look a week's few activities up in it."""
    line = tables.participant.c
    seats = sa.select(line.position_id).where(line.activity_id == _A.activity_id)
    wanted = sa.literal([str(key) for key in position_ids], ARRAY(TEXT_ID))
    return sa.func.array(seats.correlate(tables.activity).scalar_subquery()).op("&&")(
        wanted
    )


def _titled(text: str) -> _Where:
    return _A.title.icontains(text, autoescape=True)


def _readable(caller: Caller) -> _Where:
    """A search must not tell what a title hides: `domain.keepers.sees`, in SQL."""
    public = _A.visibility == Visibility.PUBLIC.value
    client = caller.actor.client
    if client is not None:
        internal = _A.visibility == Visibility.INTERNAL.value
        near = sa.and_(internal, _among(caller, caller.client_units))
        return sa.or_(public, near, _A.created_by_client == client.client_id)
    return sa.or_(
        _A.visibility != Visibility.BUSY_ONLY.value,
        _A.created_by_person == caller.actor.person_id,
        _with_positions(sorted(caller.known)),
        _A.organiser_unit_id.in_(
            [
                unit.unit_id
                for unit in caller.org.units
                if caller.organises(unit.unit_id)
            ]
        ),
    )


def list_resources(
    uow: UnitOfWork, caller: Caller, query: ResourcesQuery
) -> Page[Resource]:
    """Raises: Invalid."""
    row = tables.resource.c
    statement = sa.select(tables.resource).order_by(row.code).limit(query.limit + 1)
    if query.cursor:
        (after,) = decode_cursor(query.cursor, tuple[str])
        statement = statement.where(row.code > after)
    if query.kind:
        statement = statement.where(row.kind == query.kind.value)
    if query.unit_id:
        units = caller.org.units_below(query.unit_id) | {query.unit_id}
        statement = statement.where(row.unit_id.in_(units))
    if query.active is not None:
        statement = statement.where(row.active == query.active)
    if query.q:
        statement = statement.where(row.name.icontains(query.q, autoescape=True))
    found = [resource_of(each) for each in uow.session.execute(statement)]
    page = found[: query.limit]
    more = len(found) > query.limit
    return Page(items=page, next_cursor=encode_cursor(page[-1].code) if more else None)
