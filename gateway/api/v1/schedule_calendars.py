"""HTTP rows of schedule: calendar feeds, imports, day sheets, the public agenda.

What is no JSON, or must not be kept, has handlers of its own in `calendars`.
"""

from __future__ import annotations

from functools import partial

from contracts.paging import Page
from contracts.schedule_calendars import CalendarFeed
from gateway.api.v1.operation import Operation

_row = partial(Operation, service="schedule", tag="calendars")

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="list_calendar_feeds",
        method="GET",
        path="/calendar-feeds",
        summary="The caller's own feeds, newest first; their addresses are not told",
        response=Page[CalendarFeed],
    ),
    _row(
        name="delete_calendar_feed",
        method="DELETE",
        path="/calendar-feeds/{feed_id}",
        summary="Take a feed back: its address is not found any more",
        status=204,
        command=True,
    ),
)
