"""The schedule reckoned the slow way: what takes whose time, and what is left free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from contracts.schedule import Response, Standing
from services.schedule.domain.activity import Activity
from services.schedule.domain.calendar import working_hours
from services.schedule.domain.half_hours import STEP
from services.schedule.domain.slots import Claim
from services.schedule.domain.span import Span, day_start, local_date

K = TypeVar("K")
Taken = tuple[UUID, UUID, Span]
"""Which activity takes whose time, and when."""


def taken_by(activities: Iterable[Activity]) -> set[Taken]:
    """What binds, as the activities themselves tell it."""
    return {each for activity in activities for each in _taken(activity)}


def _taken(activity: Activity) -> Iterable[Taken]:
    travel = activity.span.widened(activity.travel_before, activity.travel_after)
    for line in activity.attendees:
        if line.standing is Standing.BINDING:
            yield activity.activity_id, line.person_id or line.position_id, travel
    for item in activity.equipment:
        if item.standing is Standing.BINDING:
            span = travel if item.travels else activity.span
            yield activity.activity_id, item.resource_id, span


def nobody_is_let_down(activity: Activity) -> bool:
    """Whoever is represented, is so by another in the list who did not decline."""
    declined = {
        line.position_id: line.response is Response.NOT_ATTENDING
        for line in activity.attendees
    }
    return all(
        declined.get(line.represented_by, True) is False
        and line.represented_by != line.position_id
        for line in activity.attendees
        if line.response is Response.REPRESENTED
    )


def promised_twice(taken: Iterable[Taken]) -> list[tuple[Taken, Taken]]:
    """Every two activities on one's time. Of several lines on it the first two that
    follow each other overlap when any do."""
    ordered = sorted(taken, key=lambda each: (each[1], each[2].start, each[2].end))
    return [
        (one, other)
        for one, other in pairwise(ordered)
        if one[1] == other[1] and one[2].overlaps(other[2])
    ]


def busy_times(taken: Iterable[Taken]) -> dict[UUID, list[Span]]:
    busy: dict[UUID, list[Span]] = {}
    for _, whose, span in taken:
        busy.setdefault(whose, []).append(span)
    return busy


def free_by_hand(
    within: Span,
    length: timedelta,
    claims_on: Callable[[date], Sequence[tuple[K, Claim]]],
    busy: Mapping[K, list[Span]],
    *,
    any_hour: bool,
) -> list[Span]:
    """Every half hour of the range tried against every taken time."""
    found = []
    claims_of, hours_of = cache(claims_on), cache(working_hours)
    start = day_start(local_date(within.start))
    while start + length <= within.end:
        slot = Span(start, start + length)
        day = local_date(start)
        in_office = any_hour or _lies_in(slot, hours_of(day))
        if start >= within.start and in_office:
            meets = (_meets(x, slot, busy.get(key, ())) for key, x in claims_of(day))
            if not any(meets):
                found.append(slot)
        start += STEP
    return found


def _meets(claim: Claim, slot: Span, taken: Iterable[Span]) -> bool:
    widened = slot.widened(claim.before, claim.after)
    return any(widened.overlaps(span) for span in taken)


def _lies_in(slot: Span, hours: Iterable[Span]) -> bool:
    return any(span.start <= slot.start and slot.end <= span.end for span in hours)


def holder_key(org: Any, position_id: UUID, at: datetime) -> UUID:
    """Who answers for an office at a time; a vacant one answers for itself."""
    holder = org.holder(position_id, at)
    return holder.person_id if holder else position_id
