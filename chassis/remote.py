"""Calling another service, with an end: every call has a deadline (N6, N7).

Replies come to an exclusive queue that dies with its connection. When that happens
all waiting calls fail at once with `Unavailable`, and the next connection has a new
queue. Never call from inside a transaction (it would hold locks for as long as the
other side likes), nor your own service (N10).
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import amqp
import orjson
import structlog
from eventlet.event import Event
from eventlet.timeout import Timeout
from nameko.exceptions import deserialize
from nameko.extensions import SharedExtension

from chassis import clock, metrics, topology, wire
from chassis.bus import Bus, Consumer
from chassis.context import CallContext
from chassis.database import in_transaction
from contracts.errors import RakatError, Unavailable, from_wire

log = structlog.get_logger(__name__)


class RpcClient(SharedExtension):
    """Sends requests and hands each reply to the call that waits for it."""

    bus = Bus()

    def __init__(self) -> None:
        self.pending: dict[str, Event] = {}
        self._reply_key = ""

    def setup(self) -> None:
        self._name = self.container.service_name
        self.bus.consume(
            Consumer(self._declare, 0, self._on_reply, no_ack=True, transient=True)
        )
        self.bus.when_lost(self._fail_pending)
        self.bus.when_returned(self._on_return)

    def call(
        self,
        context: CallContext,
        stack: list[str],
        service: str,
        method: str,
        timeout: float,
        kwargs: dict[str, Any],
    ) -> Any:
        """The result, or the error the other side raised, or `Unavailable`."""
        self._check_allowed(service)
        seconds = _remaining(context, timeout)
        started = time.perf_counter()
        outcome = "ok"
        try:
            return unpack(
                self._exchange(context, stack, service, method, seconds, kwargs)
            )
        except RakatError as error:
            outcome = error.code
            raise
        except Exception:
            outcome = "error"
            raise
        finally:
            metrics.rpc_client_requests.labels(service, method, outcome).inc()
            metrics.rpc_client_duration.labels(service).observe(
                time.perf_counter() - started
            )

    def _exchange(
        self,
        context: CallContext,
        stack: list[str],
        service: str,
        method: str,
        seconds: float,
        kwargs: dict[str, Any],
    ) -> bytes:
        correlation_id = str(uuid4())
        waiting = self.pending[correlation_id] = Event()
        metrics.rpc_pending.set(len(self.pending))
        try:
            message = self._request(context, stack, correlation_id, seconds, kwargs)
            key = f"{service}.{method}"
            if not self.bus.send(message, wire.EXCHANGE, key, mandatory=True):
                raise Unavailable(retry_after=1, target=service)
            with Timeout(seconds, False):
                reply: bytes = waiting.wait()
                return reply
            raise Unavailable("service_unavailable", retry_after=1, target=service)
        finally:
            self.pending.pop(correlation_id, None)
            metrics.rpc_pending.set(len(self.pending))

    def _request(
        self,
        context: CallContext,
        stack: list[str],
        correlation_id: str,
        seconds: float,
        kwargs: dict[str, Any],
    ) -> amqp.Message:
        deadline = clock.now() + timedelta(seconds=seconds)
        outgoing = CallContext(
            actor=context.actor, request_id=context.request_id, deadline=deadline
        )
        return amqp.Message(
            wire.request([], kwargs),
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            reply_to=self._reply_key,
            correlation_id=correlation_id,
            expiration=str(max(1, int(seconds * 1000))),
            application_headers={**outgoing.to_headers(), wire.STACK: stack},
        )

    def _check_allowed(self, service: str) -> None:
        if service == self._name:
            raise RuntimeError(f"{service} must not call itself over the bus")
        if in_transaction():
            raise RuntimeError("no call to another service inside a transaction")

    def _declare(self, channel: Any) -> str:
        self._reply_key = str(uuid4())
        queue = f"rpc.reply-{self._name}-{self._reply_key}"
        channel.exchange_declare(
            topology.RPC_EXCHANGE, "topic", durable=True, auto_delete=False
        )
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, topology.RPC_EXCHANGE, self._reply_key)
        return queue

    def _on_reply(self, message: amqp.Message) -> None:
        waiting = self.pending.pop(message.properties.get("correlation_id", ""), None)
        if waiting is None:
            metrics.rpc_late_replies.inc()
        else:
            waiting.send(message.body)

    def _on_return(self, message: amqp.Message) -> None:
        waiting = self.pending.pop(message.properties.get("correlation_id", ""), None)
        if waiting is not None:
            waiting.send_exception(Unavailable(retry_after=2, reason="no such service"))

    def _fail_pending(self) -> None:
        for correlation_id in list(self.pending):
            waiting = self.pending.pop(correlation_id, None)
            if waiting is not None:
                waiting.send_exception(Unavailable(retry_after=1))


def _remaining(context: CallContext, timeout: float) -> float:
    if context.deadline is None:
        return timeout
    left = (context.deadline - clock.now()).total_seconds()
    if left <= 0:
        raise Unavailable("deadline_exceeded", retry_after=1)
    return min(left, timeout)


def unpack(reply: bytes) -> Any:
    body = orjson.loads(reply)
    error = body.get("error")
    if error is None:
        return body["result"]
    if error["exc_path"].startswith("contracts.errors."):
        raise from_wire(error["exc_args"][0])
    raise deserialize(error)
