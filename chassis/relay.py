"""The outbox relay (D15): in every replica, active in one, by an advisory lock.

It reads *all* rows in order of `seq`, not those above the last one: a transaction
that took a lower number may commit later. Up to 200 are published, confirmed each by
its tag (`chassis.confirms`), and deleted by one statement. A row is deleted only
after its confirm, so a crash publishes it twice, which the inboxes absorb.

An event may have no listener. It is published `mandatory`; a return is counted in
``outbox_unroutable`` and the event counts as published.
"""

from __future__ import annotations

import time
from typing import Any

import amqp
import eventlet
import psycopg2
import structlog
from eventlet.greenthread import GreenThread
from nameko.extensions import DependencyProvider
from psycopg2 import extensions

from chassis import crash, green, logs, metrics, topology
from chassis.clock import jittered
from chassis.confirms import Batch, Confirms, NotConfirmed
from chassis.database import CONNECT_ARGS, Database, service_url
from chassis.housekeeping import Housekeeping
from chassis.link import Link
from chassis.outbox import CHANNEL

log = structlog.get_logger(__name__)

BATCH = 200
POLL = 1.0
BACKOFF = (0.2, 5.0)
GRACE = 10.0
BROKER_ERRORS = (NotConfirmed, amqp.AMQPError, OSError)
#: One lock per database; any constant will do.
LOCK = 0x52414B4154

_READ = (
    "SELECT seq, id::text, type, subject, body::text,"
    " extract(epoch FROM occurred_at)::bigint"
    f" FROM outbox ORDER BY seq LIMIT {BATCH}"
)
_DELETE = "DELETE FROM outbox WHERE seq = ANY(%s)"


class OutboxRelay(DependencyProvider):
    """``relay = OutboxRelay()`` in a service whose database has an outbox."""

    def setup(self) -> None:
        config = self.container.config
        name = self.container.service_name
        url = service_url(config, name).set(drivername="postgresql")
        self.relay = Relay(
            name, config.need("amqp_uri"), url.render_as_string(False), config
        )

    def start(self) -> None:
        self.relay.start()

    def stop(self) -> None:
        self.relay.stop()

    kill = stop


class Relay:
    """Publishes one database's outbox while it holds the lock."""

    def __init__(
        self, service: str, amqp_uri: str, database_url: str, config: Any
    ) -> None:
        self.service = service
        self.exchange = topology.events_exchange(service)
        self._url = database_url
        self._timeout = config.confirm_timeout
        self._confirms: Confirms | None = None
        self.link = Link(
            amqp_uri, f"{service} relay", self._open, self._lost, config.heartbeat
        )
        self.leading = False
        self._stopping = False
        self._thread: GreenThread | None = None

    def start(self) -> None:
        self.link.start()
        self._thread = eventlet.spawn(self._run)

    def stop(self) -> None:
        self._stopping = True
        if self._thread is not None:
            self._thread.kill()
        self.link.close()
        metrics.outbox_leading.set(0)

    def _run(self) -> None:
        wait = BACKOFF[0]
        while not self._stopping:
            started = time.monotonic()
            try:
                self._lead()
            except Exception as error:  # border: whatever it was, begin again
                log.warning("relay interrupted", **logs.describe(error))
            finally:
                self._step_down()
            if time.monotonic() - started > BACKOFF[1]:
                wait = BACKOFF[0]
            eventlet.sleep(jittered(wait))
            wait = min(wait * 2, BACKOFF[1])

    def _step_down(self) -> None:
        if self.leading:
            metrics.outbox_lease_lost.inc()
        self.leading = False
        metrics.outbox_leading.set(0)

    def _lead(self) -> None:
        connection = _connect(self._url, self.service)
        try:
            cursor = connection.cursor()
            self._wait_for_lock(cursor)
            cursor.execute(f"LISTEN {CHANNEL}")
            self._publish_until_stopped(connection, cursor)
        finally:
            connection.close()

    def _wait_for_lock(self, cursor: Any) -> None:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
            if cursor.fetchone()[0]:
                break
            eventlet.sleep(jittered(POLL))
        self.leading = True
        metrics.outbox_leading.set(1)
        log.info("relay leads")

    def _publish_until_stopped(self, connection: Any, cursor: Any) -> None:
        housekeeping = Housekeeping(cursor)
        while not self._stopping:
            self._wait_for_broker()
            if self._publish_patiently(cursor) < BATCH:
                housekeeping.when_due()
                _await_notification(connection)

    def _wait_for_broker(self) -> None:
        """Keep the lock through a short loss; let another replica try after a long."""
        until = time.monotonic() + GRACE
        while self._confirms is None:
            if time.monotonic() > until:
                raise NotConfirmed("no broker")
            eventlet.sleep(0.1)

    def _publish_patiently(self, cursor: Any) -> int:
        try:
            return self._publish_batch(cursor)
        except BROKER_ERRORS as error:
            log.warning("publishing interrupted", **logs.describe(error))
            eventlet.sleep(jittered(BACKOFF[0]))
            return BATCH  # look again at once, not after a notification

    def _publish_batch(self, cursor: Any) -> int:
        cursor.execute(_READ)
        rows = cursor.fetchall()
        if not rows:
            return 0
        crash.point("read_before_publish")
        self._publish(rows)
        crash.point("published_before_delete")
        cursor.execute(_DELETE, ([row[0] for row in rows],))
        crash.point("deleted")
        metrics.outbox_published.inc(len(rows))
        return len(rows)

    def _publish(self, rows: list[Any]) -> None:
        confirms = self._confirms
        if confirms is None:
            raise NotConfirmed("not connected")
        batch = Batch()
        try:
            for seq, message_id, kind, subject, body, occurred in rows:
                message = _message(seq, message_id, kind, subject, body, occurred)
                confirms.send(batch, message, self.exchange, kind)
            batch.wait(self._timeout)
        except BROKER_ERRORS as error:
            # late confirms of this channel must never meet another message (N12)
            self.link.drop(error)
            raise
        self._count(rows, batch)

    def _count(self, rows: list[Any], batch: Batch) -> None:
        metrics.amqp_publish.labels("confirmed").inc(len(rows))
        for row in rows if batch.returned else ():
            if row[1] in batch.returned:
                metrics.outbox_unroutable.labels(row[2]).inc()

    def _open(self, connection: Any) -> None:
        channel = connection.channel()
        topology.declare_events_exchange(channel, self.service)
        self._confirms = Confirms(channel)

    def _lost(self) -> None:
        if self._confirms is not None:
            self._confirms.lost()
            self._confirms = None


def relay_of(database: Database, amqp_uri: str, config: Any) -> Relay:
    """A relay outside a container (tests, operations)."""
    url = database.url.set(drivername="postgresql").render_as_string(False)
    return Relay(database.service, amqp_uri, url, config)


def _connect(url: str, service: str) -> Any:
    connection = psycopg2.connect(
        url, **{**CONNECT_ARGS, "application_name": f"rakat-{service}-relay"}
    )
    connection.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return connection


def _await_notification(connection: Any) -> None:
    if green.wait_readable(connection, POLL):
        connection.poll()
    connection.notifies.clear()


def _message(
    seq: int, message_id: str, kind: str, subject: str, body: str, occurred: int
) -> amqp.Message:
    return amqp.Message(
        body.encode(),
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=message_id,
        type=kind,
        timestamp=occurred,
        application_headers={
            "x-event-id": message_id,
            "x-aggregate": subject,
            "x-seq": seq,
            "x-attempt": 0,
        },
    )
