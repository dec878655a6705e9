"""Rows of the tables to domain objects and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from contracts import codec
from contracts.actor import ActorRef
from contracts.schedule import (
    ActivityExternalRef,
    ActivityKind,
    ActivityOutcome,
    ActivityState,
    OpenHours,
    Override,
    ParticipantRole,
    Place,
    Resource,
    ResourceKind,
    Response,
    Slot,
    Standing,
    Visibility,
)
from services.schedule.domain.activity import Activity, Attendee, Equipment


def resource_of(row: sa.Row[Any]) -> Resource:
    return Resource(
        resource_id=row.resource_id,
        code=row.code,
        name=row.name,
        kind=ResourceKind(row.kind),
        unit_id=row.unit_id,
        capacity=row.capacity,
        place=row.place,
        active=row.active,
        needs_approval=row.needs_approval,
        bookable_hours=msgspec.convert(row.bookable_hours, list[OpenHours]),
        version=row.version,
    )


def activity_of(
    row: sa.Row[Any], attendees: list[Attendee], equipment: list[Equipment]
) -> Activity:
    external = (
        ActivityExternalRef(system=row.external_system, id=row.external_id)
        if row.external_system is not None
        else None
    )
    return Activity(
        activity_id=row.activity_id,
        title=row.title,
        kind=ActivityKind(row.kind),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        organiser_unit_id=row.organiser_unit_id,
        state=ActivityState(row.state),
        visibility=Visibility(row.visibility),
        created_by=msgspec.convert(row.created_by, ActorRef),
        created_at=row.created_at,
        updated_at=row.updated_at,
        place=msgspec.convert(row.place, Place | None),
        attendees=attendees,
        equipment=equipment,
        letter_id=row.letter_id,
        external_ref=external,
        travel_before=row.travel_before,
        travel_after=row.travel_after,
        override=msgspec.convert(row.override, Override | None),
        reason=row.reason,
        outcome=msgspec.convert(row.outcome, ActivityOutcome | None),
        blocked=row.blocked,
        restricted=row.restricted,
        alternatives=msgspec.convert(row.alternatives, list[Slot]),
        confirmed_at=row.confirmed_at,
        version=row.version,
        series_id=row.series_id,
        occurrence_at=row.occurrence_at,
        stored_keys=frozenset(_keys(attendees, equipment)),
    )


def _keys(attendees: list[Attendee], equipment: list[Equipment]) -> Iterator[int]:
    lines: list[Attendee | Equipment] = [*attendees, *equipment]
    return (line.key for line in lines if line.key is not None)


def attendee_of(row: sa.Row[Any]) -> Attendee:
    return Attendee(
        position_id=row.position_id,
        role=ParticipantRole(row.role),
        response=Response(row.response),
        represented_by=row.represented_by,
        represents=row.represents,
        note=row.note,
        person_id=row.person_id,
        key=row.key,
        standing=Standing(row.standing) if row.standing else None,
        from_letter=row.from_letter,
        decided_at=row.decided_at,
    )


def item_of(row: sa.Row[Any]) -> Equipment:
    return Equipment(
        resource_id=row.resource_id,
        code=row.code,
        name=row.name,
        travels=row.kind == ResourceKind.VEHICLE,
        key=row.key,
        standing=Standing(row.standing) if row.standing else None,
        approved=row.approved,
        unit_id=row.unit_id,
        hours=msgspec.convert(row.bookable_hours, tuple[OpenHours, ...]),
    )


def row_of(activity: Activity) -> dict[str, Any]:
    creator, external = activity.created_by, activity.external_ref
    return {
        "activity_id": activity.activity_id,
        "title": activity.title,
        "kind": activity.kind.value,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "until_at": activity.span.end,
        "organiser_unit_id": activity.organiser_unit_id,
        "state": activity.state.value,
        "visibility": activity.visibility.value,
        "place": codec.dump(activity.place),
        "letter_id": activity.letter_id,
        "external_system": external.system if external else None,
        "external_id": external.id if external else None,
        "travel_before": activity.travel_before,
        "travel_after": activity.travel_after,
        "override": codec.dump(activity.override),
        "reason": activity.reason,
        "outcome": codec.dump(activity.outcome),
        "blocked": activity.blocked,
        "restricted": activity.restricted,
        "alternatives": codec.dump(activity.alternatives),
        "created_by": codec.dump(creator),
        "created_by_person": creator.person.person_id if creator.person else None,
        "created_by_client": creator.client.client_id if creator.client else None,
        "created_at": activity.created_at,
        "updated_at": activity.updated_at,
        "confirmed_at": activity.confirmed_at,
        "version": activity.version,
        "series_id": activity.series_id,
        "occurrence_at": activity.occurrence_at,
        "deserted": activity.deserted,
    }


def participant_row(
    activity_id: UUID, ordinal: int, attendee: Attendee
) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "position_id": attendee.position_id,
        "ordinal": ordinal,
        "role": attendee.role.value,
        "response": attendee.response.value,
        "represented_by": attendee.represented_by,
        "represents": attendee.represents,
        "note": attendee.note,
        "person_id": attendee.person_id,
        "key": attendee.key if attendee.claims else None,
        "from_letter": attendee.from_letter,
        "decided_at": attendee.decided_at,
    }


def resource_row(activity_id: UUID, ordinal: int, item: Equipment) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "resource_id": item.resource_id,
        "ordinal": ordinal,
        "key": item.key,
        "approved": item.approved,
    }
