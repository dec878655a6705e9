"""All rows of the organisation: for read copies, and for the directory's own index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.organisation import Organisation
from chassis.organisation_copy import rows_of
from contracts.directory import (
    Assignment,
    Person,
    Position,
    Removed,
    RowKind,
    Snapshot,
    Unit,
)
from services.directory import orm
from services.directory.repository import (
    current_revision,
    delegation_of,
    row_as,
)

T = TypeVar("T")


def snapshot(session: Session, since: int = 0) -> Snapshot:
    """Every row changed after `since`; its revision is read first, so that nothing
    between the two is missed (it may come twice)."""
    revision = current_revision(session)
    lent = _changed(session, orm.delegation, since)
    return Snapshot(
        revision=revision,
        units=_rows(session, orm.unit, since, Unit),
        positions=_rows(session, orm.position, since, Position),
        people=_rows(session, orm.person, since, Person),
        assignments=_rows(session, orm.assignment, since, Assignment),
        delegations=tuple(
            delegation_of(row) for row in lent if row["withdrawn_at"] is None
        ),
        removed=tuple(
            Removed(
                kind=RowKind.DELEGATION,
                row_id=row["delegation_id"],
                version=row["version"],
            )
            for row in lent
            if row["withdrawn_at"] is not None
        ),
    )


def organisation(session: Session) -> Organisation:
    found = snapshot(session)
    return Organisation(
        found.units,
        found.positions,
        found.people,
        found.assignments,
        found.delegations,
    )


def _changed(session: Session, table: sa.Table, since: int) -> Sequence[Any]:
    query = sa.select(table).where(table.c.version > since)
    return session.execute(query).mappings().all()


def _rows(
    session: Session, table: sa.Table, since: int, struct: type[T]
) -> tuple[T, ...]:
    rows = _changed(session, table, since)
    return tuple(row_as(struct, row) for row in rows)


class OwnRows:
    """`RowReader` on the directory's own tables: its index needs no copy."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def revision(self) -> int:
        with self._db.session() as session:
            return current_revision(session)

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        with self._db.session() as session:
            found = rows_of(snapshot(session))
        return [(row.kind, row.body) for row in found if row.body is not None]

    def close(self) -> None:
        self._db.close()
