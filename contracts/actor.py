"""Who acts: travels from the gateway to every service in the call's context."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class ClientRef(msgspec.Struct, frozen=True, kw_only=True):
    """An application; acts as its unit."""

    client_id: UUID
    name: str
    unit_id: UUID
    scopes: tuple[str, ...] = ()


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person (by session) or a client. Positions are *not* carried: each service
    reads them from its own copy of the directory, by the clock.

    `acting_as` is the header ``X-Acting-As``; None = the primary position.
    `authenticated_at`: when the session was opened with a password.
    """

    person_id: UUID | None = None
    name: str = ""
    session_id: UUID | None = None
    client: ClientRef | None = None
    acting_as: UUID | None = None
    authenticated_at: datetime | None = None

    @property
    def key(self) -> str:
        """Stable identity for idempotency keys and limits."""
        return (
            f"person:{self.person_id}"
            if self.person_id
            else f"client:{self.client.client_id if self.client else ''}"
        )


class PersonRef(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    name: str


class PositionRef(msgspec.Struct, frozen=True, kw_only=True):
    position_id: UUID
    code: str
    title: str
    unit_name: str


class ActorRef(msgspec.Struct, frozen=True, kw_only=True):
    """How an act is signed in timelines, trails and events; stored with the act."""

    person: PersonRef | None = None
    position: PositionRef | None = None
    capacity: str | None = None  # definitive plt plh pj delegate aide
    client: ClientRef | None = None
