"""A process may start before its stores: it waits for them, with backoff (N5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import structlog
from eventlet.event import Event
from eventlet.timeout import Timeout
from nameko.extensions import DependencyProvider

from chassis import link, logs
from chassis.config import Config
from chassis.database import Database
from chassis.providers import Database as DatabaseProvider

log = structlog.get_logger(__name__)

FIRST, LAST = 0.2, 5.0


def until_stores_answer(config: Config, service: Any, stop: Event) -> bool:
    """Wait for broker and database; False when told to stop meanwhile."""
    return all(_until(name, probe, stop) for name, probe in _probes(config, service))


def _probes(config: Config, service: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "broker", lambda: link.open_connection(config.need("amqp_uri")).close()
    if _uses_database(service):
        database = Database.of_service(config, service.name, pool_size=1)
        yield "database", lambda: _ping(database)
    for name, provider in _own_probes(service):
        yield name, partial(provider.probe, config, service.name)


def _own_probes(service: Any) -> Iterator[tuple[str, Any]]:
    """Providers that know how to ask their store (MongoDB does)."""
    for name in dir(service):
        provider = getattr(service, name)
        if isinstance(provider, DependencyProvider) and hasattr(provider, "probe"):
            yield name, provider


def _uses_database(service: Any) -> bool:
    members: list[Any] = [getattr(service, name) for name in dir(service)]
    return any(
        isinstance(each, DatabaseProvider) and isinstance(each, DependencyProvider)
        for each in members
    )


def _ping(database: Database) -> None:
    try:
        database.ping()
    finally:
        database.close()


def _until(name: str, probe: Callable[[], None], stop: Event) -> bool:
    wait = FIRST
    while not stop.ready():
        try:
            probe()
            return True
        except Exception as error:  # border: any reason to wait is the same to us
            log.warning("waiting", **{"for": name}, **logs.describe(error))
        with Timeout(wait, False):
            stop.wait()
        wait = min(wait * 2, LAST)
    return False
