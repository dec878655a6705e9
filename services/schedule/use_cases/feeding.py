"""Calendar feeds: made, listed and taken back by who made them.

The secret of a feed's address never reaches the service: it is known by its hash. A
feed reads with its maker's eyes at the moment of reading, so it closes when he holds
no office any more.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.errors import Invalid, NotFound, invalid
from contracts.schedule_calendars import CreateCalendarFeed
from services.schedule import tables
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.feeds import SCOPES, name_of, person_of

MOST = 20
"""Feeds of one person: each is an address that may leak, and a calendar to draw."""

_F = tables.calendar_feed.c


def create_calendar_feed(
    uow: UnitOfWork, caller: Caller, request: CreateCalendarFeed, token_sha256: str
) -> UUID:
    """Raises: Invalid, also ``too_many_feeds``; Forbidden for whom no person answers."""
    maker = person_of(caller)
    _require_one_known(uow, caller.org, request)
    _require_few(uow, maker, token_sha256)
    statement = insert(tables.calendar_feed).values(
        feed_id=new_id(),
        token_sha256=token_sha256,
        detail=request.detail.value,
        created_by_person=maker,
        created_at=caller.now,
        **{name: getattr(request, name) for name in SCOPES},
    )
    # The same call delivered twice finds what it made.
    uow.session.execute(statement.on_conflict_do_nothing())
    query = sa.select(_F.feed_id).where(_F.token_sha256 == token_sha256)
    return UUID(str(uow.session.scalars(query).one()))


def _require_few(uow: UnitOfWork, maker: UUID, token_sha256: str) -> None:
    """Of two who make the last one at once, the second looks after the first is done:
    both wait for the rows that are there. What was made by this very call counts not.
    """
    own = sa.select(_F.token_sha256).where(_F.created_by_person == maker)
    uow.session.execute(own.order_by(_F.feed_id).with_for_update()).all()
    others = own.where(_F.token_sha256 != token_sha256)
    if len(uow.session.scalars(others).all()) >= MOST:
        raise Invalid("too_many_feeds", most=MOST)


def delete_calendar_feed(uow: UnitOfWork, caller: Caller, feed_id: UUID) -> None:
    """Raises: NotFound, also for somebody else's."""
    gone = sa.delete(tables.calendar_feed).where(
        _F.feed_id == feed_id, _F.created_by_person == person_of(caller)
    )
    if uow.session.execute(gone.returning(_F.feed_id)).first() is None:
        raise NotFound


def _require_one_known(
    uow: UnitOfWork, org: Organisation, request: CreateCalendarFeed
) -> None:
    given = [name for name in SCOPES if getattr(request, name) is not None]
    if len(given) != 1:
        field = f"/{given[1]}" if given else "/position_id"
        raise invalid(field, "Isi tepat satu: jabatan, unit, ruang atau kendaraan")
    key = getattr(request, given[0])
    if not name_of(uow, org, given[0], key):
        raise invalid(f"/{given[0]}", "Tidak dikenal")
