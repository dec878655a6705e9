"""The RPC server: nameko's protocol, our answers (D4).

One consumer for all methods of a service. A request is answered with a transient
message on the shared publishing channel, without waiting for a confirm, and then
acknowledged. Whatever arrives, the consumer lives on (N2, N4).
"""

from __future__ import annotations

import inspect
from time import perf_counter
from typing import Any

import amqp
import eventlet
import structlog
from nameko.exceptions import MethodNotFound
from nameko.extensions import Entrypoint, SharedExtension

from chassis import clock, failures, logs, metrics, topology, wire
from chassis.bus import Bus, Consumer
from chassis.context import CallContext, from_headers
from chassis.parking import park
from contracts.errors import RakatError, Unavailable

log = structlog.get_logger(__name__)

SLOW_SECONDS = 2.0


class RpcServer(SharedExtension):
    """Consumes ``rpc-<service>`` and hands each request to its method."""

    bus = Bus()

    def __init__(self) -> None:
        self._methods: dict[str, Rpc] = {}

    @property
    def workers(self) -> int:
        return int(self.container.config.rpc_prefetch)

    def setup(self) -> None:
        self._name = self.container.service_name
        self.bus.consume(Consumer(self._declare, self.workers, self._on_message))

    def register(self, method: Rpc) -> None:
        self._methods[f"{self.container.service_name}.{method.method_name}"] = method

    def reply(self, message: amqp.Message, body: bytes) -> None:
        """Answer and acknowledge; a request that names no reader is only counted."""
        reply_to = message.properties.get("reply_to")
        if reply_to:
            reply = wire.reply_message(body, message.properties.get("correlation_id"))
            self.bus.send(reply, wire.EXCHANGE, reply_to)
        else:
            metrics.rpc_unanswerable.labels("no_reply_to").inc()
        self.bus.ack(message)

    def _declare(self, channel: Any) -> str:
        topology.declare_parked(channel, self._name)
        return topology.declare_rpc(channel, self._name)

    def _on_message(self, message: amqp.Message) -> None:
        if self.bus.draining:
            self.bus.requeue(message)
            return
        try:
            self._dispatch(message)
        except Exception as error:  # border: a bad request must not end the consumer
            # apart, because parking waits for the broker
            eventlet.spawn_n(self._refuse, message, error)

    def _dispatch(self, message: amqp.Message) -> None:
        key = message.delivery_info["routing_key"]
        method = self._methods.get(key)
        if method is None:
            raise MethodNotFound(key.rpartition(".")[2])
        headers = message.properties.get("application_headers") or {}
        call = from_headers(headers)
        if call.expired(clock.now()):
            raise Unavailable("deadline_exceeded", retry_after=1)
        args, kwargs = wire.read_request(message)
        method.check_signature(args, kwargs)
        method.spawn(message, call, headers.get(wire.STACK), args, kwargs)

    def _refuse(self, message: amqp.Message, error: Exception) -> None:
        known = failures.to_error(error)
        label = known.code if known else type(error).__name__
        metrics.rpc_requests.labels("refused", label).inc()
        log.info("request refused", reason=label, size=len(message.body or b""))
        if not message.properties.get("reply_to"):
            park(self.bus, message, self._name, f"rpc: {label}")
        self.reply(message, wire.failure(error, ""))


class Rpc(Entrypoint):
    """``@rpc``: a method callable over the bus as ``<service>.<method>``."""

    server = RpcServer()
    workers = 0

    def setup(self) -> None:
        function = getattr(self.container.service_cls, self.method_name)
        self._signature = inspect.signature(function)
        self._ok = metrics.rpc_requests.labels(self.method_name, "ok")
        self._duration = metrics.rpc_duration.labels(self.method_name)
        self.server.register(self)

    def stop(self) -> None:
        self.server.bus.cancel()

    def check_signature(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        try:
            self._signature.bind(None, *args, **kwargs)
        except TypeError:
            # nameko's own check words the error for the caller
            super().check_signature(args, kwargs)

    def spawn(
        self,
        message: amqp.Message,
        call: CallContext,
        stack: list[str] | None,
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> None:
        started = perf_counter()

        def answer(_: Any, value: Any, error: Any) -> None:
            self._answer(message, call, value, error, perf_counter() - started)

        data = {"call": call, "request_id": call.request_id}
        if isinstance(stack, list):
            data["call_id_stack"] = stack[-wire.MAX_STACK :]
        self.container.spawn_worker(
            self, args, kwargs, context_data=data, handle_result=answer
        )

    def _answer(
        self,
        message: amqp.Message,
        call: CallContext,
        value: Any,
        error: Any,
        seconds: float,
    ) -> None:
        raised = error[1] if error else None
        if raised is None:
            try:
                body = wire.result(value)
            except TypeError as unserializable:
                raised = unserializable
        if raised is not None:
            body = wire.failure(raised, call.request_id)
            self._count_failure(raised)
        else:
            self._ok.inc()
        self._duration.observe(seconds)
        if seconds > SLOW_SECONDS:
            log.warning("slow call", method=self.method_name, seconds=round(seconds, 3))
        self.server.reply(message, body)

    def _count_failure(self, error: BaseException) -> None:
        known = failures.to_error(error)
        metrics.rpc_requests.labels(
            self.method_name, known.code if known else "internal"
        ).inc()
        if known is None:
            log.error("rpc failed", method=self.method_name, exc_info=error)
        elif not isinstance(error, RakatError):
            log.warning("rpc unavailable", **logs.describe(error))


rpc = Rpc.decorator
