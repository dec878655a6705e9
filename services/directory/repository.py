"""The organisation in PostgreSQL: rows in, rows out, each write with its version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.directory import (
    AppointedCapacity,
    Assignment,
    Delegation,
    Person,
    Position,
    Right,
    Unit,
)
from services.directory import orm
from services.directory.domain.appointments import Term

FIRST_REVISION = 1

T = TypeVar("T")


def next_version(session: Session) -> int:
    """The version of a change; also makes changes wait for each other."""
    statement = insert(orm.revision).values(one=True, value=FIRST_REVISION + 1)
    statement = statement.on_conflict_do_update(
        index_elements=["one"], set_={"value": orm.revision.c.value + 1}
    )
    return int(session.execute(statement.returning(orm.revision.c.value)).scalar_one())


def current_revision(session: Session) -> int:
    return session.scalar(sa.select(orm.revision.c.value)) or FIRST_REVISION


class Offices:
    """Units, positions and the people's names."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put_units(self, rows: Iterable[Unit]) -> None:
        self._put(orm.unit, "unit_id", [msgspec.structs.asdict(row) for row in rows])

    def put_positions(self, rows: Iterable[Position]) -> None:
        values = [msgspec.structs.asdict(row) for row in rows]
        for row in values:
            del row["unit_name"]
        self._put(orm.position, "position_id", values)

    def put_people(self, rows: Iterable[Person]) -> None:
        self._put(
            orm.person, "person_id", [msgspec.structs.asdict(row) for row in rows]
        )

    def put_facts(
        self, person_id: UUID, facts: Mapping[str, Any], version: int
    ) -> None:
        """Number, rank, titles: those that are given."""
        self._session.execute(
            sa.update(orm.person)
            .where(orm.person.c.person_id == person_id)
            .values(**facts, version=version)
        )

    def owner_of_nip(self, nip: str) -> UUID | None:
        query = sa.select(orm.person.c.person_id).where(orm.person.c.nip == nip)
        return self._session.scalar(query)

    def facts(self, person_id: UUID) -> sa.RowMapping | None:
        query = sa.select(orm.person).where(orm.person.c.person_id == person_id)
        return self._session.execute(query).mappings().first()

    def person(self, person_id: UUID) -> Person | None:
        query = sa.select(orm.person).where(orm.person.c.person_id == person_id)
        row = self._session.execute(query).mappings().first()
        return row_as(Person, row) if row else None

    def _put(self, table: sa.Table, key: str, values: list[dict[str, Any]]) -> None:
        if not values:
            return
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in values[0] if name != key}
        self._session.execute(
            statement.on_conflict_do_update(index_elements=[key], set_=changed), values
        )


