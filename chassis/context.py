"""What travels with a call: who acts, under which request, until when.

On the wire each field is one AMQP header, so that stock nameko passes it on:

==========================  ================================================
``nameko.call_id_stack``    list of call ids, nameko's own
``nameko.request_id``       text; the HTTP request's id, kept to the last event
``nameko.actor``            JSON of `contracts.actor.Actor`
``nameko.deadline``         RFC 3339 text, or seconds since the epoch
``nameko.idempotency``      JSON of `Idempotency`
==========================  ================================================

Nothing else is accepted from or sent to the bus (N18: stock nameko turns every
header into context and sends it on for ever).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from chassis.ids import new_id
from contracts.actor import Actor
from contracts.errors import Malformed

PREFIX = "nameko."

T = TypeVar("T")


class Idempotency(msgspec.Struct, frozen=True, kw_only=True):
    """The key of a command; `generated` = the gateway's own request id as key."""

    key: str
    fingerprint: str = ""
    generated: bool = False


class CallContext(msgspec.Struct, frozen=True, kw_only=True):
    """The context of one call, as the service sees it in ``self.call``."""

    actor: Actor | None = None
    request_id: str = ""
    deadline: datetime | None = None
    idempotency: Idempotency | None = None

    def expired(self, now: datetime) -> bool:
        return self.deadline is not None and now >= self.deadline

    def to_headers(self) -> dict[str, Any]:
        """The headers that carry this context to another service."""
        headers = {f"{PREFIX}request_id": self.request_id}
        if self.actor is not None:
            headers[f"{PREFIX}actor"] = msgspec.json.encode(self.actor).decode()
        if self.deadline is not None:
            headers[f"{PREFIX}deadline"] = self.deadline.isoformat()
        if self.idempotency is not None:
            key = msgspec.json.encode(self.idempotency).decode()
            headers[f"{PREFIX}idempotency"] = key
        return headers


def from_headers(headers: Mapping[str, Any]) -> CallContext:
    """Read the known headers; raises `Malformed` on one that cannot be read."""
    try:
        return CallContext(
            actor=_read(headers.get(f"{PREFIX}actor"), _ACTOR),
            request_id=str(headers.get(f"{PREFIX}request_id") or new_id()),
            deadline=_instant(headers.get(f"{PREFIX}deadline")),
            idempotency=_read(headers.get(f"{PREFIX}idempotency"), _IDEMPOTENCY),
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise Malformed("malformed", reason="context headers") from error


_ACTOR = msgspec.json.Decoder(Actor)
_IDEMPOTENCY = msgspec.json.Decoder(Idempotency)


def _read(text: Any, decoder: msgspec.json.Decoder[T]) -> T | None:
    return None if text is None else decoder.decode(text)


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, str):
        instant = datetime.fromisoformat(value)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return datetime.fromtimestamp(float(value), UTC)
