"""``@every(seconds)``: fires in every replica (N16), so the job must claim its rows
or take an advisory lock. The next run waits for the end of the last one."""

from __future__ import annotations

from typing import Any

import structlog
from nameko.timer import Timer

from chassis import failures, logs, metrics
from chassis.context import CallContext
from chassis.ids import new_id

log = structlog.get_logger(__name__)


class Every(Timer):
    """nameko's timer with a fresh request id per run; a failed run is only logged."""

    workers = 1

    def handle_timer_tick(self) -> None:
        request_id = str(new_id())
        call = CallContext(request_id=request_id)
        self.container.spawn_worker(
            self,
            (),
            {},
            context_data={"call": call, "request_id": request_id},
            handle_result=self.handle_result,
        )

    def handle_result(
        self, worker_ctx: Any, result: Any, error: Any
    ) -> tuple[Any, Any]:
        self.worker_complete.send()
        outcome = "failed" if error else "ok"
        metrics.timer_runs.labels(self.method_name, outcome).inc()
        if error and failures.is_transient(error[1]):
            log.warning("timer postponed", **logs.describe(error[1]))
        elif error:
            log.error("timer failed", exc_info=error)
        return result, None


every = Every.decorator
