"""psycopg2 under eventlet: concurrent, bounded, and clean after a kill (D2)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import eventlet
import psycopg2
import pytest
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy.exc import OperationalError

from chassis import green
from chassis.config import Config
from chassis.database import PRELUDE, Database, in_transaction
from chassis.testing import wait_until
from tests.faultproxy import FaultProxy

SLEEP = sa.text("SELECT pg_sleep(0.5)")


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    opened = Database(config.database_url, "dbtest", pool_size=10)
    yield opened
    opened.close()


def test_ten_slow_queries_run_together(database: Database) -> None:
    started = time.monotonic()
    workers = [eventlet.spawn(_query, database, SLEEP) for _ in range(10)]
    for worker in workers:
        worker.wait()
    assert time.monotonic() - started < 1.0


def test_session_is_utc_and_bounded(database: Database) -> None:
    with database.session() as session:
        assert session.scalar(sa.text("SHOW timezone")) == "UTC"
        assert session.scalar(sa.text("SHOW statement_timeout")) == "15s"


def test_killed_greenthread_leaves_no_broken_connection(config: Config) -> None:
    database = Database(config.database_url, "dbtest", pool_size=1)
    killed = eventlet.spawn(_query, database, SLEEP)
    eventlet.sleep(0.1)
    killed.kill()
    for n in range(3):
        query = sa.text(f"SELECT {n}")
        assert _query(database, query) == n, "an answer of the killed query"
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    database.close()


def test_timeout_around_a_query_leaves_no_broken_connection(config: Config) -> None:
    database = Database(config.database_url, "dbtest", pool_size=1)
    with eventlet.Timeout(0.1, False):
        _query(database, SLEEP)
    assert _query(database, sa.text("SELECT 7")) == 7
    database.close()


def test_silent_server_is_given_up(config: Config, database_proxy: FaultProxy) -> None:
    url = sa.make_url(config.database_url).set(
        host="127.0.0.1", port=database_proxy.port
    )
    database = Database(url, "dbtest", pool_size=1)
    assert _query(database, sa.text("SELECT 1")) == 1
    extensions.set_wait_callback(partial(green._wait, timeout=0.4))
    try:
        database_proxy.black_hole(down=True)
        started = time.monotonic()
        with pytest.raises(OperationalError):
            _query(database, sa.text("SELECT 2"))
        assert time.monotonic() - started < 1.5
        database_proxy.heal()
        assert _query(database, sa.text("SELECT 3")) == 3
    finally:
        green.install()
        database.close()


def test_restarted_server_is_not_noticed_by_the_next_caller(
    config: Config, database_proxy: FaultProxy
) -> None:
    url = sa.make_url(config.database_url).set(
        host="127.0.0.1", port=database_proxy.port
    )
    database = Database(url, "dbtest", pool_size=2)
    assert _query(database, sa.text("SELECT 1")) == 1
    database_proxy.reset()
    eventlet.sleep(0.2)
    assert _query(database, sa.text("SELECT 2")) == 2
    database.close()


def test_open_transaction_is_known_per_greenthread(database: Database) -> None:
    seen: list[bool] = []
    with database.session() as session:
        assert not in_transaction()
        session.execute(sa.text("SELECT 1"))
        assert in_transaction()
        eventlet.spawn(lambda: seen.append(in_transaction())).wait()
        session.rollback()
        assert not in_transaction()
        session.execute(sa.text("SELECT 1"))
    assert not in_transaction()
    assert seen == [False]


def test_connect_timeout_is_ours(database: Database) -> None:
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        assert raw.get_dsn_parameters()["connect_timeout"] == "5"
        assert isinstance(raw, psycopg2.extensions.connection)


def test_job_alone(database: Database) -> None:
    with database.alone("a") as first, database.alone("a") as second:
        assert (first, second) == (True, False)
    with database.alone("a") as again:
        assert again


def test_pool_exhaustion_is_a_passing_failure(config: Config) -> None:
    from chassis.failures import is_transient

    database = Database(config.database_url, "dbtest", pool_size=1)
    database.engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    holder = eventlet.spawn(_query, database, SLEEP)
    eventlet.sleep(0.1)
    with pytest.raises(Exception, match="QueuePool limit") as caught:
        _query(database, sa.text("SELECT 1"))
    assert is_transient(caught.value)
    holder.wait()
    wait_until(lambda: _query(database, sa.text("SELECT 1")) == 1)
    database.close()


BACKEND = sa.text("SELECT pg_backend_pid()")


def test_statements_of_who_only_looks_stand_alone(database: Database) -> None:
    with database.looking() as session:
        first = session.scalar(sa.text("SELECT now()"))
        assert session.scalar(sa.text("SELECT now()")) > first
        database.begin(session)
        first = session.scalar(sa.text("SELECT now()"))
        assert session.scalar(sa.text("SELECT now()")) == first


def test_a_query_has_no_helpers(database: Database) -> None:
    shown = sa.text("SHOW max_parallel_workers_per_gather")
    with database.session() as session:
        assert session.scalar(shown) == "0"


def test_a_look_sends_nothing_but_its_statements(
    config: Config, database: Database
) -> None:
    """What is set before and unset after would be two round trips more for each."""
    last = sa.text("SELECT query FROM pg_stat_activity WHERE pid = :pid")
    other = Database(config.database_url, "dbtest", pool_size=1)
    for _ in range(2):
        with other.looking() as session:
            pid = session.scalar(BACKEND)
        with database.session() as session:
            assert session.scalar(last, {"pid": pid}) == BACKEND.text
        with other.session() as session:
            session.scalar(BACKEND)
    other.close()


def test_who_only_looks_cannot_write_or_lock(database: Database) -> None:
    with database.session() as session:
        session.execute(sa.text("CREATE TABLE IF NOT EXISTS looked_at (n int)"))
        session.commit()
    writes = (
        "INSERT INTO looked_at VALUES (1)",
        "SELECT n FROM looked_at FOR SHARE",
        "WITH w AS (INSERT INTO looked_at VALUES (2) RETURNING n) SELECT n FROM w",
    )
    for write in writes:
        with database.looking() as session, pytest.raises(RuntimeError):
            session.execute(sa.text(write))
    with database.looking() as session:
        database.begin(session)
        for write in writes:
            session.execute(sa.text(write))
        session.rollback()
        assert session.scalar(sa.text("SELECT count(*) FROM looked_at")) == 0


def test_a_connection_that_looked_writes_in_transactions_again(config: Config) -> None:
    database = Database(config.database_url, "dbtest", pool_size=1)
    with database.looking() as session:
        session.scalar(BACKEND)
    with database.session() as session:
        first = session.scalar(sa.text("SELECT now()"))
        assert session.scalar(sa.text("SELECT now()")) == first
    database.close()


def test_ids_are_read_as_uuids_also_in_arrays_and_none_stays_none(
    database: Database,
) -> None:
    key = uuid4()
    query = "SELECT CAST(:key AS uuid), CAST(NULL AS uuid),"
    query += " ARRAY[CAST(:key AS uuid), NULL], CAST(NULL AS uuid[])"
    for opened in (database.session, database.looking):
        with opened() as session:
            row = session.execute(sa.text(query), {"key": str(key)}).one()
            assert tuple(row) == (key, None, [key, None], None)


def test_documents_are_read_as_json_has_them(database: Database) -> None:
    written = '{"a": [1, 2.5, null, true], "b": {"c": "ruang \\"A\\" \\u00e9"}}'
    with database.session() as session:
        query = sa.text("SELECT CAST(:text AS jsonb)")
        assert session.scalar(query, {"text": written}) == json.loads(written)


@pytest.mark.parametrize("opened", [Database.session, Database.looking])
def test_a_setting_for_one_statement_goes_with_it(
    database: Database, opened: Any
) -> None:
    shown = sa.text("SELECT current_setting('enable_mergejoin')")
    with opened(database) as session:
        told = session.connection().info
        told[PRELUDE] = "SET LOCAL enable_mergejoin = off; "
        assert session.scalar(sa.text("SELECT 1 AS n WHERE 1 = :one"), {"one": 1}) == 1
        off = session.scalar(shown)
        del told[PRELUDE]
        assert off == "off"
        session.commit()
        assert session.scalar(shown) == "on"


def _query(database: Database, query: Any) -> Any:
    with database.session() as session:
        return session.execute(query).scalar()
