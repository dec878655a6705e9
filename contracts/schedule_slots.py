"""When everybody is free, and who could go instead: questions and answers.

RPC methods: ``list_free_slots``, ``list_representatives``.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, field

from contracts.actor import PersonRef
from contracts.fields import Request
from contracts.schedule import Clash, Slot
from contracts.schedule_requests import Minutes, When

MOST_DAYS = 31
Ids = Annotated[list[UUID], Meta(max_length=50)]
Limit = Annotated[int, Meta(ge=1, le=200)]


class FreeSlotsQuery(Request):
    """At most 31 days; `from` and `to` are instants or dates (`to` to its end).
    Slots begin on half hours; with `working_hours` they keep to office hours, and
    off holidays and Friday prayer. Travel widens persons and vehicles, not rooms."""

    from_: When = field(name="from")
    to: When
    duration_minutes: Annotated[int, Meta(ge=5, le=10_080)]
    position_ids: Ids = field(default_factory=list)
    resource_ids: Ids = field(default_factory=list)
    working_hours: bool = True
    travel_minutes_before: Minutes = 0
    travel_minutes_after: Minutes = 0
    limit: Limit = 50


class FreeSlots(msgspec.Struct, kw_only=True):
    """Earliest first. `more`: there are others after the last one."""

    slots: list[Slot]
    more: bool


class RepresentativesQuery(Request):
    """`position_id`: the participant who would be represented."""

    position_id: UUID
    limit: Limit = 20


class Representative(msgspec.Struct, kw_only=True):
    """`available`: nothing binds this person at the activity's time, travel included;
    otherwise `conflicts` says what does. `participates`: sits in it already."""

    position_id: UUID
    code: str
    title: str
    unit_name: str
    person: PersonRef
    available: bool
    participates: bool
    conflicts: list[Clash] = []


class Representatives(msgspec.Struct, kw_only=True):
    """The free ones first, then by rank."""

    items: list[Representative]
