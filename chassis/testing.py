"""pytest plugin: real stores for integration tests, cleaned up at the end.

Switch it on in ``tests/conftest.py`` with ``pytest_plugins = ["chassis.testing"]``.
The stores are named by ``RAKAT_TEST_AMQP_URI`` and ``RAKAT_TEST_DATABASE_URL``.

- `config`: points at the test stores, database names unique to the session
- `database_of("letters")`: the service's own migrated database, emptied per module
- `run_service(Service)`: starts a container with fresh queues; drained at the end
- `rpc_call("letters", "get_letter", letter_id=...)`: a call like the gateway's
- `wait_until(condition, timeout)`: polls, yielding to greenthreads

Tests of services need eventlet's patch: their ``conftest.py`` calls
`patch_eventlet()` as its first statement.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

import pytest
import sqlalchemy as sa

from chassis.config import Config
from chassis.context import CallContext
from chassis.database import Database
from chassis.ids import new_id

T = TypeVar("T")

#: Retries of a few dozen milliseconds, so that parking is seen within a second.
SHORT_DELAYS = (0.05, 0.1, 0.2)


def patch_eventlet() -> None:
    """Patch this process for eventlet and psycopg2 (idempotent; before other use)."""
    import warnings

    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import eventlet

        eventlet.monkey_patch()
    from chassis import green

    green.install()


def wait_until(
    condition: Callable[[], T], timeout: float = 5.0, pause: float = 0.01
) -> T:
    """The first true value of `condition`; fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(pause)
    value = condition()
    if not value:
        pytest.fail(f"not true within {timeout} s")
    return value


class RunService(Protocol):
    def __call__(self, service_cls: type, **changes: Any) -> Any: ...


class RpcCall(Protocol):
    def __call__(
        self,
        service: str,
        method: str,
        /,
        *,
        context: CallContext | None = None,
        timeout: float = 5.0,
        **kwargs: Any,
    ) -> Any: ...


@pytest.fixture(scope="session")
def config() -> Config:
    """The test stores; database names that no other run uses."""
    unique = new_id().hex[-8:]
    return Config(
        amqp_uri=_store("RAKAT_TEST_AMQP_URI"),
        database_url=_store("RAKAT_TEST_DATABASE_URL"),
        mongo_url=os.environ.get("RAKAT_TEST_MONGO_URL", ""),
        blob_url=os.environ.get("RAKAT_TEST_BLOB_URL", ""),
        db_prefix=f"test_{unique}_",
        ops_port=0,
        retry_delays=SHORT_DELAYS,
        drain_timeout=5.0,
        event_prefetch=4,
    )


@pytest.fixture(scope="session")
def _databases(config: Config) -> Iterator[dict[str, Database]]:
    from chassis import migrations

    made: dict[str, Database] = {}
    yield made
    for service, database in made.items():
        database.close()
        migrations.drop_database(config, service)


@pytest.fixture(scope="module")
def database_of(
    config: Config, _databases: dict[str, Database]
) -> Callable[[str], Database]:
    """The migrated database of a service, empty at its first use in a module."""
    emptied: set[str] = set()

    def get(service: str) -> Database:
        if service not in _databases:
            _databases[service] = _create(config, service)
        elif service not in emptied:
            empty(_databases[service])
        emptied.add(service)
        return _databases[service]

    return get


@pytest.fixture(scope="module")
def run_service(
    config: Config, database_of: Callable[[str], Database]
) -> Iterator[RunService]:
    """Start a service's container; the module's containers are drained at its end."""
    from chassis.container import Container

    running: list[Any] = []

    def start(service_cls: type, **changes: Any) -> Any:
        import dataclasses

        database_of(service_cls.name)  # type: ignore[attr-defined]
        delete_queues(config.amqp_uri, service_cls)
        container = Container(service_cls, dataclasses.replace(config, **changes))
        container.start()
        running.append(container)
        return container

    yield start
    for container in running:
        container.drain()


@pytest.fixture(scope="module")
def rpc_call(config: Config) -> Iterator[RpcCall]:
    """Call a running service as the gateway does; raises `contracts.errors`."""
    from chassis.calling import Caller

    caller = Caller(config.amqp_uri)
    yield caller.call
    caller.close()


def empty(database: Database) -> None:
    """Remove every row, keep the tables and what Alembic knows."""
    with database.engine.begin() as connection:
        names = sa.inspect(connection).get_table_names()
        tables = [f'"{name}"' for name in names if name != "alembic_version"]
        if tables:
            connection.execute(sa.text(f"TRUNCATE {', '.join(tables)} CASCADE"))


def delete_queues(amqp_uri: str, service_cls: Any) -> None:
    """Delete the service's queues, so that no older test's message is met."""
    from chassis import link, topology

    connection = link.open_connection(amqp_uri)
    channel = connection.channel()
    queues = [each.queue for each in topology.handlers(service_cls)]
    name = service_cls.name
    for queue in [f"rpc-{name}", topology.parked_queue(name), *queues]:
        channel.queue_delete(queue)
    connection.close()


def through(uri: str, port: int) -> str:
    """`uri` with its port replaced by that of a fault proxy on loopback."""
    url = sa.make_url(uri).set(host="127.0.0.1", port=port)
    text = url.render_as_string(hide_password=False)
    # an empty path names the default vhost, but so does no path at all
    return text if url.database else f"{text.rstrip('/')}/"


def _create(config: Config, service: str) -> Database:
    from chassis import migrations, tables

    migrations.migrate(config, service)
    database = Database.of_service(config, service, pool_size=5)
    if migrations.migrations_folder(service) is None:
        with database.engine.begin() as connection:
            tables.create_chassis_tables(connection)
    return database


def _store(key: str) -> str:
    value = os.environ.get(key, "")
    if not value:
        pytest.fail(f"{key} is not set: run `make test`")
    return value
