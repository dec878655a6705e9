"""Activities to and from their tables: a constant number of statements each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contracts.errors import Conflict, NotFound, Stale
from contracts.schedule import Resource
from services.schedule import tables
from services.schedule.domain.activity import Activity, Attendee, Equipment
from services.schedule.mapping import (
    ATTENDEE,
    activity_of,
    attendee_of,
    item_of,
    participant_row,
    resource_of,
    resource_row,
    row_of,
)

_A, _P, _R = tables.activity.c, tables.participant.c, tables.activity_resource.c
_T = tables.resource.c

TEXT_ID = SQL_UUID(as_uuid=False)  # as psycopg2 takes it in an array


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

    def of_series(self, series_id: UUID, since: datetime) -> list[Activity]:
        """Occurrences that begin then or later, locked in the order of their ids."""
        query = (
            sa.select(tables.activity)
            .where(_A.series_id == series_id, _A.starts_at >= since)
            .order_by(_A.activity_id)
        )
        rows = self._session.execute(query.with_for_update()).all()
        return self.complete(rows)

    def dated_from(
        self, series_id: UUID, since: datetime, shift: timedelta
    ) -> list[Activity]:
        """Occurrences that begin then or later, or do so by their series, locked."""
        query = (
            sa.select(tables.activity)
            .where(
                _A.series_id == series_id,
                sa.or_(_A.starts_at >= since, _A.occurrence_at >= since - shift),
            )
            .order_by(_A.activity_id)
        )
        return self.complete(self._session.execute(query.with_for_update()).all())

    def hand_over(self, activities: Sequence[Activity]) -> None:
        """Locked occurrences to the series that continues theirs; their lines stay."""
        if not activities:
            return
        own = sa.update(tables.activity).where(_A.activity_id == sa.bindparam("own"))
        names = "series_id", "occurrence_at", "version", "updated_at"
        changed = own.values({name: sa.bindparam(f"new_{name}") for name in names})
        rows = [
            {
                "own": each.activity_id,
                **{f"new_{name}": getattr(each, name) for name in names},
            }
            for each in activities
        ]
        self._session.execute(changed, rows)

    def pencilled(self, over: datetime, limit: int) -> list[UUID]:
        """Never settled, and over by then; not what was entered afterwards, nor what
        waits as a request, which ends by itself."""
        asked = tables.slot_request.c
        waits = sa.exists().where(asked.activity_id == _A.activity_id, ~asked.closed)
        query = (
            sa.select(_A.activity_id)
            .where(
                sa.text("activity.state IN ('proposed', 'tentative')"),
                _A.created_at < _A.until_at,
                _A.until_at <= over,
                ~waits,
            )
            .order_by(_A.until_at)
            .limit(limit)
        )
        return list(self._session.scalars(query))

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
            activity_of(
                row,
                attendees.get(row.activity_id, []),
                equipment.get(row.activity_id, []),
            )
            for row in rows
        ]

    def _attendees(self, ids: list[UUID]) -> dict[UUID, list[Attendee]]:
        query = (
            sa.select(_P.activity_id, *ATTENDEE)
            .select_from(tables.participant)
            .outerjoin(tables.booking, _same_line(tables.participant, ids))
            .where(one_of(_P.activity_id, ids))
            .order_by(_P.activity_id, _P.ordinal)
        )
        rows = groupby(self._session.execute(query), itemgetter(0))
        return {key: [attendee_of(line[1:]) for line in lines] for key, lines in rows}

    def _equipment(self, ids: list[UUID]) -> dict[UUID, list[Equipment]]:
        query = (
            sa.select(
                tables.activity_resource,
                tables.resource.c.kind,
                tables.resource.c.code,
                tables.resource.c.name,
                tables.resource.c.unit_id,
                tables.resource.c.bookable_hours,
                tables.booking.c.standing,
            )
            .join(tables.resource, tables.resource.c.resource_id == _R.resource_id)
            .outerjoin(tables.booking, _same_line(tables.activity_resource, ids))
            .where(one_of(_R.activity_id, ids))
            .order_by(_R.activity_id, _R.ordinal)
        )
        found: dict[UUID, list[Equipment]] = {}
        for row in self._session.execute(query):
            found.setdefault(row.activity_id, []).append(item_of(row))
        return found

    def add_if_absent(self, activity: Activity) -> bool:
        """False when its letter or external reference has an activity already."""
        statement = insert(tables.activity).values(row_of(activity))
        statement = statement.on_conflict_do_nothing()
        added = self._session.execute(statement.returning(_A.activity_id)).first()
        if added is not None:
            self._add_lines(activity)
        return added is not None

    def add_many(self, activities: Sequence[Activity]) -> None:
        """Occurrences of a series: they bear no letter and no reference."""
        if not activities:
            return
        rows = [row_of(activity) for activity in activities]
        self._session.execute(sa.insert(tables.activity), rows)
        self._add_lines(*activities)

    def save(self, activity: Activity) -> None:
        """Write everything of a locked activity back.

        Raises: Conflict ``external_ref_taken``.
        """
        own = _A.activity_id == activity.activity_id
        try:
            self._session.execute(
                sa.update(tables.activity).where(own).values(row_of(activity))
            )
        except IntegrityError as error:
            raise Conflict("external_ref_taken") from error
        for table in (tables.participant, tables.activity_resource):
            mine = table.c.activity_id == activity.activity_id
            self._session.execute(sa.delete(table).where(mine))
        self._add_lines(activity)

    def save_many(self, activities: Sequence[Activity]) -> None:
        """Write many locked ones back; their external references did not change."""
        if not activities:
            return
        ids = [activity.activity_id for activity in activities]
        own = sa.update(tables.activity).where(_A.activity_id == sa.bindparam("own"))
        rows = [row_of(activity) for activity in activities]
        self._session.execute(own, [{**row, "own": row["activity_id"]} for row in rows])
        for table in (tables.participant, tables.activity_resource):
            theirs = table.c.activity_id.in_(ids)
            self._session.execute(sa.delete(table).where(theirs))
        self._add_lines(*activities)

    def rivals(self, activity: Activity) -> list[Activity]:
        """Others that bear its letter, or its name in another application."""
        external = activity.external_ref
        same = []
        if activity.letter_id is not None:
            same.append(_A.letter_id == activity.letter_id)
        if external is not None:
            system, name = _A.external_system, _A.external_id
            same.append(sa.and_(system == external.system, name == external.id))
        if not same:
            return []
        query = sa.select(tables.activity).where(
            sa.or_(*same), _A.activity_id != activity.activity_id
        )
        return self.complete(self._session.execute(query).all())

    def _add_lines(self, *activities: Activity) -> None:
        people = [
            participant_row(activity.activity_id, ordinal, line)
            for activity in activities
            for ordinal, line in enumerate(activity.attendees)
        ]
        things = [
            resource_row(activity.activity_id, ordinal, item)
            for activity in activities
            for ordinal, item in enumerate(activity.equipment)
        ]
        if people:
            self._session.execute(sa.insert(tables.participant), people)
        if things:
            self._session.execute(sa.insert(tables.activity_resource), things)


class Resources:
    """Rooms and vehicles."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self, resource_ids: Collection[UUID], *, hold: bool = False
    ) -> dict[UUID, Resource]:
        """`hold`: as they are until the transaction ends; taken in one order."""
        if not resource_ids:
            return {}
        column = tables.resource.c.resource_id
        query = sa.select(tables.resource).where(column.in_(set(resource_ids)))
        if hold:
            query = query.order_by(column).with_for_update(read=True)
        rows = self._session.execute(query)
        return {row.resource_id: resource_of(row) for row in rows}

    def get(self, resource_id: UUID, *, lock: bool = False) -> Resource:
        """`lock`: against those who hold it while they book. Raises: NotFound."""
        query = sa.select(tables.resource).where(_T.resource_id == resource_id)
        if lock:
            query = query.with_for_update(key_share=True)
        row = self._session.execute(query).first()
        if row is None:
            raise NotFound
        return resource_of(row)

    def add(self, resource: Resource) -> None:
        """Raises: Conflict ``resource_code_taken``."""
        statement = insert(tables.resource).values(_columns_of(resource))
        statement = statement.on_conflict_do_nothing(index_elements=["code"])
        if not self._session.execute(statement.returning(_T.resource_id)).first():
            raise Conflict("resource_code_taken")

    def save(self, resource: Resource) -> None:
        """Raises: Conflict ``resource_code_taken``."""
        own = _T.resource_id == resource.resource_id
        try:
            self._session.execute(
                sa.update(tables.resource).where(own).values(_columns_of(resource))
            )
        except IntegrityError as error:
            raise Conflict("resource_code_taken") from error


def _columns_of(resource: Resource) -> dict[str, Any]:
    """Its fields are named as the columns are."""
    plain: dict[str, Any] = msgspec.to_builtins(resource, builtin_types=(UUID,))
    return plain


def _same_line(table: sa.Table, ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """The ids stand on both sides: PostgreSQL does not infer the second, and would
    look each line up, or read the table."""
    booking = tables.booking.c
    return sa.and_(
        booking.activity_id == table.c.activity_id,
        booking.key == table.c.key,
        one_of(booking.activity_id, ids),
    )


def one_of(column: sa.Column[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """``column IN ids`` with one parameter: a page names hundreds."""
    texts = [str(key) for key in ids]
    return column == sa.any_(sa.literal(texts, ARRAY(TEXT_ID)))


def overlapping(start: datetime | None, end: datetime | None) -> sa.ColumnElement[bool]:
    """Activities that touch ``[start, end)``; None = unbounded."""
    during = sa.func.tstzrange(_A.starts_at, _A.until_at)
    return during.op("&&")(sa.func.tstzrange(start, end))
