"""MongoDB for a service that keeps its own documents there: one client per process.

PyMongo gave up testing eventlet in 4.16, because of dnspython, which only
``mongodb+srv://`` addresses need; with plain addresses and the patch its sockets and
locks are green (a test proves that the hub keeps ticking). Every operation ends
within `TIMEOUT_MS`; what is acknowledged is on a majority and in the journal, and
what is read was, so that a failover takes nothing back.
"""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.config import Config

TIMEOUT_MS = 5_000
POOL_SIZE = 40

Document = dict[str, Any]


def open_database(config: Config, service: str) -> Database[Document]:
    """The service's own database; connects with the first operation."""
    client: MongoClient[Document] = MongoClient(
        config.need("mongo_url"),
        appname=service,
        uuidRepresentation="standard",
        tz_aware=True,
        maxPoolSize=POOL_SIZE,
        timeoutMS=TIMEOUT_MS,
        serverSelectionTimeoutMS=TIMEOUT_MS,
        connectTimeoutMS=TIMEOUT_MS,
        retryWrites=True,
    )
    return client.get_database(
        config.database_name(service),
        read_concern=ReadConcern("majority"),
        write_concern=WriteConcern("majority", j=True),
    )


def is_alive(database: Database[Document]) -> bool:
    """Whether the server answers a ping, for readiness."""
    try:
        database.client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def is_transient(error: BaseException) -> bool:
    """Whether the same operation may succeed later: the server is away or busy."""
    if isinstance(error, ConnectionFailure):
        return True
    return isinstance(error, PyMongoError) and (
        error.timeout or error.has_error_label("RetryableWriteError")
    )


class Mongo(DependencyProvider):
    """Injects the service's database: ``self.mongo["notifications"]``."""

    def setup(self) -> None:
        config = getattr(self.container, "config", None) or Config.from_env()
        self.database = open_database(config, self.container.service_name)

    def stop(self) -> None:
        self.database.client.close()

    def get_dependency(self, worker_ctx: Any) -> Database[Document]:
        return self.database
