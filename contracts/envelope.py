"""The envelope of every event: a CloudEvents 1.0 document, on the bus and outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from contracts.actor import ActorRef


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of a published event's data; subclasses name their `type`.

    `type` is also the routing key (``letter.registered.v1``). Within a major
    version only optional fields are added.
    """

    type: ClassVar[str]


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What travels: exchange ``<service>.events``, routing key = `type`.

    `subject` names the aggregate (``letter/<uuid>``); `sequence` counts its events
    where order matters; `data` is a dumped `Event`.
    """

    id: UUID
    type: str
    source: str  # the publishing service: "letters"
    subject: str
    time: datetime
    data: dict[str, Any]
    actor: ActorRef | None = None
    correlationid: str | None = None
    sequence: int | None = None
    specversion: str = "1.0"
    datacontenttype: str = "application/json"
