"""nameko's container with our worker: nothing a message does can kill the process.

Stock nameko dies on any exception outside the method body (N4) and logs expected
errors with their arguments. Here every hook runs inside one guard, the pool is as
large as all prefetches together (N10), and the configuration is passed down.
"""

from __future__ import annotations

import sys
from typing import Any

import eventlet
import structlog
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer, WorkerContext

from chassis import logs, metrics
from chassis.config import Config
from chassis.failures import HandlerTimeout

log = structlog.get_logger(__name__)

SPARE_WORKERS = 5


class Container(ServiceContainer):
    """Runs one service class under `config`."""

    config: Config = Config()

    def __init__(self, service_cls: type, config: Config) -> None:
        super().__init__(service_cls)
        self.config = config
        self.draining = False
        self.max_workers = self._workers_needed()
        self._worker_pool = GreenPool(size=self.max_workers)
        metrics.worker_pool_size.set(self.max_workers)

    @property
    def running(self) -> int:
        """Workers at work now."""
        return len(self._worker_threads)

    def drain(self) -> bool:
        """Stop: take nothing new, finish what runs, then close (N3).

        Returns False when workers had to be killed after ``drain_timeout``.
        """
        self.draining = True
        stopping = eventlet.spawn(self.stop)
        try:
            with eventlet.Timeout(self.config.drain_timeout):
                stopping.wait()
        except eventlet.Timeout:
            log.exception("drain timeout", running=self.running)
            stopping.kill()
            self.kill()
            return False
        return True

    def _workers_needed(self) -> int:
        needs = (getattr(e, "workers", 0) for e in self.extensions)
        return sum(needs) + SPARE_WORKERS

    def _run_worker(self, worker_ctx: WorkerContext, handle_result: Any) -> None:
        metrics.worker_pool_in_use.inc()
        try:
            result, error = self._call(worker_ctx)
            if handle_result is not None:
                handle_result(worker_ctx, result, error)
            self._guard(self._worker_result, worker_ctx, result, error)
        except Exception:  # border: a worker must not take the process along
            log.exception("worker failed outside its method")
        finally:
            metrics.worker_pool_in_use.dec()
            self._guard(self._worker_teardown, worker_ctx)

    def _call(self, worker_ctx: WorkerContext) -> tuple[Any, Any]:
        method = worker_ctx.entrypoint.method_name
        logs.bind(method=method, request_id=worker_ctx.data.get("request_id"))
        try:
            self._inject_dependencies(worker_ctx)
            self._worker_setup(worker_ctx)
            bound = getattr(worker_ctx.service, method)
            with eventlet.Timeout(self.config.handler_timeout, HandlerTimeout()):
                return bound(*worker_ctx.args, **worker_ctx.kwargs), None
        except Exception:
            return None, sys.exc_info()

    def _guard(self, hook: Any, *args: Any) -> None:
        try:
            hook(*args)
        except Exception:  # border: see the module's first sentence
            log.exception("provider hook failed")
