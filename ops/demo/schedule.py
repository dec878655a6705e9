"""The schedule of the demo: rooms, vehicles and a week of activities."""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from chassis.database import Database
from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts import schedule as c
from contracts.schedule_requests import (
    CreateActivity,
    OverrideRequest,
    ParticipantRequest,
)
from ops.demo.moments import Moments
from ops.demo.offices import Offices, StoryClock
from ops.demo.story import FACTS, DemoActivity, activities
from services.schedule import tables
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork, opener
from services.schedule.use_cases.creating import create_activity


def fill(db: Database, org: Organisation, moments: Moments) -> str:
    offices = Offices(org)
    told = activities()
    clock = StoryClock(moments.past(4, 8))
    with opener(db, clock)() as uow:
        resources = _add_resources(uow, offices)
        for activity in told:
            # Everything was entered one after the other, some days ago.
            clock.at += timedelta(minutes=7)
            caller = Caller.of(offices.actor(activity.by, clock.at), org, clock.at)
            body = _body(activity, offices, resources, moments)
            create_activity(uow, caller, body)
        uow.commit()
    return f"{len(told)} activities"


def _add_resources(uow: UnitOfWork, offices: Offices) -> dict[str, UUID]:
    """Rooms and vehicles by their code."""
    with (FACTS / "resources.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            {
                "resource_id": new_id(),
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "unit_id": offices.unit_id(row["unit_code"]),
                "capacity": int(row["capacity"]) if row["capacity"] else None,
                "place": row["place"] or None,
            }
            for row in csv.DictReader(lines)
        ]
    uow.session.execute(sa.insert(tables.resource), rows)
    return {str(row["code"]): row["resource_id"] for row in rows}  # type: ignore[misc]


def _body(
    told: DemoActivity,
    offices: Offices,
    resources: dict[str, UUID],
    moments: Moments,
) -> CreateActivity:
    starts_at = moments.coming(*told.start)
    return CreateActivity(
        title=told.title,
        kind=c.ActivityKind(told.kind),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=told.minutes),
        organiser_unit_id=offices.unit_id(told.unit),
        state=told.state,
        visibility=c.Visibility(told.visibility),
        place=c.Place(name=told.place) if told.place else None,
        participants=_participants(told, offices),
        resource_ids=[resources[code] for code in told.resources],
        override=OverrideRequest(reason=told.override) if told.override else None,
    )


def _participants(told: DemoActivity, offices: Offices) -> list[ParticipantRequest]:
    lines = {"host": told.host, "required": told.required, "invited": told.invited}
    return [
        ParticipantRequest(
            position_id=offices.position_id(code), role=c.ParticipantRole(role)
        )
        for role, codes in lines.items()
        for code in codes
    ]
