"""How much of each week is taken, office by office: one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.directory import Position
from contracts.schedule import PositionLoad, ScheduleLoad, WeekLoad
from contracts.schedule_requests import LoadQuery
from services.schedule.domain.keepers import LEADERS_LEVEL, Caller
from services.schedule.domain.span import local_date
from services.schedule.domain.weeks import DAY, WEEK, span_of_week, weeks_of
from services.schedule.unit_of_work import UnitOfWork

# Travel reaches a day beyond the activity at most; the activity's own time has the
# index that finds a week among years.
_LOAD = sa.text(
    "SELECT b.position_id, week.start_at, count(*) AS activities,"
    " sum(extract(epoch FROM least(upper(b.during), week.end_at)"
    " - greatest(lower(b.during), week.start_at))) AS seconds"
    " FROM activity a JOIN booking b USING (activity_id)"
    " JOIN unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))"
    " AS week (start_at, end_at)"
    " ON b.during && tstzrange(week.start_at, week.end_at)"
    " WHERE tstzrange(a.starts_at, a.until_at) && tstzrange("
    "CAST(:start AS timestamptz) - interval '1 day',"
    " CAST(:end AS timestamptz) + interval '1 day')"
    " AND b.binds AND b.position_id = ANY(CAST(:positions AS uuid[]))"
    " GROUP BY b.position_id, week.start_at"
)

Loads = dict[UUID, dict[date, sa.Row[Any]]]


def get_schedule_load(
    uow: UnitOfWork, caller: Caller, query: LoadQuery
) -> ScheduleLoad:
    """Of a unit and what is below it; of no unit: of the leaders. Offices without
    any load are left out.

    Raises: Invalid.
    """
    weeks = weeks_of(query.from_, query.to, caller.now)
    offices = _offices(caller, query.unit_id)
    loads = _loads(uow, weeks, offices)
    return ScheduleLoad(
        starts_on=weeks[0],
        ends_on=weeks[-1] + WEEK - DAY,
        items=[
            _of_position(caller, office, weeks, loads[office.position_id])
            for office in offices
            if office.position_id in loads
        ],
    )


def _offices(caller: Caller, unit_id: UUID | None) -> list[Position]:
    units = caller.org.units_below(unit_id) | {unit_id} if unit_id else frozenset()
    found = [
        row
        for row in caller.org.positions
        if (row.unit_id in units if unit_id else row.level <= LEADERS_LEVEL)
    ]
    return sorted(found, key=lambda row: (row.level, row.code))


def _loads(uow: UnitOfWork, weeks: Sequence[date], offices: list[Position]) -> Loads:
    spans = [span_of_week(first) for first in weeks]
    parameters = {
        "starts": [span.start for span in spans],
        "ends": [span.end for span in spans],
        "start": spans[0].start,
        "end": spans[-1].end,
        "positions": [str(row.position_id) for row in offices],
    }
    found: Loads = {}
    for row in uow.session.execute(_LOAD, parameters):
        found.setdefault(row.position_id, {})[local_date(row.start_at)] = row
    return found


def _of_position(
    caller: Caller,
    office: Position,
    weeks: Sequence[date],
    loads: dict[date, sa.Row[Any]],
) -> PositionLoad:
    unit = caller.org.unit(office.unit_id)
    return PositionLoad(
        position_id=office.position_id,
        name=office.short_title or office.title,
        unit_id=office.unit_id,
        unit_name=unit.name if unit else "",
        weeks=[_of_week(first, loads.get(first)) for first in weeks],
    )


def _of_week(first: date, row: sa.Row[Any] | None) -> WeekLoad:
    year, week, _ = first.isocalendar()
    return WeekLoad(
        year=year,
        week=week,
        starts_on=first,
        hours=round(float(row.seconds) / 3600, 2) if row else 0.0,
        activities=row.activities if row else 0,
    )
