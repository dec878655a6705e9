"""A leader's day, for aides."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.errors import NotFound, invalid
from contracts.schedule_calendars import DaySheet
from contracts.schedule_requests import ActivitiesQuery
from services.schedule.domain.keepers import Caller
from services.schedule.domain.span import day_start
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.feeds import OFF, takes_part
from services.schedule.views.listing import list_activities

MOST = 200


def get_day_sheet(
    uow: UnitOfWork, caller: Caller, position_id: UUID, text: str
) -> DaySheet:
    """What the position has on a local day; what is off is not on it.

    Raises: NotFound, Invalid.
    """
    position = caller.org.position(position_id)
    if position is None:
        raise NotFound
    day = _day(text)
    query = ActivitiesQuery(
        from_=day.isoformat(), to=day.isoformat(), position_id=position_id, limit=MOST
    )
    holder = caller.org.holder(position_id, day_start(day))
    return DaySheet(
        position_id=position_id,
        title=position.title,
        unit_name=position.unit_name,
        person_name=holder.name if holder else None,
        date=day,
        items=[
            item
            for item in list_activities(uow, caller, query).items
            if item.state not in OFF and takes_part(item, position_id)
        ],
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise invalid("/date", "Tanggal ditulis seperti 2026-11-26") from error
    if not 1900 <= day.year <= 2200:
        raise invalid("/date", "Tanggal di luar jangkauan")
    return day
