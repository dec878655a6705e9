"""Calendar feeds, imports, day sheets, the public agenda."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.paging import ListQuery
from contracts.schedule_calendars import CreateCalendarFeed, ImportQuery
from services.schedule.calendars.reading import read_calendar
from services.schedule.service_core import Core, Json, key_of
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.feeding import (
    create_calendar_feed,
    delete_calendar_feed,
)
from services.schedule.use_cases.importing_calendars import import_activities
from services.schedule.views.day_sheet import get_day_sheet
from services.schedule.views.feeds import list_calendar_feeds, read_calendar_feed
from services.schedule.views.public_agenda import (
    list_public_activities,
    read_public_calendar,
)


class CalendarMethods(Core):
    @rpc
    def create_calendar_feed(self, body: Json, token_sha256: str) -> Json:
        """What is kept for a repetition holds no secret: the gateway finds it again."""
        request, caller = codec.load(CreateCalendarFeed, body), self._caller()
        return self._command(
            lambda uow: {
                "feed_id": create_calendar_feed(uow, caller, request, token_sha256)
            }
        )

    @rpc
    def list_calendar_feeds(self) -> Any:
        caller = self._caller()
        return self._query(lambda uow: list_calendar_feeds(uow, caller))

    @rpc
    def delete_calendar_feed(self, feed_id: str) -> Json:
        caller = self._caller()
        return self._command(
            lambda uow: delete_calendar_feed(uow, caller, key_of(feed_id))
        )

    @rpc
    def read_calendar_feed(self, token_sha256: str) -> Any:
        """For whoever holds the address; nobody is logged in."""
        org, now = self.org(), self.clock()
        return self._query(lambda uow: read_calendar_feed(uow, org, now, token_sha256))

    @rpc
    def read_public_calendar(self) -> Any:
        org, now = self.org(), self.clock()
        return self._query(lambda uow: read_public_calendar(uow, org, now))

    @rpc
    def list_public_activities(self, query: Json | None = None) -> Any:
        request, org, now = self._load(ListQuery, query), self.org(), self.clock()
        return self._query(lambda uow: list_public_activities(uow, org, request, now))

    @rpc
    def import_activities(self, content: str, query: Json | None = None) -> Json:
        """Read before the transaction opens; a dry run is one that never commits."""
        request, caller = self._load(ImportQuery, query), self._caller()
        reading = read_calendar(content, caller.now)

        def change(uow: UnitOfWork) -> Any:
            return import_activities(uow, caller, request, reading)

        if request.dry_run:
            return self._rehearse(change)
        return self._command(change)

    @rpc
    def get_day_sheet(self, position_id: str, date: str) -> Any:
        caller = self._caller()
        return self._query(
            lambda uow: get_day_sheet(uow, caller, key_of(position_id), date)
        )
