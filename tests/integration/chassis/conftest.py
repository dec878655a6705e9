"""A patched process, toy services and the real broker and database."""

from chassis.testing import patch_eventlet

patch_eventlet()

from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402

import pytest  # noqa: E402
import sqlalchemy as sa  # noqa: E402

from chassis import crash, link, topology  # noqa: E402
from chassis.config import Config  # noqa: E402
from chassis.database import Database  # noqa: E402
from tests.faultproxy import FaultProxy  # noqa: E402


@pytest.fixture(autouse=True)
def _no_crash_left() -> Iterator[None]:
    yield
    crash.disarm()


@pytest.fixture
def channel(config: Config) -> Iterator[Any]:
    """A bare channel, to play the stranger on the bus."""
    connection = link.open_connection(config.amqp_uri)
    yield connection.channel()
    connection.close()


@pytest.fixture
def broker_proxy(config: Config) -> Iterator[FaultProxy]:
    """A fault proxy in front of the broker."""
    host, port = _address(config.amqp_uri)
    with FaultProxy(host, port) as proxy:
        yield proxy


@pytest.fixture
def database_proxy(config: Config) -> Iterator[FaultProxy]:
    """A fault proxy in front of PostgreSQL."""
    url = sa.make_url(config.database_url)
    with FaultProxy(url.host or "127.0.0.1", url.port or 5432) as proxy:
        yield proxy


@pytest.fixture
def parked_count(channel: Any) -> Callable[[str], int]:
    def count(service: str) -> int:
        queue = topology.declare_parked(channel, service)
        return int(channel.queue_declare(queue, passive=True).message_count)

    return count


@pytest.fixture
def ledger(database_of: Callable[[str], Database]) -> Callable[[str], Database]:
    """A database whose table `effects` counts what handlers did."""

    def get(service: str) -> Database:
        database = database_of(service)
        with database.engine.begin() as connection:
            connection.execute(
                sa.text("CREATE TABLE IF NOT EXISTS effects (n bigint, at timestamptz)")
            )
            connection.execute(sa.text("TRUNCATE effects"))
        return database

    return get


def _address(uri: str) -> tuple[str, int]:
    parts = sa.make_url(uri.replace("amqp://", "http://", 1))
    return parts.host or "127.0.0.1", parts.port or 5672
