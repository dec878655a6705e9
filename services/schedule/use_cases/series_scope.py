"""Which occurrences an act on a series means; locked before any of them is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.errors import Forbidden, invalid
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, may_change
from services.schedule.domain.transitions import LIVE, TABLE, Act, next_state
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork

Scope = Literal["this", "following", "all"]


def series_meant(uow: UnitOfWork, activity_id: UUID, scope: Scope) -> Series | None:
    """The locked series; None when only the one occurrence is meant.

    Raises: NotFound; Invalid when the activity does not recur.
    """
    if scope == "this":
        return None
    series_id = _series_of(uow, activity_id)
    while True:
        series = uow.series.get(series_id)
        # Its rule may have been changed meanwhile, by a series that continues it.
        current = _series_of(uow, activity_id)
        if current == series_id:
            return series
        series_id = current


def _series_of(uow: UnitOfWork, activity_id: UUID) -> UUID:
    series_id = uow.activities.get(activity_id).series_id
    if series_id is None:
        raise invalid("/scope", "Kegiatan ini tidak berulang")
    return series_id


def occurrences_meant(
    uow: UnitOfWork,
    caller: Caller,
    named: Activity,
    series: Series,
    scope: Scope,
    act: Act,
) -> list[Activity]:
    """The named one first, then those of the others that are still to come.

    Raises: Forbidden, Conflict ``illegal_transition``.
    """
    next_state(named.state, act)
    ahead = uow.activities.of_series(series.series_id, caller.now)
    others = [
        each
        for each in ahead
        if each.activity_id != named.activity_id
        and _open(each, act, named)
        and (scope == "all" or due(each) > due(named))
    ]
    if not all(may_change(caller, each) for each in others):
        raise Forbidden
    return [named, *others]


def _open(activity: Activity, act: Act, named: Activity) -> bool:
    """A postponed one is called off with the rest, but has no time to be moved, unless
    the one that is named was put off like it; what is confirmed need not be
    confirmed."""
    if act not in TABLE[activity.state]:
        return False
    if act is Act.CONFIRM and activity.confirmed:
        return False
    alike = activity.state is named.state
    return act is Act.CANCEL or activity.state in LIVE or alike


def due(activity: Activity) -> datetime:
    """An occurrence that was moved keeps its place in the series."""
    return activity.occurrence_at or activity.starts_at
