"""Activities to and from their tables: a constant number of statements each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import Conflict, NotFound, Stale
from contracts.schedule import (
    ActivityExternalRef,
    ActivityKind,
    ActivityState,
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

_A, _P, _R = tables.activity.c, tables.participant.c, tables.activity_resource.c


class Activities:
    """Activities of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(
        self,
        activity_id: UUID,
        *,
        lock: bool = False,
        expected_version: int | None = None,
    ) -> Activity:
        """Raises: NotFound; Stale when it is not at `expected_version`."""
        query = sa.select(tables.activity).where(_A.activity_id == activity_id)
        row = self._session.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise NotFound
        if expected_version not in (None, row.version):
            raise Stale(version=row.version)
        return self.complete([row])[0]

    def of_letter(self, letter_id: UUID) -> Activity | None:
        """The letter's one activity, locked."""
        query = sa.select(tables.activity).where(_A.letter_id == letter_id)
        row = self._session.execute(query.with_for_update()).first()
        return self.complete([row])[0] if row else None

    def find(self, activity_ids: Iterable[UUID]) -> list[Activity]:
        """Those that exist, in no particular order."""
        query = sa.select(tables.activity).where(_A.activity_id.in_(set(activity_ids)))
        return self.complete(self._session.execute(query).all())

    def complete(self, rows: Collection[sa.Row[Any]]) -> list[Activity]:
        """Activities of rows of the table `activity`, with their lines."""
        if not rows:
            return []
        ids = [row.activity_id for row in rows]
        attendees = self._attendees(ids)
        equipment = self._equipment(ids)
        return [
            _activity(
                row,
                attendees.get(row.activity_id, []),
                equipment.get(row.activity_id, []),
            )
            for row in rows
        ]

    def _attendees(self, ids: list[UUID]) -> dict[UUID, list[Attendee]]:
        query = (
            sa.select(tables.participant, tables.booking.c.standing)
            .outerjoin(tables.booking, _same_line(tables.participant))
            .where(_P.activity_id.in_(ids))
            .order_by(_P.activity_id, _P.ordinal)
        )
        found: dict[UUID, list[Attendee]] = {}
        for row in self._session.execute(query):
            found.setdefault(row.activity_id, []).append(_attendee(row))
        return found

    def _equipment(self, ids: list[UUID]) -> dict[UUID, list[Equipment]]:
        query = (
            sa.select(
                tables.activity_resource,
                tables.resource.c.kind,
                tables.booking.c.standing,
            )
            .join(tables.resource, tables.resource.c.resource_id == _R.resource_id)
            .outerjoin(tables.booking, _same_line(tables.activity_resource))
            .where(_R.activity_id.in_(ids))
            .order_by(_R.activity_id, _R.ordinal)
        )
        found: dict[UUID, list[Equipment]] = {}
        for row in self._session.execute(query):
            found.setdefault(row.activity_id, []).append(_item(row))
        return found

    def add(self, activity: Activity) -> None:
        """Raises: Conflict ``letter_has_activity`` or ``external_ref_taken``."""
        self._write(sa.insert(tables.activity).values(_row(activity)), activity)
        self._add_lines(activity)

    def save(self, activity: Activity) -> None:
        """Write everything of a locked activity back."""
        own = _A.activity_id == activity.activity_id
        self._write(
            sa.update(tables.activity).where(own).values(_row(activity)), activity
        )
        for table in (tables.participant, tables.activity_resource):
            mine = table.c.activity_id == activity.activity_id
            self._session.execute(sa.delete(table).where(mine))
        self._add_lines(activity)

    def _write(self, statement: sa.Insert | sa.Update, activity: Activity) -> None:
        try:
            with self._session.begin_nested():
                self._session.execute(statement)
        except IntegrityError as error:
            raise self._taken(activity, error) from error

    def _taken(self, activity: Activity, error: IntegrityError) -> Exception:
        constraint = getattr(error.orig, "diag", None)
        match getattr(constraint, "constraint_name", None):
            case "uq__activity__letter":
                return Conflict(
                    "letter_has_activity", letter_id=str(activity.letter_id)
                )
            case "uq__activity__external_ref":
                return Conflict("external_ref_taken")
        return error

    def _add_lines(self, activity: Activity) -> None:
        people = [
            _participant_row(activity.activity_id, ordinal, line)
            for ordinal, line in enumerate(activity.attendees)
        ]
        things = [
            _resource_row(activity.activity_id, ordinal, item)
            for ordinal, item in enumerate(activity.equipment)
        ]
        if people:
            self._session.execute(sa.insert(tables.participant).values(people))
        if things:
            self._session.execute(sa.insert(tables.activity_resource).values(things))


class Resources:
    """Rooms and vehicles."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, resource_ids: Collection[UUID]) -> dict[UUID, Resource]:
        if not resource_ids:
            return {}
        column = tables.resource.c.resource_id
        query = sa.select(tables.resource).where(column.in_(set(resource_ids)))
        rows = self._session.execute(query)
        return {row.resource_id: resource_of(row) for row in rows}


def resource_of(row: sa.Row[Any]) -> Resource:
    return Resource(
        resource_id=row.resource_id,
        code=row.code,
        name=row.name,
        kind=ResourceKind(row.kind),
        unit_id=row.unit_id,
        capacity=row.capacity,
        place=row.place,
    )


def _same_line(table: sa.Table) -> sa.ColumnElement[bool]:
    booking = tables.booking.c
    return sa.and_(
        booking.activity_id == table.c.activity_id, booking.key == table.c.key
    )


def _activity(
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
        blocked=row.blocked,
        alternatives=msgspec.convert(row.alternatives, list[Slot]),
        confirmed_at=row.confirmed_at,
        version=row.version,
    )


def _attendee(row: sa.Row[Any]) -> Attendee:
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


def _item(row: sa.Row[Any]) -> Equipment:
    return Equipment(
        resource_id=row.resource_id,
        travels=row.kind == ResourceKind.VEHICLE,
        key=row.key,
        standing=Standing(row.standing) if row.standing else None,
    )


def _row(activity: Activity) -> dict[str, Any]:
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
        "blocked": activity.blocked,
        "alternatives": codec.dump(activity.alternatives),
        "created_by": codec.dump(creator),
        "created_by_person": creator.person.person_id if creator.person else None,
        "created_by_client": creator.client.client_id if creator.client else None,
        "created_at": activity.created_at,
        "updated_at": activity.updated_at,
        "confirmed_at": activity.confirmed_at,
        "version": activity.version,
    }


def _participant_row(
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


def _resource_row(activity_id: UUID, ordinal: int, item: Equipment) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "resource_id": item.resource_id,
        "ordinal": ordinal,
        "key": item.key,
    }


def overlapping(start: datetime | None, end: datetime | None) -> sa.ColumnElement[bool]:
    """Activities that touch ``[start, end)``; None = unbounded."""
    during = sa.func.tstzrange(_A.starts_at, _A.until_at)
    return during.op("&&")(sa.func.tstzrange(start, end))
