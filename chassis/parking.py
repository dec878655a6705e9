"""Setting a message aside: with its reason, for an operator, in ``parked.<service>``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import amqp
import structlog

from chassis import metrics, topology
from chassis.bus import Bus
from chassis.confirms import NotConfirmed

log = structlog.get_logger(__name__)

REASON = "x-parked-reason"
QUEUE = "x-parked-queue"
AT = "x-parked-at"
ATTEMPT = "x-attempt"


def park(
    bus: Bus, message: amqp.Message, service: str, reason: str, queue: str = ""
) -> bool:
    """Copy `message` to the service's parked queue; False = not now, keep it."""
    marks = {
        REASON: reason,
        QUEUE: queue or message.delivery_info["routing_key"],
        AT: datetime.now(UTC).isoformat(),
    }
    try:
        bus.send_confirmed(copy(message, marks), "", topology.parked_queue(service))
    except NotConfirmed as error:
        log.warning("cannot park now", reason=reason, error=str(error))
        return False
    metrics.parked.labels(reason.partition(":")[0]).inc()
    log.error("message parked", reason=reason, queue=queue, message_id=_id(message))
    return True


def copy(message: amqp.Message, headers: dict[str, Any]) -> amqp.Message:
    """The same message, persistent, with more headers and no death history."""
    kept = dict(message.properties)
    old = kept.pop("application_headers", None) or {}
    kept.pop("expiration", None)
    kept["delivery_mode"] = 2
    clean = {key: value for key, value in old.items() if not _of_broker(key)}
    return amqp.Message(message.body, application_headers={**clean, **headers}, **kept)


def _of_broker(header: str) -> bool:
    return header.startswith(
        ("x-death", "x-first-death", "x-last-death", "x-delivery-")
    )


def _id(message: amqp.Message) -> str | None:
    identity: str | None = message.properties.get("message_id")
    return identity
