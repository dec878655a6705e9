"""Rows of the tables to domain objects and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
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
from services.schedule import tables
from services.schedule.domain.activity import Activity, Attendee, Equipment

T = TypeVar("T")

_ACTIVITY = tables.activity.c.keys()
_P = tables.participant.c
ATTENDEE: list[sa.Column[Any]] = [
    *(_P.position_id, _P.role, _P.response, _P.represented_by, _P.represents),
    *(_P.note, _P.person_id, _P.key, _P.from_letter, _P.decided_at),
    tables.booking.c.standing,
]

# Looked up, not made: a page has a thousand of them.
_KINDS = {each.value: each for each in ActivityKind}
_STATES = {each.value: each for each in ActivityState}
_VISIBILITIES = {each.value: each for each in Visibility}
_ROLES = {each.value: each for each in ParticipantRole}
_RESPONSES = {each.value: each for each in Response}
_STANDINGS: dict[str | None, Standing | None] = {
    None: None,
    **{each.value: each for each in Standing},
}


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
    values: sa.Row[Any], attendees: list[Attendee], equipment: list[Equipment]
) -> Activity:
    """Of a row that begins with the columns of the table `activity`."""
    # by position: a Row looks each name up, for as long as making all the rest
    row = dict(zip(_ACTIVITY, values, strict=False))
    external = (
        ActivityExternalRef(system=row["external_system"], id=row["external_id"])
        if row["external_system"] is not None
        else None
    )
    return Activity(
        activity_id=row["activity_id"],
        title=row["title"],
        kind=_KINDS[row["kind"]],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        organiser_unit_id=row["organiser_unit_id"],
        state=_STATES[row["state"]],
        visibility=_VISIBILITIES[row["visibility"]],
        created_by=msgspec.convert(row["created_by"], ActorRef),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        place=_read(row["place"], Place),
        attendees=attendees,
        equipment=equipment,
        letter_id=row["letter_id"],
        external_ref=external,
        travel_before=row["travel_before"],
        travel_after=row["travel_after"],
        override=_read(row["override"], Override),
        reason=row["reason"],
        outcome=_read(row["outcome"], ActivityOutcome),
        blocked=row["blocked"],
        restricted=row["restricted"],
        alternatives=msgspec.convert(row["alternatives"], list[Slot]),
        confirmed_at=row["confirmed_at"],
        version=row["version"],
        series_id=row["series_id"],
        occurrence_at=row["occurrence_at"],
        stored_keys=frozenset(_keys(attendees, equipment)),
        all_day=row["all_day"],
        dress_code=row["dress_code"],
        contact=row["contact"],
        held=None if row["ends_at"] else _held(row),
    )


def _held(row: dict[str, Any]) -> tuple[ActivityKind, datetime, datetime]:
    return _KINDS[row["kind"]], row["starts_at"], row["until_at"]


def _keys(attendees: list[Attendee], equipment: list[Equipment]) -> Iterator[int]:
    lines: list[Attendee | Equipment] = [*attendees, *equipment]
    return (line.key for line in lines if line.key is not None)


def _read(document: Any, kind: type[T]) -> T | None:
    """Most columns are empty: those need no reader."""
    return None if document is None else msgspec.convert(document, kind)


def attendee_of(values: Sequence[Any]) -> Attendee:
    """Of the values of `ATTENDEE`."""
    position_id, role, response, deputy, principal, *rest = values
    note, person_id, key, from_letter, decided_at, standing = rest
    return Attendee(
        position_id,
        _ROLES[role],
        _RESPONSES[response],
        deputy,
        principal,
        note,
        person_id,
        key,
        _STANDINGS[standing],
        from_letter,
        decided_at,
    )


def item_of(row: sa.Row[Any]) -> Equipment:
    return Equipment(
        resource_id=row.resource_id,
        code=row.code,
        name=row.name,
        travels=row.kind == ResourceKind.VEHICLE,
        key=row.key,
        standing=_STANDINGS[row.standing],
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
        "all_day": activity.all_day,
        "dress_code": activity.dress_code,
        "contact": activity.contact,
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
