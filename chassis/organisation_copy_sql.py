"""The read copy of the organisation in a service's PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, UUID, insert

from chassis.database import Database
from chassis.organisation_copy import CopyRow


class OrganisationTables(NamedTuple):
    row: sa.Table
    state: sa.Table


def add_organisation_tables(metadata: sa.MetaData) -> OrganisationTables:
    """Declare the copy's two tables in `metadata`."""
    row = sa.Table(
        "organisation_row",
        metadata,
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("row_id", UUID(as_uuid=True), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("body", JSON(none_as_null=True), nullable=True),
        extend_existing=True,
    )
    state = sa.Table(
        "organisation_state",
        metadata,
        sa.Column("one", sa.Boolean, sa.CheckConstraint("one"), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("synced_to", sa.BigInteger, nullable=False),
        extend_existing=True,
    )
    return OrganisationTables(row, state)


def create_organisation_tables(bind: sa.Connection) -> None:
    """For a migration: ``create_organisation_tables(op.get_bind())``."""
    metadata = sa.MetaData()
    add_organisation_tables(metadata)
    metadata.create_all(bind)


def drop_organisation_tables(bind: sa.Connection) -> None:
    """The way back of `create_organisation_tables`."""
    metadata = sa.MetaData()
    add_organisation_tables(metadata)
    metadata.drop_all(bind)


_ROW, _STATE = add_organisation_tables(sa.MetaData())


class SqlCopyStore:
    """`CopyStore` on the tables above; one short transaction per call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def apply(self, rows: Iterable[CopyRow], synced_to: int | None = None) -> None:
        with self._db.session() as session:
            _count_change(session.connection(), synced_to)
            _upsert_newer(session.connection(), list(rows))
            session.commit()

    def replace(self, rows: Iterable[CopyRow], synced_to: int) -> None:
        with self._db.session() as session:
            _count_change(session.connection(), 0)
            session.execute(sa.delete(_ROW))
            _upsert_newer(session.connection(), list(rows))
            session.execute(sa.update(_STATE).values(synced_to=synced_to))
            session.commit()

    def revision(self) -> int:
        return self._state(_STATE.c.revision, _STATE.c.synced_to > 0)

    def synced_to(self) -> int:
        return self._state(_STATE.c.synced_to, sa.true())

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        query = sa.select(_ROW.c.kind, _ROW.c.body).where(_ROW.c.body.is_not(None))
        with self._db.session() as session:
            return [(row.kind, row.body) for row in session.execute(query)]

    def close(self) -> None:
        self._db.close()

    def _state(
        self, column: sa.ColumnElement[int], only: sa.ColumnElement[bool]
    ) -> int:
        with self._db.session() as session:
            return session.scalar(sa.select(column).where(only)) or 0


def _count_change(connection: sa.Connection, synced_to: int | None) -> None:
    """Move the revision; the row's lock also puts writers in a line."""
    statement = insert(_STATE).values(one=True, revision=1, synced_to=synced_to or 0)
    changed: dict[str, Any] = {"revision": _STATE.c.revision + 1}
    if synced_to is not None:
        changed["synced_to"] = sa.func.greatest(_STATE.c.synced_to, synced_to)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["one"], set_=changed)
    )


def _upsert_newer(connection: sa.Connection, rows: list[CopyRow]) -> None:
    if not rows:
        return
    statement = insert(_ROW)
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "row_id"],
        set_={"version": statement.excluded.version, "body": statement.excluded.body},
        where=_ROW.c.version < statement.excluded.version,
    )
    connection.execute(statement, [row._asdict() for row in rows])
