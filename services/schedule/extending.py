"""When series are carried on, in this process: once a local day, soon after midnight.

Every replica looks; the row lock of a series lets one of them add its occurrences,
the others find nothing to do. What a stopped night missed, the next look makes up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from chassis.organisation import Organisation
from chassis.unit_of_work import repeatable
from contracts.errors import RakatError, Unavailable
from services.schedule.domain.recurrence import AHEAD
from services.schedule.domain.span import day_start, local_date
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.series_extending import extend_series

log = structlog.get_logger(__name__)


def extend_all(
    open_uow: Callable[[], UnitOfWork],
    ask_org: Callable[[], Organisation],
    now: datetime,
) -> int:
    """How many occurrences were added, each series in a transaction of its own."""
    try:
        org = ask_org()
    except Unavailable:
        return 0  # the read copy was never filled: nobody could be bound
    until = day_start(local_date(now + AHEAD))
    with open_uow() as uow:
        behind = uow.series.behind(until)
    added = sum(_try_to_extend(open_uow, org, each, until) for each in behind)
    if behind:
        log.info("series extended", series=len(behind), added=added)
    return added


def _try_to_extend(
    open_uow: Callable[[], UnitOfWork],
    org: Organisation,
    series_id: UUID,
    until: datetime,
) -> int:
    """One that cannot be carried on is told and tried again; the others go on."""
    try:
        return _extend(open_uow, org, series_id, until)
    except (RakatError, DBAPIError):
        log.exception("series not extended", series_id=str(series_id))
        return 0


def _extend(
    open_uow: Callable[[], UnitOfWork],
    org: Organisation,
    series_id: UUID,
    until: datetime,
) -> int:
    def attempt() -> int:
        with open_uow() as uow:
            added = extend_series(uow, org, series_id, until)
            uow.commit()
            return added

    return repeatable(attempt)
