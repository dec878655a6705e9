"""Requests for a slot: a proposed activity, seen by who asked and who must answer.

RPC methods: ``list_slot_requests``, ``get_slot_request``, ``accept_slot_request``,
``move_slot_request``, ``refuse_slot_request``. One asks by ``create_activity`` in
state ``proposed`` and takes it back by ``cancel_activity``.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

from contracts.actor import ActorRef
from contracts.fields import Instant, Note, Request
from contracts.paging import ListQuery
from contracts.schedule import Activity


class SlotRequestState(StrEnum):
    """`offered`: a keeper named another time; `withdrawn`: who asked, or the
    organiser, called it off."""

    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class SlotRequest(msgspec.Struct, kw_only=True):
    """`asked_…` is the time first asked for, the activity's own the one in question.

    `waiting_for`: positions whose keepers have not answered; where it is about rooms
    and vehicles alone, `waiting_for_resources`: the yes of one of their keepers is due.
    """

    activity_id: UUID
    state: SlotRequestState
    asked_starts_at: datetime
    asked_ends_at: datetime | None
    expires_at: datetime
    answered_by: ActorRef | None = None
    answered_at: datetime | None = None
    note: str | None = None
    waiting_for: list[UUID] = []
    waiting_for_resources: list[UUID] = []
    activity: Activity


class SlotRequestsQuery(ListQuery):
    """`to_me`: about time the caller keeps, asked by others; `by_me`: asked by him or
    his office, also about his own time and that of others.

    `open`: those that still need an answer, or those that do not.
    """

    box: Literal["to_me", "by_me"] = "to_me"
    open: bool | None = None


class AcceptSlotRequest(Request):
    note: Note | None = None


class MoveSlotRequest(Request):
    """Another time; `ends_at` null or absent = until finished."""

    starts_at: Instant
    ends_at: Instant | None = None
    note: Note | None = None


class RefuseSlotRequest(Request):
    reason: Note
