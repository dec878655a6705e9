"""A patched process, the directory with the demo organisation, and who calls it."""

from chassis.testing import patch_eventlet

patch_eventlet()

from collections.abc import Callable  # noqa: E402
from datetime import datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from uuid import UUID  # noqa: E402

import pytest  # noqa: E402
import sqlalchemy as sa  # noqa: E402

from chassis import clock  # noqa: E402
from chassis.context import CallContext  # noqa: E402
from chassis.database import Database  # noqa: E402
from chassis.organisation import Organisation  # noqa: E402
from contracts.actor import Actor  # noqa: E402
from services.directory import orm  # noqa: E402
from services.directory.importing import import_organisation  # noqa: E402
from services.directory.unit_of_work import opener, read_organisation  # noqa: E402

DEMO = Path(__file__).parents[3] / "deploy" / "demo"
PASSWORD = "a demo password"


class Regency:
    """The seeded directory: ids by code, callers by username."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with opener(database, clock.now)() as uow:
            import_organisation(
                uow,
                DEMO / "units.csv",
                DEMO / "positions.csv",
                password=PASSWORD,
            )
            self.people = uow.accounts.usernames()
            uow.commit()

    @property
    def org(self) -> Organisation:
        return read_organisation(self.database)

    def position(self, code: str) -> UUID:
        return self.org.position_by_code(code).position_id

    def actor(self, username: str) -> Actor:
        return Actor(person_id=self.people[username], name=username)

    def context(self, username: str) -> CallContext:
        return CallContext(actor=self.actor(username), request_id=f"as-{username}")

    def units_of_work(self, now: datetime) -> Callable:
        return opener(self.database, lambda: now)

    def events(self, type_: str) -> list[dict]:
        """What the outbox holds, oldest first (no relay runs)."""
        table = orm.metadata.tables["outbox"]
        query = sa.select(table.c.body).where(table.c.type == type_)
        with self.database.session() as session:
            return [row["data"] for row in session.scalars(query.order_by(table.c.seq))]

    def vacate(self, code: str) -> None:
        """Remove everybody's assignments to a position."""
        table = orm.assignment
        with self.database.session() as session:
            session.execute(
                sa.delete(table).where(table.c.position_id == self.position(code))
            )
            session.execute(
                sa.update(orm.revision).values(value=orm.revision.c.value + 1)
            )
            session.commit()


@pytest.fixture(scope="module")
def regency(database_of: Callable[[str], Database]) -> Regency:
    return Regency(database_of("directory"))