class Assignments:
    """Who holds what; the database refuses a second definitive holder."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: Assignment, *, announced_at: datetime | None = None) -> bool:
        """False when another definitive holder is in office at some of that time."""
        key = sa.select(orm.position.c.position_key).where(
            orm.position.c.position_id == row.position_id
        )
        values = {
            **msgspec.structs.asdict(row),
            "position_key": key.scalar_subquery(),
            "start_announced_at": announced_at,
        }
        statement = insert(orm.assignment).values(values).on_conflict_do_nothing()
        added = self._session.execute(
            statement.returning(orm.assignment.c.assignment_id)
        )
        return added.first() is not None

    def get(self, assignment_id: UUID) -> Assignment | None:
        table = orm.assignment
        query = sa.select(table).where(table.c.assignment_id == assignment_id)
        row = self._session.execute(query).mappings().first()
        return assignment_of(row) if row else None

    def end(self, row: Assignment) -> None:
        self._session.execute(
            sa.update(orm.assignment)
            .where(orm.assignment.c.assignment_id == row.assignment_id)
            .values(ends_on=row.ends_on, ends_at=row.ends_at, version=row.version)
        )

    def definitive_left_at(
        self, position_id: UUID, since: datetime, until: datetime
    ) -> datetime | None:
        """When the last definitive holder left, if that was in this time."""
        table = orm.assignment
        left: datetime | None = self._session.scalar(
            sa.select(sa.func.max(table.c.ends_at)).where(
                table.c.position_id == position_id,
                table.c.capacity == AppointedCapacity.DEFINITIVE,
                table.c.ends_at > since,
                table.c.ends_at <= until,
            )
        )
        return left

    def occupant(self, row: Assignment) -> UUID | None:
        """Who is in the way of `row` as definitive holder."""
        table = orm.assignment
        return self._session.scalar(
            sa.select(table.c.person_id)
            .where(
                table.c.position_id == row.position_id,
                table.c.capacity == AppointedCapacity.DEFINITIVE,
                table.c.during.op("&&")(sa.func.tstzrange(row.starts_at, row.ends_at)),
            )
            .limit(1)
        )

    def plt_terms(self, person_id: UUID, position_id: UUID) -> list[Term]:
        """The terms this person ever served there as Plt."""
        table = orm.assignment
        query = sa.select(table.c.starts_on, table.c.ends_on).where(
            table.c.person_id == person_id,
            table.c.position_id == position_id,
            table.c.capacity == AppointedCapacity.PLT,
            table.c.ends_at > table.c.starts_at,
        )
        return [
            Term(row.starts_on, row.ends_on) for row in self._session.execute(query)
        ]

    def claim_started(self, now: datetime, most: int = 100) -> list[Assignment]:
        """Those whose time has come and nobody was told; told now."""
        table = orm.assignment
        return self._claim(
            table.c.start_announced_at,
            sa.and_(
                table.c.start_announced_at.is_(None),
                table.c.starts_at <= now,
                sa.or_(table.c.ends_at.is_(None), table.c.ends_at > now),
            ),
            now,
            most,
        )

    def claim_ended(self, now: datetime, most: int = 100) -> list[Assignment]:
        """Those that were announced, are over, and nobody was told; told now."""
        table = orm.assignment
        return self._claim(
            table.c.end_announced_at,
            sa.and_(
                table.c.end_announced_at.is_(None),
                table.c.ends_at <= now,
                table.c.start_announced_at.is_not(None),
            ),
            now,
            most,
        )

    def _claim(
        self,
        mark: sa.ColumnElement[Any],
        due: sa.ColumnElement[bool],
        now: datetime,
        most: int,
    ) -> list[Assignment]:
        """Each row goes to one replica: locked rows are skipped by the others."""
        table = orm.assignment
        chosen = sa.select(table.c.assignment_id).where(due).limit(most)
        claimed = self._session.execute(
            sa.update(table)
            .where(table.c.assignment_id.in_(chosen.with_for_update(skip_locked=True)))
            .values({mark: now})
            .returning(table)
        )
        return [assignment_of(row) for row in claimed.mappings()]


class Delegations:
    """What holders lent; a withdrawn one stays as a tombstone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: Delegation) -> None:
        self._session.execute(
            insert(orm.delegation).values(**msgspec.structs.asdict(row))
        )

    def withdraw(
        self, delegation_id: UUID, position_id: UUID, now: datetime, version: int
    ) -> bool:
        """False when there is no such delegation (any more)."""
        table = orm.delegation
        gone = self._session.execute(
            sa.update(table)
            .where(
                table.c.delegation_id == delegation_id,
                table.c.position_id == position_id,
                table.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now, version=version)
            .returning(table.c.delegation_id)
        )
        return gone.first() is not None


def row_as(struct: type[T], row: Mapping[Any, Any]) -> T:
    """A table row as a contract struct; columns it has no field for are left out."""
    # names of columns are a subclass of str, which msgspec does not take
    return msgspec.convert({str(name): row[name] for name in row}, struct)


def assignment_of(row: Any) -> Assignment:
    return row_as(Assignment, row)


def delegation_of(row: Any) -> Delegation:
    names = (name for name in Delegation.__struct_fields__ if name != "rights")
    rights = tuple(Right(right) for right in row["rights"])
    return Delegation(rights=rights, **{name: row[name] for name in names})
