"""``@on_event``: at-least-once delivery, bounded retries, then parking.

===============================  =====================================================
the handler                      the message
===============================  =====================================================
returns                          acknowledged (the effect is committed by then)
raises a passing failure         waits in ``retry.*``, up to ``transient_attempts``
raises anything else             waits in each ``retry.*`` once, then parked
raises `Invalid` or `Malformed`  parked at once: the contract is broken
cannot be decoded                parked at once
===============================  =====================================================

The retry copy is confirmed before the original is acknowledged; a crash between the
two delivers twice, which the inbox absorbs. If neither copy can be made the message
goes back to its queue after a pause.
"""

from __future__ import annotations

import time
from typing import Any

import amqp
import eventlet
import msgspec
import structlog
from nameko.extensions import Entrypoint

from chassis import clock, crash, failures, logs, metrics, topology
from chassis.bus import Bus, Consumer
from chassis.confirms import NotConfirmed
from chassis.context import CallContext
from chassis.parking import ATTEMPT, copy, park
from contracts.envelope import Envelope
from contracts.errors import Invalid, Malformed

log = structlog.get_logger(__name__)

PAUSE = 1.0
_decode = msgspec.json.Decoder(Envelope).decode


class OnEvent(Entrypoint):
    """Calls the method with the `Envelope` of each event of this source and type."""

    bus = Bus()

    def __init__(
        self, source: str, event_type: str, *, prefetch: int | None = None
    ) -> None:
        super().__init__()
        self.source = source
        self.event_type = event_type
        self.prefetch = prefetch

    @property
    def workers(self) -> int:
        return self.prefetch or int(self.container.config.event_prefetch)

    def setup(self) -> None:
        self._config = self.container.config
        self._service = self.container.service_name
        self._handler = topology.Handler(
            self.source, self.event_type, self._service, self.method_name
        )
        self.bus.consume(Consumer(self._declare, self.workers, self._on_message))

    def stop(self) -> None:
        self.bus.cancel()

    def _declare(self, channel: Any) -> str:
        for seconds in self._config.retry_delays:
            topology.declare_retry(channel, seconds)
        return topology.declare_handler(channel, self._handler)

    def _on_message(self, message: amqp.Message) -> None:
        if self.bus.draining:
            self.bus.requeue(message)
            return
        try:
            envelope = _decode(message.body)
        except (msgspec.MsgspecError, ValueError, TypeError):
            eventlet.spawn(self._park, message, "undecodable")
            return
        self._spawn(message, envelope)

    def _spawn(self, message: amqp.Message, envelope: Envelope) -> None:
        started = time.perf_counter()

        def settle(_: Any, __: Any, error: Any) -> None:
            metrics.event_duration.labels(self.event_type).observe(
                time.perf_counter() - started
            )
            self._settle(message, envelope, error[1] if error else None)

        request_id = envelope.correlationid or str(envelope.id)
        call = CallContext(request_id=request_id)
        data = {"call": call, "request_id": request_id, "message_id": str(envelope.id)}
        self.container.spawn_worker(
            self, (envelope,), {}, context_data=data, handle_result=settle
        )

    def _settle(
        self, message: amqp.Message, envelope: Envelope, error: BaseException | None
    ) -> None:
        if error is None:
            crash.point("handled_before_ack")
            self.bus.ack(message)
            lag = clock.now() - envelope.time
            metrics.event_lag.observe(max(lag.total_seconds(), 0))
            self._count("ok")
            return
        attempt = int((message.headers or {}).get(ATTEMPT, 0)) + 1
        self._log_failure(envelope, error, attempt)
        if self._exhausted(error, attempt):
            self._park(message, f"{type(error).__name__}: attempt {attempt}")
        else:
            self._retry(message, attempt)

    def _exhausted(self, error: BaseException, attempt: int) -> bool:
        if isinstance(error, (Invalid, Malformed)):
            return True
        if failures.is_transient(error):
            return attempt > int(self._config.transient_attempts)
        return attempt > len(self._config.retry_delays)

    def _retry(self, message: amqp.Message, attempt: int) -> None:
        delays = self._config.retry_delays
        waiting = topology.retry_name(delays[min(attempt, len(delays)) - 1])
        again = copy(message, {ATTEMPT: attempt})
        try:
            self.bus.send_confirmed(again, waiting, self._handler.queue)
        except NotConfirmed:
            self._give_back(message)
            return
        crash.point("retried_before_ack")
        self.bus.ack(message)
        self._count("retry")

    def _park(self, message: amqp.Message, reason: str) -> None:
        if park(self.bus, message, self._service, reason, self._handler.queue):
            self.bus.ack(message)
            self._count("parked")
        else:
            self._give_back(message)

    def _give_back(self, message: amqp.Message) -> None:
        eventlet.sleep(PAUSE)
        self.bus.requeue(message)

    def _count(self, outcome: str) -> None:
        metrics.events_handled.labels(self.source, self.event_type, outcome).inc()

    def _log_failure(
        self, envelope: Envelope, error: BaseException, attempt: int
    ) -> None:
        facts = {"type": envelope.type, "message_id": str(envelope.id)}
        if failures.is_transient(error):
            log.warning(
                "event postponed", **facts, attempt=attempt, **logs.describe(error)
            )
        else:
            log.error("event failed", **facts, attempt=attempt, exc_info=error)


on_event = OnEvent.decorator
