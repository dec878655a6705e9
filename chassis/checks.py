"""The readiness checks of a service process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from chassis import outbox
from chassis.bus import Bus
from chassis.database import Database
from chassis.migrations import head_revision

CACHE_SECONDS = 5.0
OUTBOX_SECONDS = 60.0


class Check(NamedTuple):
    ok: bool
    detail: str = ""


class Checks:
    """Runs what applies to `container`; database answers are kept 5 s."""

    def __init__(self, container: Any) -> None:
        self._container = container
        self._kept: dict[str, Check] = {}
        self._kept_until = 0.0
        self._head = head_revision(container.service_name)

    def run(self) -> dict[str, Check]:
        checks = {"draining": self._not_draining(), **self._bus()}
        if time.monotonic() >= self._kept_until:
            self._kept = dict(self._stores())
            self._kept_until = time.monotonic() + CACHE_SECONDS
        return {**checks, **self._kept}

    def _not_draining(self) -> Check:
        draining = bool(self._container.draining)
        return Check(not draining, "draining" if draining else "")

    def _bus(self) -> dict[str, Check]:
        bus = next((e for e in self._container.extensions if isinstance(e, Bus)), None)
        if bus is None:
            return {}
        return {
            "consumers": Check(bus.consuming.up, "" if bus.consuming.up else "down"),
            "publisher": Check(bus.publishing.up, "" if bus.publishing.up else "down"),
        }

    def _stores(self) -> Iterator[tuple[str, Check]]:
        database = _database(self._container)
        if database is not None:
            yield "database", _tried(lambda: self._ping(database))
            yield "migrations", _tried(lambda: self._migrated(database))
            yield "outbox", _tried(lambda: self._outbox(database))
        for extension in self._container.extensions:
            # a provider may bring its own check (MongoDB does)
            if hasattr(extension, "check_health"):
                name = type(extension).__name__.lower()
                yield name, _tried(lambda e=extension: _own(e))  # type: ignore[misc]

    def _ping(self, database: Database) -> Check:
        database.ping()
        return Check(True)

    def _migrated(self, database: Database) -> Check:
        if self._head is None:
            return Check(True, "no migrations")
        with database.engine.connect() as connection:
            query = sa.text("SELECT version_num FROM alembic_version")
            found = set(connection.scalars(query))
        return Check(found == self._head, ",".join(sorted(found)))

    def _outbox(self, database: Database) -> Check:
        with database.engine.connect() as connection:
            if not sa.inspect(connection).has_table("outbox"):
                return Check(True, "no outbox")
            pending, oldest = outbox.status(connection)
        return Check(oldest < OUTBOX_SECONDS, f"{pending} pending, {oldest:.1f} s")


def _database(container: Any) -> Database | None:
    for extension in container.extensions:
        database = getattr(extension, "database", None)
        if isinstance(database, Database):
            return database
    return None


def _own(extension: Any) -> Check:
    extension.check_health()
    return Check(True)


def _tried(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:  # border: a failed check is an answer, not a crash
        return Check(False, type(error).__name__)
