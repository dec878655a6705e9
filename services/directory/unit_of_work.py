"""The transaction border of the directory.

Outside nameko (seeding, tests, operations)::

    db = Database.of_service(config, "directory")
    open_uow = opener(db, lambda: some_instant)
    with open_uow() as uow:
        import_organisation(uow, units_csv, positions_csv, password="…")
        uow.commit()
    organisation = read_organisation(db)      # for the seeding of the others
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self
from uuid import UUID

from chassis.clock import Now
from chassis.context import CallContext
from chassis.database import Database
from chassis.organisation import Organisation
from chassis.unit_of_work import UnitOfWork
from contracts.directory import (
    Assignment,
    Delegation,
    DirectoryChanged,
    Person,
    Position,
    Removed,
    RowKind,
    Unit,
)
from services.directory import snapshots
from services.directory.repository import (
    Assignments,
    Delegations,
    Offices,
    next_version,
)
from services.directory.repository_accounts import Accounts, Sessions, Throttle

ChangedRow = Unit | Position | Person | Assignment | Delegation | Removed


class DirectoryUnitOfWork(UnitOfWork):
    """Adds the repositories, and tells the read copies what changed."""

    offices: Offices
    assignments: Assignments
    delegations: Delegations
    accounts: Accounts
    sessions: Sessions
    throttle: Throttle

    def __enter__(self) -> Self:
        super().__enter__()
        self.offices = Offices(self.session)
        self.assignments = Assignments(self.session)
        self.delegations = Delegations(self.session)
        self.accounts = Accounts(self.session)
        self.sessions = Sessions(self.session)
        self.throttle = Throttle(self.session)
        self._changed: list[ChangedRow] = []
        return self

    def next_version(self) -> int:
        return next_version(self.session)

    def changed(self, *rows: ChangedRow) -> None:
        """Rows that leave with this unit as one ``directory.changed.v1``."""
        self._changed.extend(rows)

    def removed(self, kind: RowKind, row_id: UUID, version: int) -> None:
        self.changed(Removed(kind=kind, row_id=row_id, version=version))

    def _commit(self) -> None:
        if self._changed:
            self.publish(self._changes(), subject="directory")
            self._changed = []
        super()._commit()

    def _changes(self) -> DirectoryChanged:
        rows = self._changed
        return DirectoryChanged(
            units=tuple(row for row in rows if isinstance(row, Unit)),
            positions=tuple(row for row in rows if isinstance(row, Position)),
            people=tuple(row for row in rows if isinstance(row, Person)),
            assignments=tuple(row for row in rows if isinstance(row, Assignment)),
            delegations=tuple(row for row in rows if isinstance(row, Delegation)),
            removed=tuple(row for row in rows if isinstance(row, Removed)),
        )


def opener(
    db: Database, clock: Now, call: CallContext | None = None
) -> Callable[[], DirectoryUnitOfWork]:
    """A function that opens one unit of work after another."""
    return lambda: DirectoryUnitOfWork(db, clock, call)


def read_organisation(db: Database) -> Organisation:
    """The organisation as the directory has it now."""
    with db.session() as session:
        return snapshots.organisation(session)
