"""Publisher confirms that know which message they confirm (N12).

py-amqp's own `basic_publish_confirm` takes any ack for the one it waits for. Here
each delivery tag belongs to a `Batch`; a batch is done when each of its messages is
confirmed, and fails as a whole on a nack, a timeout or a lost connection.
"""

from __future__ import annotations

from typing import Any

import amqp
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from eventlet.timeout import Timeout

from chassis import link, metrics


class NotConfirmed(Exception):
    """The broker did not take the messages; they must be sent again."""


class Batch:
    """Messages that are confirmed, or not, together."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.returned: set[str] = set()
        self.failed = ""
        self._sealed = False
        self._done = Event()

    def settle(self, tag: int, failure: str = "") -> None:
        self.open.discard(tag)
        self.failed = self.failed or failure
        self._finish()

    def fail(self, reason: str) -> None:
        self.open.clear()
        self.failed = self.failed or reason
        self._finish()

    def wait(self, timeout: float) -> None:
        """Return when all are confirmed; raise `NotConfirmed` otherwise."""
        self._sealed = True
        self._finish()
        with Timeout(timeout, False):
            self._done.wait()
        if not self._done.ready():
            self.failed = "timeout"
        if self.failed:
            metrics.amqp_publish.labels(self.failed).inc()
            raise NotConfirmed(self.failed)

    def _finish(self) -> None:
        over = self.failed or (self._sealed and not self.open)
        if over and not self._done.ready():
            self._done.send(None)


class Confirms:
    """A channel in confirm mode. Made in a link's `on_open`, lost with it."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._last = 0
        self._order = Semaphore(1)
        self._waiting: dict[int, Batch] = {}
        channel.confirm_select()
        channel.events["basic_ack"].add(self._acked)
        channel.events["basic_nack"].add(self._nacked)
        channel.events["basic_return"].add(self._returned)

    def send(
        self,
        batch: Batch,
        message: amqp.Message,
        exchange: str,
        key: str,
        mandatory: bool = True,
    ) -> None:
        """Write one message as part of `batch`."""
        with self._order:  # the n-th publish of a channel has tag n
            self._last += 1
            batch.open.add(self._last)
            self._waiting[self._last] = batch
            link.publish(self._channel, message, exchange, key, mandatory)

    def lost(self) -> None:
        """The connection is gone: nothing on it will be confirmed any more."""
        for batch in set(self._waiting.values()):
            batch.fail("lost")
        self._waiting.clear()

    def _acked(self, tag: int, multiple: bool) -> None:
        for each in self._tags(tag, multiple):
            self._waiting.pop(each).settle(each)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for each in self._tags(tag, multiple):
            self._waiting.pop(each).settle(each, "nacked")

    def _returned(self, _: Any, __: str, ___: str, message: amqp.Message) -> None:
        # a return comes before the ack of the same message
        message_id = message.properties.get("message_id", "")
        for batch in set(self._waiting.values()):
            batch.returned.add(message_id)

    def _tags(self, tag: int, multiple: bool) -> list[int]:
        if not multiple:
            return [tag] if tag in self._waiting else []
        return [each for each in self._waiting if each <= tag]
