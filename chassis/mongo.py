"""MongoDB for a service that keeps its own documents there.

PyMongo gave up testing eventlet in 4.16, because of dnspython, which only
``mongodb+srv://`` addresses need; with plain addresses and the patch its sockets and
locks are green (a test proves that the hub keeps ticking). Every operation ends
within `TIMEOUT_MS`; what is acknowledged is on a majority and in the journal, and
what is read was, so that a failover takes nothing back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.config import Config

TIMEOUT_MS = 5_000
POOL_SIZE = 40

Document = dict[str, Any]
Prepare = Callable[[Database[Document]], None]


def open_database(config: Config, service: str) -> Database[Document]:
    """The service's own database, over a client that its opener closes.

    Connects with the first operation.
    """
    client: MongoClient[Document] = MongoClient(
        config.need("mongo_url"),
        appname=service,
        uuidRepresentation="standard",
        tz_aware=True,
        maxPoolSize=POOL_SIZE,
        timeoutMS=TIMEOUT_MS,
        serverSelectionTimeoutMS=TIMEOUT_MS,
        connectTimeoutMS=TIMEOUT_MS,
    )
    return client.get_database(
        config.database_name(service),
        read_concern=ReadConcern("majority"),
        write_concern=WriteConcern("majority", j=True),
    )


class Mongo(DependencyProvider):
    """Injects the service's database: ``self.mongo["notifications"]``.

    `prepare` runs once before the first message: it ensures the indexes.
    """

    def __init__(self, prepare: Prepare = lambda _: None) -> None:
        self._prepare = prepare

    def probe(self, config: Config, service: str) -> None:
        """Raises while the server does not answer; asked before the start."""
        database = open_database(config, service)
        try:
            database.command("ping")
        finally:
            database.client.close()

    def setup(self) -> None:
        self.database = open_database(
            self.container.config, self.container.service_name
        )
        self._prepare(self.database)

    def stop(self) -> None:
        self.database.client.close()

    def check_health(self) -> None:
        """For readiness; raises when the server is away."""
        self.database.command("ping")

    def get_dependency(self, worker_ctx: Any) -> Database[Document]:
        return self.database
