"""A small regency for schedule tests: every office is held by a person named after it.

``vacant`` has no holder; ``mertua`` holds two offices (``camat`` and ``kabid``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import Actor, ClientRef
from contracts.directory import Assignment, Delegation
from contracts.schedule import ActivityKind, ActivityState, ParticipantRole, Visibility
from contracts.schedule_requests import CreateActivity, ParticipantRequest
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import Caller
from tests.unit.directory.organisations import (
    NOW,
    assignment,
    delegation,
    key,
    midnight,
    person,
    position,
    unit,
)

__all__ = ["NOW", "assignment", "delegation", "key", "midnight"]

UNITS = (
    unit("pemkab", None, "regency", register="setda"),
    unit("setda", "pemkab", "secretariat"),
    unit("bag.prokopim", "setda", "section", register="setda"),
    unit("kominfo", "pemkab"),
    unit("dinkes", "pemkab"),
)
POSITIONS = (
    position("bupati", "pemkab", 1, None),
    position("wabup", "pemkab", 1, "bupati", "deputy"),
    position("sekda", "setda", 2, "bupati"),
    position("ajudan", "pemkab", 6, "bupati", "aide"),
    position("protokol", "bag.prokopim", 6, "sekda", "protocol"),
    position("tu.setda", "setda", 6, "sekda", "registrar"),
    position("kadis", "kominfo", 3, "sekda"),
    position("sekretaris", "kominfo", 4, "kadis", "secretary"),
    position("kabid", "kominfo", 4, "kadis", "division_head"),
    position("tu.kominfo", "kominfo", 6, "sekretaris", "registrar"),
    position("kadinkes", "dinkes", 3, "sekda"),
    position("staf.dinkes", "dinkes", 7, "kadinkes", "staff"),
    position("camat", "dinkes", 3, "sekda"),
    position("vacant", "kominfo", 4, "kadis", "division_head"),
)
TWO_OFFICES = {"camat": "mertua", "kabid": "mertua"}
EMPTY = frozenset({"vacant"})
BASE = tuple(
    assignment(TWO_OFFICES.get(row.code, row.code), row.code)
    for row in POSITIONS
    if row.code not in EMPTY
)
PEOPLE = (*(person(row.code) for row in POSITIONS), person("mertua"))


def organisation(*more: Assignment | Delegation) -> Organisation:
    return Organisation(
        units=UNITS,
        positions=POSITIONS,
        people=PEOPLE,
        assignments=[*BASE, *(row for row in more if isinstance(row, Assignment))],
        delegations=[row for row in more if isinstance(row, Delegation)],
    )


def actor(who: str, acting_as: str | None = None) -> Actor:
    return Actor(
        person_id=key(who), name=who, acting_as=key(acting_as) if acting_as else None
    )


def client(unit_code: str = "kominfo") -> Actor:
    ref = ClientRef(
        client_id=key("client"),
        name="Siska",
        unit_id=key(unit_code),
        scopes=("schedule:read", "schedule:write"),
    )
    return Actor(client=ref)


def caller(
    who: str,
    org: Organisation | None = None,
    now: datetime = NOW,
    acting_as: str | None = None,
) -> Caller:
    return Caller.of(actor(who, acting_as), org or organisation(), now)


def at(hour: float, day: int = 0) -> datetime:
    """A local hour, counted from Thursday 26 November 2026."""
    start = midnight(NOW.date() + timedelta(days=2 + day))
    return start + timedelta(hours=hour)


def people(*codes: str, role: str = "required") -> list[ParticipantRequest]:
    return [
        ParticipantRequest(position_id=key(code), role=ParticipantRole(role))
        for code in codes
    ]


def request(
    *codes: str,
    starts: float = 9,
    ends: float | None = 10,
    day: int = 0,
    state: str = "confirmed",
    **more: object,
) -> CreateActivity:
    fields: dict[str, object] = {
        "title": "Rapat koordinasi",
        "kind": ActivityKind.RAPAT,
        "starts_at": at(starts, day),
        "ends_at": None if ends is None else at(ends, day),
        "organiser_unit_id": key("setda"),
        "state": state,
        "participants": people(*codes),
    }
    return CreateActivity(**{**fields, **more})  # type: ignore[arg-type]


def activity(*attendees: Attendee, **more: object) -> Activity:
    fields: dict[str, object] = {
        "activity_id": UUID(int=1),
        "title": "Rapat",
        "kind": ActivityKind.RAPAT,
        "starts_at": at(9),
        "ends_at": at(10),
        "organiser_unit_id": key("setda"),
        "state": ActivityState.CONFIRMED,
        "visibility": Visibility.INTERNAL,
        "created_by": organisation().actor_ref(actor("ajudan")),
        "created_at": NOW,
        "updated_at": NOW,
        "confirmed_at": NOW,
        "attendees": list(attendees),
    }
    return Activity(**{**fields, **more})  # type: ignore[arg-type]
