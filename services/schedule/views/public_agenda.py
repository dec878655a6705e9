"""The public agenda: what anybody may read, without being known."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.organisation import Organisation
from contracts.paging import ListQuery, Page, decode_cursor, encode_cursor
from contracts.schedule import ActivityState, Visibility
from contracts.schedule_calendars import CalendarFile, PublicActivity
from services.schedule import tables
from services.schedule.calendars import writing
from services.schedule.domain.span import day_start, local_date
from services.schedule.repository import overlapping
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.feeds import AHEAD, BACK, MOST, OFF

NAME = "Agenda publik Pemerintah Kabupaten Hulu Sungai Selatan"
_A = tables.activity.c
_ON = (ActivityState.CONFIRMED, ActivityState.COMPLETED)


def read_public_calendar(
    uow: UnitOfWork, org: Organisation, now: datetime
) -> CalendarFile:
    rows = uow.session.execute(_public(now - BACK, now + AHEAD).limit(MOST))
    events = (writing.public_event(_shown(row, org)) for row in rows)
    return CalendarFile(content=writing.written(NAME, events))


def list_public_activities(
    uow: UnitOfWork, org: Organisation, query: ListQuery, now: datetime
) -> Page[PublicActivity]:
    """From today on. Raises: Invalid about the cursor."""
    statement = _public(day_start(local_date(now)), now + AHEAD)
    if query.cursor:
        after = decode_cursor(query.cursor, tuple[datetime, UUID])
        statement = statement.where(sa.tuple_(_A.starts_at, _A.activity_id) > after)
    rows = uow.session.execute(statement.limit(query.limit + 1)).all()
    page = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        items=[_shown(row, org) for row in page],
        next_cursor=encode_cursor(page[-1].starts_at, page[-1].activity_id)
        if more
        else None,
    )


def _public(start: datetime, end: datetime) -> sa.Select[Any]:
    """Settled ones, and those that were settled before they were called off: a mere
    proposal is nobody's announcement."""
    settled = sa.or_(
        _A.state.in_(_ON), sa.and_(_A.state.in_(OFF), _A.confirmed_at.is_not(None))
    )
    return (
        sa.select(tables.activity)
        .where(
            _A.visibility == sa.literal_column(f"'{Visibility.PUBLIC.value}'"),
            overlapping(start, end),
            settled,
        )
        .order_by(_A.starts_at, _A.activity_id)
    )


def _shown(row: sa.Row[Any], org: Organisation) -> PublicActivity:
    unit = org.unit(row.organiser_unit_id)
    return PublicActivity(
        activity_id=row.activity_id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        assumed_ends_at=row.until_at,
        organiser_unit_name=unit.name if unit else "",
        place_name=(row.place or {}).get("name"),
        all_day=row.all_day,
        state=ActivityState(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )
