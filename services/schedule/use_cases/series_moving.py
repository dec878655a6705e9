"""What a patch of one occurrence means for the others, and for those to come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import UNSET, structs

from contracts.schedule_requests import UpdateActivity
from services.schedule.domain.activity import Activity
from services.schedule.domain.span import day_start, local_date, whole_days
from services.schedule.series import Series

_KEPT = (
    "title",
    "kind",
    "organiser_unit_id",
    "visibility",
    "participants",
    "resource_ids",
    "travel_minutes_before",
    "travel_minutes_after",
    "all_day",
    "dress_code",
    "contact",
)


class Move:
    """What the new times of the named occurrence mean for the others."""

    def __init__(self, named: Activity, request: UpdateActivity) -> None:
        self._request = request
        start = named.starts_at if request.starts_at is UNSET else request.starts_at
        end = named.ends_at if request.ends_at is UNSET else request.ends_at
        asked = named.all_day if request.all_day is UNSET else request.all_day
        self.whole = asked
        if asked:
            start, end = whole_days(start, end)
        filled = asked and not named.all_day
        self.timed = filled or (request.starts_at, request.ends_at) != (UNSET, UNSET)
        self.by = start - named.starts_at
        self.days = local_date(start) - local_date(named.starts_at)
        self.length = end - start if end is not None else None

    def of(self, each: Activity) -> UpdateActivity:
        """The same patch, with the times of this occurrence."""
        if not self.timed:
            return self._request
        start = each.starts_at + self.by
        if self.whole:  # each may begin at another hour
            start = day_start(local_date(each.starts_at) + self.days)
        end = start + self.length if self.length is not None else None
        return structs.replace(self._request, starts_at=start, ends_at=end)


def remember(
    series: Series, named: Activity, request: UpdateActivity, move: Move
) -> None:
    """What the nights to come are to add."""
    fields: dict[str, Any] = {
        name: getattr(request, name)
        for name in _KEPT
        if getattr(request, name) is not UNSET
    }
    if request.place is not UNSET:
        fields["place"] = named.place
    if move.timed:
        start, length = series.template.starts_at, move.length
        fields["ends_at"] = start + length if length is not None else None
    series.shift += move.by if move.timed else timedelta()
    series.template = structs.replace(series.template, **fields)
    lent = series.template.resource_ids
    series.agreed = [key for key in series.agreed if key in lent]
