"""What a service class declares at its top and finds as ``self.<name>``.

==================  ==============================================================
``db = Database()``   ``self.db``: `chassis.database.Database` of this service
``call = Call()``     ``self.call``: `chassis.context.CallContext`
``clock = Clock()``   ``self.clock()``: aware UTC now
``remote = Remote()`` ``self.remote.call("directory", "snapshot", timeout=5, ...)``
``relay = OutboxRelay()``  publishes the outbox; nothing to call
==================  ==============================================================
"""

from __future__ import annotations

from typing import Any

from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

from chassis import clock, database, metrics
from chassis.clock import Now
from chassis.context import CallContext
from chassis.relay import OutboxRelay
from chassis.remote import RpcClient

__all__ = ["Call", "Clock", "Database", "OutboxRelay", "Remote"]

#: Workers beyond this many wait for a connection; more would only crowd the server.
MAX_POOL = 20


class Database(DependencyProvider):
    """The service's own database, one engine per process."""

    def setup(self) -> None:
        size = min(self.container.max_workers, MAX_POOL)
        self.database = database.Database.of_service(
            self.container.config, self.container.service_name, pool_size=size
        )
        metrics.db_pool_size.set(size)
        pool: Any = self.database.engine.pool
        metrics.db_pool_in_use.set_function(pool.checkedout)

    def stop(self) -> None:
        self.database.close()

    def get_dependency(self, worker_ctx: WorkerContext) -> database.Database:
        return self.database


class Call(DependencyProvider):
    """Who calls, under which request, until when."""

    def get_dependency(self, worker_ctx: WorkerContext) -> CallContext:
        call: CallContext = worker_ctx.data["call"]
        return call


class Clock(DependencyProvider):
    """The time; tests put their own in its place."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Now:
        return clock.now


class Remote(DependencyProvider):
    """Calls to other services."""

    client = RpcClient()

    def get_dependency(self, worker_ctx: WorkerContext) -> RemoteCaller:
        return RemoteCaller(
            self.client, worker_ctx.data["call"], worker_ctx.call_id_stack
        )


class RemoteCaller:
    """``self.remote``: calls on behalf of the present call."""

    def __init__(
        self, client: RpcClient, context: CallContext, stack: list[str]
    ) -> None:
        self._client = client
        self._context = context
        self._stack = stack

    def call(
        self, service: str, method: str, /, *, timeout: float = 5.0, **kwargs: Any
    ) -> Any:
        """Call ``service.method(**kwargs)``; raises its error, or `Unavailable`."""
        return self._client.call(
            self._context, self._stack, service, method, timeout, kwargs
        )
