"""Due times: by the letter's urgency; a child inherits its parent's."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.codec import ZONE
from contracts.holidays import is_working_day
from contracts.letters import Urgency

HOURS = {Urgency.AMAT_SEGERA: 24, Urgency.SEGERA: 48, Urgency.PENTING: 72}
ROUTINE_WORKING_DAYS = 5


def due_by_urgency(start: datetime, urgency: Urgency) -> datetime:
    hours = HOURS.get(urgency)
    if hours is not None:
        return start + timedelta(hours=hours)
    return add_working_days(start, ROUTINE_WORKING_DAYS)


def add_working_days(start: datetime, days: int) -> datetime:
    """The same hour, `days` working days later: no weekend, no day off."""
    moment = start.astimezone(ZONE)
    while days:
        moment += timedelta(days=1)
        if is_working_day(moment.date()):
            days -= 1
    return moment.astimezone(start.tzinfo)


def due_of_child(
    parent_due: datetime | None, urgency: Urgency, now: datetime
) -> tuple[datetime, bool]:
    """The inherited due time, and whether it had to be made anew (parent overdue)."""
    if parent_due is not None and parent_due > now:
        return parent_due, False
    return due_by_urgency(now, urgency), True


def due_soon_from(created_at: datetime, due_at: datetime) -> datetime:
    """When to remind: a day before, or half the time given when that is shorter."""
    return due_at - min(timedelta(days=1), (due_at - created_at) / 2)
