"""What tests do at the schedule's desk: acts by named people, and a look below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from chassis.database import Database
from chassis.organisation import Organisation
from chassis.testing import empty
from contracts.actor import Actor
from contracts.errors import Conflict
from contracts.paging import Page
from contracts.schedule import Activity, MonitoredLine, ResourceKind
from contracts.schedule_requests import (
    ActOnActivity,
    ConfirmActivity,
    ConflictsQuery,
    CreateActivity,
    ExchangeParticipants,
    OverrideRequest,
    RecordOutcome,
    RespondToActivity,
    UpdateActivity,
)
from contracts.schedule_slot_requests import (
    AcceptSlotRequest,
    MoveSlotRequest,
    RefuseSlotRequest,
    SlotRequest,
    SlotRequestsQuery,
)
from services.schedule import tables
from services.schedule.domain.keepers import Caller
from services.schedule.extending import extend_all
from services.schedule.unit_of_work import UnitOfWork, opener
from services.schedule.use_cases import (
    acting,
    answering,
    creating,
    recording,
    responding,
)
from services.schedule.use_cases.exchanging import exchange_participants
from services.schedule.use_cases.expiring import expire_requests, lapse_pencilled
from services.schedule.use_cases.series_cancelling import cancel_scope, postpone_scope
from services.schedule.use_cases.series_changing import update_scope
from services.schedule.use_cases.series_confirming import confirm_scope
from services.schedule.use_cases.series_creating import create_series
from services.schedule.use_cases.series_scope import Scope
from services.schedule.views.activities import get_activity
from services.schedule.views.monitor import list_conflicts
from services.schedule.views.slot_requests import list_slot_requests
from tests.unit.schedule.offices import NOW, actor, key, organisation

T = TypeVar("T")

RESOURCES = (
    ("aula", ResourceKind.ROOM),
    ("ruang", ResourceKind.ROOM),
    ("mobil", ResourceKind.VEHICLE),
)

_OVERLAPS = sa.text(
    "SELECT a.key, a.activity_id, b.activity_id FROM booking a JOIN booking b"
    " ON a.key = b.key AND a.activity_id < b.activity_id AND a.during && b.during"
    " WHERE a.binds AND b.binds"
)


class Desk:
    """Runs each act in a transaction of its own, as the service does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.org: Organisation = organisation()
        self.now: datetime = NOW

    # ---- the world ----------------------------------------------------------------

    def clear(self) -> None:
        empty(self.database)

    def furnish(self) -> None:
        rows = [
            {"resource_id": key(code), "code": code, "name": f"Nama {code}"}
            | {"kind": kind.value, "unit_id": key("setda")}
            for code, kind in RESOURCES
        ]
        with self.database.engine.begin() as connection:
            connection.execute(sa.insert(tables.resource), rows)

    def caller(self, who: str | Actor, acting_as: str | None = None) -> Caller:
        found = actor(who, acting_as) if isinstance(who, str) else who
        return Caller.of(found, self.org, self.now)

    def run(self, effect: Callable[[UnitOfWork], T]) -> T:
        with opener(self.database, lambda: self.now)() as uow:
            result = effect(uow)
            uow.commit()
            return result

    # ---- acts ---------------------------------------------------------------------

    def create(self, who: str | Actor, request: CreateActivity) -> Activity:
        caller, recurrence = self.caller(who), request.recurrence
        if recurrence is not None:
            return self.run(lambda uow: create_series(uow, caller, request, recurrence))
        return self.run(lambda uow: creating.create_activity(uow, caller, request))

    def extend(self) -> int:
        """What every replica does at night."""
        return extend_all(
            opener(self.database, lambda: self.now), lambda: self.org, self.now
        )

    def confirm(
        self,
        who: str,
        activity_id: UUID,
        override: str | None = None,
        scope: Scope = "this",
    ) -> Activity:
        wanted = OverrideRequest(reason=override) if override else None
        request = ConfirmActivity(override=wanted)
        act = partial(confirm_scope, scope=scope)
        return self._act(act, who, activity_id, request)

    def cancel(self, who: str, activity_id: UUID, scope: Scope = "this") -> Activity:
        act = partial(cancel_scope, scope=scope)
        return self._act(act, who, activity_id, ActOnActivity())

    def postpone(self, who: str, activity_id: UUID, scope: Scope = "this") -> Activity:
        act = partial(postpone_scope, scope=scope)
        return self._act(act, who, activity_id, ActOnActivity())

    def complete(self, who: str, activity_id: UUID) -> Activity:
        return self._act(acting.complete_activity, who, activity_id, ActOnActivity())

    def update(
        self,
        who: str,
        activity_id: UUID,
        version: int | None = None,
        scope: Scope = "this",
        **fields: Any,
    ) -> Activity:
        request, caller = UpdateActivity(**fields), self.caller(who)
        return self.run(
            lambda uow: update_scope(uow, caller, activity_id, request, version, scope)
        )

    def respond(
        self,
        who: str,
        activity_id: UUID,
        position: str,
        response: str,
        by: str | None = None,
    ) -> Activity:
        request = msgspec.convert(
            {"response": response, "represented_by": str(key(by)) if by else None},
            RespondToActivity,
        )
        caller = self.caller(who)
        return self.run(
            lambda uow: responding.respond_to_activity(
                uow, caller, activity_id, key(position), request
            )
        )

    def exchange(
        self, who: str, one: UUID, position: str, other: UUID, theirs: str
    ) -> list[Activity]:
        request = ExchangeParticipants(
            position_id=key(position),
            other_activity_id=other,
            other_position_id=key(theirs),
        )
        caller = self.caller(who)
        return self.run(
            lambda uow: exchange_participants(uow, caller, one, request)
        ).activities

    def get(self, who: str | Actor, activity_id: UUID) -> Activity:
        caller = self.caller(who)
        return self.run(lambda uow: get_activity(uow, caller, activity_id))

    def _act(
        self, act: Callable[..., Activity], who: str, activity_id: UUID, request: Any
    ) -> Activity:
        caller = self.caller(who)
        return self.run(lambda uow: act(uow, caller, activity_id, request))

    def record(
        self, who: str | Actor, activity_id: UUID, version: int | None = None
    ) -> Activity:
        request = RecordOutcome(summary="Sepakat", decisions=["Lanjut"])
        caller = self.caller(who)
        return self.run(
            lambda uow: recording.record_outcome(
                uow, caller, activity_id, request, version
            )
        )

    def accept(
        self, who: str | Actor, activity_id: UUID, note: str | None = None
    ) -> SlotRequest:
        request = AcceptSlotRequest(note=note)
        return self._answer(answering.accept_slot_request, who, activity_id, request)

    def offer(
        self, who: str, activity_id: UUID, starts_at: datetime, ends_at: datetime
    ) -> SlotRequest:
        request = MoveSlotRequest(starts_at=starts_at, ends_at=ends_at, note="Rapat")
        return self._answer(answering.move_slot_request, who, activity_id, request)

    def refuse(self, who: str | Actor, activity_id: UUID) -> SlotRequest:
        request = RefuseSlotRequest(reason="Penuh")
        return self._answer(answering.refuse_slot_request, who, activity_id, request)

    def slots(
        self, who: str | Actor, box: str, open_: bool | None = None
    ) -> list[SlotRequest]:
        caller = self.caller(who)
        query = msgspec.convert({"box": box, "open": open_}, SlotRequestsQuery)
        return self.run(lambda uow: list_slot_requests(uow, caller, query)).items

    def expire(self) -> int:
        return expire_requests(
            opener(self.database, lambda: self.now), self.org, self.now
        )

    def lapse(self) -> int:
        return lapse_pencilled(
            opener(self.database, lambda: self.now), self.org, self.now
        )

    def _answer(
        self,
        act: Callable[..., SlotRequest],
        who: str | Actor,
        activity_id: UUID,
        request: Any,
    ) -> SlotRequest:
        caller = self.caller(who)
        return self.run(lambda uow: act(uow, caller, activity_id, request))

    # ---- below the surface --------------------------------------------------------

    def double_bookings(self) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(_OVERLAPS))

    def count(self, table: str, where: str = "true") -> int:
        with self.database.engine.connect() as connection:
            query = sa.text(f"SELECT count(*) FROM {table} WHERE {where}")
            return int(connection.scalar(query) or 0)

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        with self.database.engine.connect() as connection:
            rows = connection.scalars(
                sa.text("SELECT body FROM outbox ORDER BY seq")
            ).all()
        return [row for row in rows if kind in (None, row["type"])]


def monitored(desk: Desk, who: str | Actor, **query: Any) -> Page[MonitoredLine]:
    wanted = msgspec.convert(query, ConflictsQuery)
    caller = desk.caller(who)
    return desk.run(lambda uow: list_conflicts(uow, caller, wanted))


def standing(activity: Activity, position: str) -> str | None:
    """How a participant's line stands."""
    line = next(x for x in activity.participants if x.position_id == key(position))
    return line.standing.value if line.standing else None


def refused(act: Callable[[], Any]) -> Conflict:
    """The conflict an act meets."""
    try:
        act()
    except Conflict as error:
        return error
    raise AssertionError("nothing was in the way")
