"""PostgreSQL for one service: an engine whose every wait is bounded, and sessions.

Works the same in an unpatched process (migrations, seeding, operations). In a
service process `chassis.green` makes psycopg2 wait cooperatively.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, SessionTransaction

from chassis.config import Config

STATEMENT_TIMEOUT = 15.0
TRUSTED_SECONDS = 0.1

#: Under this name in a connection's `info`: text that is sent in front of a statement.
PRELUDE = "prelude"
#: In a session's and its connection's `info`: each statement stands alone.
ALONE = "alone"
_WRITES = re.compile(
    r"\bFOR (NO KEY UPDATE|UPDATE|SHARE|KEY SHARE)\b|advisory|nextval"
    r"|\b(INSERT INTO|DELETE FROM|MERGE INTO)\b|\bUPDATE \w+ SET\b"
)

#: How every connection behaves, whoever opens it (bus.md 3.2).
CONNECT_ARGS: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 30,
    "options": (
        "-c timezone=UTC -c statement_timeout=15000"
        " -c idle_in_transaction_session_timeout=30000"
        # A page is short, and many are asked at once: to start helpers for one of them
        # takes longer than the page, on cores the others wait for.
        " -c max_parallel_workers_per_gather=0"
    ),
}

#: Open transactions of the running greenthread (or thread).
_open: ContextVar[int] = ContextVar("open_transactions", default=0)


class Database:
    """The database of `service`; `session()` begins work, the caller closes it."""

    def __init__(self, url: str | sa.URL, service: str, *, pool_size: int = 5) -> None:
        self.service = service
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg2")
        self.engine = sa.create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_recycle=1800,
            pool_use_lifo=True,
            connect_args={**CONNECT_ARGS, "application_name": f"rakat-{service}"},
            hide_parameters=True,
            json_deserializer=orjson.loads,
        )
        _remember_uuids(self.engine)
        _ping_after_a_pause(self.engine)
        _send_preludes(self.engine)
        event.listen(self.engine, "before_cursor_execute", _refuse_writes)

    @classmethod
    def of_service(
        cls, config: Config, service: str, *, pool_size: int = 5
    ) -> Database:
        """The database that `service` owns on the configured server."""
        url = service_url(config, service)
        return cls(url, service, pool_size=pool_size)

    def session(self) -> Session:
        """A new session; its transaction begins with the first statement."""
        return _TrackedSession(self.engine, expire_on_commit=False)

    def looking(self) -> Session:
        """A session whose statements each stand alone: a read then costs one round
        trip a statement, none to begin and none to end. It refuses to write or lock;
        see `begin`."""
        session = self.session()
        session.info[ALONE] = True
        return session

    def begin(self, session: Session) -> None:
        """Turn a session that only looked so far into one with a transaction."""
        if session.info.pop(ALONE, False):
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries only, closed at the end."""
        with self.session() as session:
            yield session

    @contextmanager
    def alone(self, job: str) -> Iterator[bool]:
        """Whether this replica may run `job` now; the others get False meanwhile.

        For timers, which fire in every replica (N16). The lock lives as long as the
        block; a killed process frees it with its connection.
        """
        with self.engine.connect() as connection:
            query = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:j, 0))")
            yield bool(connection.scalar(query, {"j": job}))

    def ping(self) -> None:
        """Raise unless the server answers."""
        with self.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


class _TrackedSession(Session):
    """Counts open transactions per greenthread, see `in_transaction`."""


def _remember_uuids(engine: sa.Engine) -> None:
    """The same offices, people and units come in every answer, and making a UUID
    costs ten times more than finding it."""
    one = extensions.new_type((2950,), "UUID", lambda text, _: text and _uuid(text))
    many = extensions.new_array_type((2951,), "UUID[]", one)

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: Any) -> None:
        extensions.register_type(one, raw)
        extensions.register_type(many, raw)


@lru_cache(maxsize=8192)
def _uuid(text: str) -> UUID:
    return UUID(text)


def _ping_after_a_pause(engine: sa.Engine) -> None:
    """Like `pool_pre_ping`, but not for a connection that was used just now.

    In a burst that would be one more round trip per transaction; who meets a server
    that restarted this moment gets a passing failure.
    """

    @event.listens_for(engine, "checkin")
    def _returned(raw: Any, record: Any) -> None:
        record.info["returned"] = time.monotonic()
        if record.info.pop(ALONE, False) and raw is not None and not raw.closed:
            raw.autocommit = False

    @event.listens_for(engine, "checkout")
    def _lent(raw: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("returned", 0.0) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the server is gone") from error


def _send_preludes(engine: sa.Engine) -> None:
    """Settings for one statement travel with it (`PRELUDE`), not before it."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _sent(
        connection: sa.Connection, _u: Any, text: str, values: Any, *_: Any
    ) -> tuple[str, Any]:
        return connection.info.get(PRELUDE, "") + text, values


def _refuse_writes(connection: sa.Connection, _u: Any, text: str, *_: Any) -> None:
    """Alone, a lock would be gone and a write be final before the next statement."""
    alone = ALONE in connection.info
    if alone and not _only_reads(text.removeprefix(connection.info.get(PRELUDE, ""))):
        raise RuntimeError("who only looks must begin before he writes or locks")


@lru_cache(maxsize=1024)
def _only_reads(text: str) -> bool:
    """Remembered, because looking through a long statement costs as much as sending."""
    read = text.lstrip(" (\n")
    return read.startswith(("SELECT", "WITH")) and not _WRITES.search(read)


def service_url(config: Config, service: str) -> sa.URL:
    """The configured server's URL with the service's own database."""
    server = sa.make_url(config.need("database_url"))
    return server.set(database=config.database_name(service))


def in_transaction() -> bool:
    """Whether the running greenthread holds a transaction (no RPC then)."""
    return _open.get() > 0


@event.listens_for(_TrackedSession, "after_begin")
def _leave_alone(
    session: Session, _: SessionTransaction, connection: sa.Connection
) -> None:
    """By psycopg2's own switch: SQLAlchemy's isolation level "AUTOCOMMIT" would be set
    and unset on the server, in two round trips more than it spares."""
    if session.info.get(ALONE):
        connection.info[ALONE] = True
        connection.connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]


@event.listens_for(_TrackedSession, "after_begin")
def _began(session: Session, transaction: SessionTransaction, _: sa.Connection) -> None:
    if transaction.parent is None and not session.info.get("counted"):
        session.info["counted"] = True
        _open.set(_open.get() + 1)


@event.listens_for(_TrackedSession, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and session.info.pop("counted", False):
        _open.set(_open.get() - 1)
