"""Logging in, the session of a token, and who I am."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from contracts.actor import PersonRef
from contracts.directory.codes import Capacity, Duty, Right
from contracts.fields import Instant, Request, ShortLine


class OpenSession(Request, forbid_unknown_fields=True, kw_only=True):
    username: ShortLine
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    otp: ShortLine | None = None
    device_name: ShortLine | None = None


class MyPosition(msgspec.Struct, frozen=True, kw_only=True):
    """A position I hold or act for now; primary first."""

    position_id: UUID
    code: str
    title: str
    short_title: str
    unit_id: UUID
    unit_name: str
    level: int
    duty: Duty
    capacity: Capacity
    primary: bool
    rights: tuple[Right, ...]
    include_secret: bool


class OpenedSession(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    expires_at: Instant
    person: PersonRef
    positions: tuple[MyPosition, ...]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``get_session``: who a token belongs to. `demo`: valid only while the
    gateway listens on loopback."""

    session_id: UUID
    person_id: UUID
    name: str
    expires_at: Instant
    demo: bool = False
    authenticated_at: Instant | None = None


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """null where the service that counts is away."""

    unread_tasks: int | None = None
    open_tasks: int | None = None
    overdue_tasks: int | None = None
    unread_notifications: int | None = None


class Me(msgspec.Struct, frozen=True, kw_only=True):
    person: PersonRef
    positions: tuple[MyPosition, ...]
    counters: Counters = Counters()
