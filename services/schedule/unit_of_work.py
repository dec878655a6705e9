"""The transaction border of schedule, with its repositories.

Outside nameko (seeding, scripts, tests)::

    database = Database.of_service(config, "schedule")
    open_uow = opener(database, clock)       # clock: any callable, also a past one
    with open_uow() as uow:
        create_activity(uow, caller, request)
        uow.commit()
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Self
from uuid import UUID

import chassis.unit_of_work
from chassis.clock import Now
from chassis.context import CallContext
from chassis.database import Database
from services.schedule.bookings import Bookings
from services.schedule.letter_cases import LetterCases
from services.schedule.repository import Activities, Resources
from services.schedule.series import SeriesRows
from services.schedule.slot_requests import SlotRequests


class UnitOfWork(chassis.unit_of_work.UnitOfWork):
    """One transaction on activities, lines and resources."""

    activities: Activities
    bookings: Bookings
    letter_cases: LetterCases
    resources: Resources
    series: SeriesRows
    slot_requests: SlotRequests

    def __enter__(self) -> Self:
        super().__enter__()
        self.activities = Activities(self.session)
        self.bookings = Bookings(self.session)
        self.letter_cases = LetterCases(self.session)
        self.resources = Resources(self.session)
        self.series = SeriesRows(self.session)
        self.slot_requests = SlotRequests(self.session)
        return self

    def add_to_events(self, activity_ids: Collection[UUID], **facts: str) -> None:
        """Say more in what is queued about these activities."""
        about = set(map(str, activity_ids))
        for envelope in self._events:
            if envelope.data.get("activity_id") in about:
                envelope.data.update(facts)


def opener(
    database: Database, clock: Now, call: CallContext | None = None
) -> Callable[[], UnitOfWork]:
    """A factory of units of work on `database`."""
    return lambda: UnitOfWork(database, clock, call)
