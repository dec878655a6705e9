"""Calendar feeds: whose they are, and what stands in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.organisation import Organisation
from contracts import schedule
from contracts.actor import Actor
from contracts.errors import Forbidden, NotFound
from contracts.paging import Page
from contracts.schedule import ActivityState
from contracts.schedule_calendars import CalendarFeed, CalendarFile, FeedDetail
from contracts.schedule_requests import ActivitiesQuery
from services.schedule import tables
from services.schedule.calendars import writing
from services.schedule.domain.activity import AWAY
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.listing import list_activities

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
MOST = 5_000
"""Events of one calendar, earliest first: readers fetch it again and again."""

MOST_LISTED = 1_000
OFF = frozenset({ActivityState.CANCELLED, ActivityState.POSTPONED})
SCOPES = ("position_id", "unit_id", "resource_id")
_F = tables.calendar_feed.c


def list_calendar_feeds(uow: UnitOfWork, caller: Caller) -> Page[CalendarFeed]:
    """The caller's own, newest first."""
    query = (
        sa.select(tables.calendar_feed)
        .where(_F.created_by_person == person_of(caller))
        .order_by(_F.created_at.desc(), _F.feed_id.desc())
        .limit(MOST_LISTED)
    )
    rows = uow.session.execute(query)
    return Page(items=[_feed_of(uow, caller.org, row) for row in rows])


def read_calendar_feed(
    uow: UnitOfWork, org: Organisation, now: datetime, token_sha256: str
) -> CalendarFile:
    """Raises: NotFound."""
    feed, reader = _opened(uow, org, now, token_sha256)
    busy = feed.detail is FeedDetail.BUSY
    draw = writing.busy_event if busy else writing.full_event
    events = map(draw, _of_feed(uow, reader, feed))
    return CalendarFile(content=writing.written(feed.name, events))


def _of_feed(
    uow: UnitOfWork, reader: Caller, feed: CalendarFeed
) -> list[schedule.Activity]:
    query = ActivitiesQuery(
        from_=(reader.now - BACK).isoformat(),
        to=(reader.now + AHEAD).isoformat(),
        position_id=feed.position_id,
        unit_id=feed.unit_id,
        resource_id=feed.resource_id,
        limit=MOST,
    )
    found = list_activities(uow, reader, query).items
    return [item for item in found if takes_part(item, feed.position_id)]


def takes_part(activity: schedule.Activity, position_id: UUID | None) -> bool:
    """Whoever declined or sent another is free at that hour."""
    if position_id is None:
        return True
    return any(
        line.position_id == position_id and line.response not in AWAY
        for line in activity.participants
    )


def _opened(
    uow: UnitOfWork, org: Organisation, now: datetime, token_sha256: str
) -> tuple[CalendarFeed, Caller]:
    """The feed with its maker as the reader.

    Raises: NotFound: guessed, taken back, of nothing that exists, or its maker left.
    """
    query = sa.select(tables.calendar_feed).where(_F.token_sha256 == token_sha256)
    row = uow.session.execute(query).first()
    if row is None:
        raise NotFound
    reader = Caller.of(Actor(person_id=row.created_by_person), org, now)
    feed = _feed_of(uow, org, row)
    if not reader.held or not feed.name:
        raise NotFound
    return feed, reader


def person_of(caller: Caller) -> UUID:
    if caller.actor.person_id is None:
        raise Forbidden
    return caller.actor.person_id


def name_of(uow: UnitOfWork, org: Organisation, scope: str, key: UUID) -> str:
    """Empty when nothing has such an id."""
    if scope == "position_id":
        position = org.position(key)
        return position.title if position else ""
    if scope == "unit_id":
        unit = org.unit(key)
        return unit.name if unit else ""
    found = uow.resources.find([key]).get(key)
    return found.name if found else ""


def _feed_of(uow: UnitOfWork, org: Organisation, row: sa.Row[Any]) -> CalendarFeed:
    scopes = {name: getattr(row, name) for name in SCOPES}
    scope = next(name for name, key in scopes.items() if key)
    return CalendarFeed(
        feed_id=row.feed_id,
        detail=FeedDetail(row.detail),
        name=name_of(uow, org, scope, scopes[scope]),
        created_at=row.created_at,
        **scopes,
    )
