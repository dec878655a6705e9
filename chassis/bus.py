"""The two AMQP connections of a service process: one consumes, one publishes.

Consumers register before start; each gets its own channel with its own prefetch.
After a lost connection everything is declared and consumed again. Acks go to the
channel the message came from, or nowhere: then the broker delivers it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import amqp
import structlog
from nameko.extensions import SharedExtension

from chassis import link
from chassis.confirms import Batch, Confirms, NotConfirmed
from chassis.link import Link

log = structlog.get_logger(__name__)

Handler = Callable[[amqp.Message], None]
LINK_ERRORS = (amqp.AMQPError, OSError, AttributeError)


class Consumer(NamedTuple):
    """A queue to consume: `declare(channel)` returns its name."""

    declare: Callable[[Any], str]
    prefetch: int
    on_message: Handler
    no_ack: bool = False
    transient: bool = False  # stays until the very end (replies)


class Bus(SharedExtension):
    """Shared by every entrypoint and provider of a container."""

    def __init__(self) -> None:
        self._consumers: list[Consumer] = []
        self._running: list[tuple[Any, str, Consumer]] = []
        self._on_lost: list[Callable[[], None]] = []
        self._on_return: list[Callable[[amqp.Message], None]] = []
        self._declarations: list[Callable[[Any], object]] = []
        self._publish_channel: Any = None
        self._confirms: Confirms | None = None
        self.draining = False

    def setup(self) -> None:
        config = self.container.config
        uri, heartbeat = config.need("amqp_uri"), config.heartbeat
        name = self.container.service_name
        self.consuming = Link(
            uri, f"{name} consume", self._consume, self._lost, heartbeat
        )
        self.publishing = Link(
            uri, f"{name} publish", self._open_publish, self._lost_publish, heartbeat
        )

    def start(self) -> None:
        self.publishing.start()
        self.consuming.start()

    def stop(self) -> None:
        self.consuming.close()
        self.publishing.close()

    kill = stop

    @property
    def ready(self) -> bool:
        return self.consuming.up and self.publishing.up

    def consume(self, consumer: Consumer) -> None:
        """Register a consumer; before start."""
        self._consumers.append(consumer)

    def when_lost(self, callback: Callable[[], None]) -> None:
        self._on_lost.append(callback)

    def when_returned(self, callback: Callable[[amqp.Message], None]) -> None:
        self._on_return.append(callback)

    def when_publishing(self, declare: Callable[[Any], object]) -> None:
        """Register what a publisher needs on the broker; before start."""
        self._declarations.append(declare)

    def cancel(self) -> None:
        """Take no new message; replies still come in and acks still go out."""
        if self.draining:
            return
        self.draining = True
        for channel, tag, consumer in self._running:
            if not consumer.transient:
                self._write(self.consuming, channel, "basic_cancel", tag, True)

    def ack(self, message: amqp.Message) -> None:
        tag = message.delivery_tag
        self._write(self.consuming, message.channel, "basic_ack", tag)

    def requeue(self, message: amqp.Message) -> None:
        tag = message.delivery_tag
        self._write(self.consuming, message.channel, "basic_reject", tag, True)

    def send(
        self, message: amqp.Message, exchange: str, key: str, mandatory: bool = False
    ) -> bool:
        """Publish without confirm, for what may be lost; False = surely not sent."""
        channel = self._publish_channel
        if channel is None:
            return False
        connection = channel.connection
        try:
            link.publish(channel, message, exchange, key, mandatory)
        except LINK_ERRORS as error:
            self.publishing.drop(error, connection)
            return False
        return True

    def send_confirmed(self, message: amqp.Message, exchange: str, key: str) -> None:
        """Publish and wait until the broker has it; raises `NotConfirmed`."""
        confirms = self._confirms
        if confirms is None:
            raise NotConfirmed("not connected")
        batch = Batch()
        try:
            confirms.send(batch, message, exchange, key)
            batch.wait(self.container.config.confirm_timeout)
        except LINK_ERRORS as error:
            self.publishing.drop(error)
            raise NotConfirmed("lost") from error
        except NotConfirmed as error:
            self.publishing.drop(error)
            raise
        if batch.returned:
            raise NotConfirmed("returned")

    def _write(self, on: Link, channel: Any, method: str, *args: Any) -> None:
        connection = channel.connection
        if connection is None:  # of an earlier connection: the broker has it back
            return
        try:
            getattr(channel, method)(*args)
        except LINK_ERRORS as error:
            on.drop(error, connection)

    def _consume(self, connection: Any) -> None:
        self._running.clear()
        for consumer in self._consumers:
            if self.draining and not consumer.transient:
                continue
            channel = connection.channel()
            channel.auto_decode = False  # bytes for everyone, whatever was claimed
            queue = consumer.declare(channel)
            channel.basic_qos(0, consumer.prefetch, False)
            tag = channel.basic_consume(
                queue,
                no_ack=consumer.no_ack,
                callback=consumer.on_message,
                on_cancel=self._cancelled,
            )
            self._running.append((channel, tag, consumer))

    def _cancelled(self, tag: str) -> None:
        # the queue was deleted under us: declare everything again
        raise amqp.ConnectionError(f"consumer {tag} cancelled by the broker")

    def _open_publish(self, connection: Any) -> None:
        channel = connection.channel()
        channel.events["basic_return"].add(self._returned)
        for declare in self._declarations:
            declare(channel)
        self._confirms = Confirms(connection.channel())
        self._publish_channel = channel

    def _lost_publish(self) -> None:
        self._publish_channel = None
        if self._confirms is not None:
            self._confirms.lost()
            self._confirms = None

    def _lost(self) -> None:
        for callback in self._on_lost:
            callback()

    def _returned(self, _: Any, __: str, ___: str, message: amqp.Message) -> None:
        for callback in self._on_return:
            callback(message)
