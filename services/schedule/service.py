"""The nameko service: parse, call the use case, dump.

What belongs to one area stands in `service_<area>`, what all use in `service_core`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from chassis.entrypoints import every, on_event, rpc
from chassis.providers import OutboxRelay
from contracts import codec, holidays
from contracts.envelope import Envelope
from contracts.schedule import Activity
from contracts.schedule_requests import (
    ActivitiesQuery,
    CheckConflicts,
    ConfirmActivity,
    ConflictsQuery,
    CreateActivity,
    ResourcesQuery,
    RespondToActivity,
    ScopeQuery,
    UpdateActivity,
    UpdateQuery,
)
from services.schedule.rebinding import Rebinding
from services.schedule.reference import get_reference
from services.schedule.service_calendars import CalendarMethods
from services.schedule.service_core import Core, Json, key_of
from services.schedule.service_requests import RequestMethods
from services.schedule.service_resources import ResourceMethods
from services.schedule.service_series import SeriesMethods
from services.schedule.service_slots import SlotMethods
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import complete_activity
from services.schedule.use_cases.checking import check_conflicts
from services.schedule.use_cases.creating import create_activity
from services.schedule.use_cases.from_letters import (
    hear_attendance,
    hear_correction,
    hear_disposition,
    hear_letter_closed,
    hear_letter_voided,
    hear_secrecy_raised,
    hear_task_dropped,
)
from services.schedule.use_cases.responding import respond_to_activity
from services.schedule.use_cases.series_cancelling import cancel_scope, postpone_scope
from services.schedule.use_cases.series_changing import update_scope
from services.schedule.use_cases.series_confirming import confirm_scope
from services.schedule.use_cases.series_creating import create_series
from services.schedule.views.activities import get_activity
from services.schedule.views.listing import list_activities, list_resources
from services.schedule.views.monitor import list_conflicts

_rebinding = Rebinding()
holidays.prepare()


class Service(
    SeriesMethods,
    ResourceMethods,
    CalendarMethods,
    RequestMethods,
    SlotMethods,
    Core,
):
    """Activities, participants, rooms and vehicles."""

    name = "schedule"

    relay = OutboxRelay()

    # ---- commands ---------------------------------------------------------------

    @rpc
    def create_activity(self, body: Json) -> Json:
        request = codec.load(CreateActivity, body)
        caller, recurrence = self._caller(), request.recurrence
        if recurrence is not None:
            return self._command(
                lambda uow: create_series(uow, caller, request, recurrence)
            )
        secret = self._secrecy_of(request.letter_id)
        return self._command(
            lambda uow: create_activity(uow, caller, request, secret=secret)
        )

    @rpc
    def update_activity(
        self,
        activity_id: str,
        body: Json,
        query: Json | None = None,
        expected_version: int | None = None,
    ) -> Json:
        request, caller = codec.load(UpdateActivity, body), self._caller()
        key, wanted = key_of(activity_id), self._load(UpdateQuery, query)

        def change(uow: UnitOfWork) -> Activity:
            return update_scope(
                uow, caller, key, request, expected_version, wanted.scope
            )

        if wanted.dry_run:
            return self._rehearse(change)
        return self._command(change)

    @rpc
    def confirm_activity(
        self, activity_id: str, body: Json | None = None, query: Json | None = None
    ) -> Json:
        request, caller = codec.load(ConfirmActivity, body or {}), self._caller()
        key, scope = key_of(activity_id), self._load(ScopeQuery, query).scope
        return self._command(
            lambda uow: confirm_scope(uow, caller, key, request, scope)
        )

    @rpc
    def cancel_activity(
        self, activity_id: str, body: Json | None = None, query: Json | None = None
    ) -> Json:
        scope = self._load(ScopeQuery, query).scope
        return self._act(partial(cancel_scope, scope=scope), activity_id, body)

    @rpc
    def postpone_activity(
        self, activity_id: str, body: Json | None = None, query: Json | None = None
    ) -> Json:
        scope = self._load(ScopeQuery, query).scope
        return self._act(partial(postpone_scope, scope=scope), activity_id, body)

    @rpc
    def complete_activity(self, activity_id: str, body: Json | None = None) -> Json:
        return self._act(complete_activity, activity_id, body)

    @rpc
    def respond_to_activity(
        self, activity_id: str, position_id: str, body: Json
    ) -> Json:
        request, caller = codec.load(RespondToActivity, body), self._caller()
        return self._command(
            lambda uow: respond_to_activity(
                uow, caller, key_of(activity_id), key_of(position_id), request
            )
        )

    # ---- queries ----------------------------------------------------------------

    @rpc
    def get_activity(self, activity_id: str) -> Any:
        caller = self._caller()
        return self._query(lambda uow: get_activity(uow, caller, key_of(activity_id)))

    @rpc
    def list_activities(self, query: Json | None = None) -> Any:
        request, caller = self._load(ActivitiesQuery, query), self._caller()
        return self._query(lambda uow: list_activities(uow, caller, request))

    @rpc
    def check_conflicts(self, body: Json) -> Any:
        request, caller = codec.load(CheckConflicts, body), self._caller()
        return self._query(lambda uow: check_conflicts(uow, caller, request))

    @rpc
    def list_conflicts(self, query: Json | None = None) -> Any:
        request, caller = self._load(ConflictsQuery, query), self._caller()
        return self._query(lambda uow: list_conflicts(uow, caller, request))

    @rpc
    def list_resources(self, query: Json | None = None) -> Any:
        request, caller = self._load(ResourcesQuery, query), self._caller()
        return self._query(lambda uow: list_resources(uow, caller, request))

    @rpc
    def get_reference(self, name: str) -> Json:
        return get_reference(name, self.clock())

    # ---- events and the clock ---------------------------------------------------

    @on_event("letters", "disposition.issued.v1")
    def on_disposition_issued(self, envelope: Envelope) -> None:
        self._hear(hear_disposition, envelope)

    @on_event("letters", "letter.attendance_decided.v1")
    def on_letter_attendance_decided(self, envelope: Envelope) -> None:
        self._hear(hear_attendance, envelope)

    @on_event("letters", "letter.voided.v1")
    def on_letter_voided(self, envelope: Envelope) -> None:
        self._hear(hear_letter_voided, envelope)

    @on_event("letters", "letter.closed.v1")
    def on_letter_closed(self, envelope: Envelope) -> None:
        self._hear(hear_letter_closed, envelope)

    @on_event("letters", "letter.corrected.v1")
    def on_letter_corrected(self, envelope: Envelope) -> None:
        self._hear(hear_correction, envelope)

    @on_event("letters", "letter.secrecy_raised.v1")
    def on_letter_secrecy_raised(self, envelope: Envelope) -> None:
        self._hear(hear_secrecy_raised, envelope)

    @on_event("letters", "task.withdrawn.v1")
    def on_task_withdrawn(self, envelope: Envelope) -> None:
        self._hear(hear_task_dropped, envelope)

    @on_event("letters", "task.cancelled.v1")
    def on_task_cancelled(self, envelope: Envelope) -> None:
        self._hear(hear_task_dropped, envelope)

    @on_event("letters", "task.returned.v1")
    def on_task_returned(self, envelope: Envelope) -> None:
        self._hear(hear_task_dropped, envelope)

    @every(0.5)
    def rebind_lines(self) -> None:
        """Offices that changed hands: their lines follow (in force within 2 s)."""
        _rebinding.run(self._open, self.org, self.clock())
