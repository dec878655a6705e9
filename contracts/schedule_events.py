"""Events of schedule, exchange ``schedule.events``, subject ``activity/<uuid>``.

Every one carries the whole activity as it stands after the act, so that nobody
calls back. `title`, `place_name` and `dress_code` are
null where the activity is `busy_only`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.envelope import Event
from contracts.schedule import (
    ActivityKind,
    ActivityState,
    Clash,
    ParticipantRole,
    Response,
    Slot,
    Standing,
    Visibility,
)


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One participant; `person_id` null = the position is vacant on that date."""

    position_id: UUID
    person_id: UUID | None
    role: ParticipantRole
    response: Response
    represented_by: UUID | None = None
    standing: Standing | None = None


class ActivityFacts(Event, frozen=True, kw_only=True):
    """`requester_…`: who asked for it. `keeper_position_ids`: who keep the time of
    its binding participants and may confirm it. `imported_into`: the position whose
    calendar file this act comes from; it is told of the whole file at once."""

    type: ClassVar[str] = ""

    activity_id: UUID
    version: int
    title: str | None
    kind: ActivityKind
    starts_at: datetime
    ends_at: datetime | None
    state: ActivityState
    visibility: Visibility
    organiser_unit_id: UUID
    place_name: str | None
    letter_id: UUID | None
    participants: tuple[LineFacts, ...]
    resource_ids: tuple[UUID, ...]
    keeper_position_ids: tuple[UUID, ...]
    requester_position_id: UUID | None
    requester_person_id: UUID | None
    requester_client_id: UUID | None
    reason: str | None = None
    all_day: bool = False
    dress_code: str | None = None
    imported_into: UUID | None = None


class ActivityProposed(ActivityFacts, frozen=True, kw_only=True):
    """Asked for, or pencilled in (tentative). For the keepers of its people's time."""

    type: ClassVar[str] = "activity.proposed.v1"


class ActivityConfirmed(ActivityFacts, frozen=True, kw_only=True):
    """It binds now. For its participants and its requester."""

    type: ClassVar[str] = "activity.confirmed.v1"


class ActivityChanged(ActivityFacts, frozen=True, kw_only=True):
    """Time, people, place, or state (postponed, completed). For its participants.

    `changes` names the changed fields. With ``overtaken_by`` set nothing of it
    changed: another activity was confirmed over this tentative or proposed one;
    that is for the requester only. `removed_position_ids` are no longer in it.
    `offered`: a keeper answered a request for a slot with this other time. With
    ``imported`` set nothing of it changed, either: it stands for so many activities
    that a calendar file has just entered, changed or called off.
    """

    type: ClassVar[str] = "activity.changed.v1"

    changes: tuple[str, ...] = ()
    removed_position_ids: tuple[UUID, ...] = ()
    overtaken_by: UUID | None = None
    offered: bool = False
    imported: int = 0


class ActivityCancelled(ActivityFacts, frozen=True, kw_only=True):
    """Called off; its lines claim nothing any more. For all concerned.

    `cause`: ``cancelled``, of a request for a slot ``refused`` or ``expired``,
    ``letter_voided``, ``nobody_asked``: the letter asks nobody to come any more, or
    ``lapsed``: its hour went by before anybody settled it.
    """

    type: ClassVar[str] = "activity.cancelled.v1"

    cause: str = "cancelled"


class ActivityDisplaced(ActivityFacts, frozen=True, kw_only=True):
    """Some of its lines lost their time to another activity. For all concerned.

    `cause`: ``override`` (with `reason`) or ``assignment`` (the office changed hands).
    """

    type: ClassVar[str] = "activity.displaced.v1"

    cause: str
    displaced_position_ids: tuple[UUID, ...]
    displaced_resource_ids: tuple[UUID, ...]
    displaced_by: UUID | None = None


class ActivityBlocked(ActivityFacts, frozen=True, kw_only=True):
    """Internal. A letter asked for the time of somebody busy. For `giver_position_id`,
    who decided so, with what is in the way and free slots nearby."""

    type: ClassVar[str] = "activity.blocked.v1"

    giver_position_id: UUID | None
    blocked_position_ids: tuple[UUID, ...]
    conflicts: tuple[Clash, ...] = ()
    alternatives: tuple[Slot, ...] = ()


class ActivityLetterClosed(ActivityFacts, frozen=True, kw_only=True):
    """Internal. Its letter was closed, rejected or without a decision about it, and it
    still stands. For the keepers of its people's time, who decide."""

    type: ClassVar[str] = "activity.letter_closed.v1"


class ParticipantResponded(ActivityFacts, frozen=True, kw_only=True):
    """A participant answered. For the requester, and for `represented_by`.

    `unrepresented_position_ids`: whom he was to represent before he declined; they,
    and who keeps their time (`unrepresented_keeper_ids`), decide again.
    `deserted_organiser_ids`: nobody whom it is for comes any more; its organisers, to
    decide what becomes of it.
    """

    type: ClassVar[str] = "participant.responded.v1"

    position_id: UUID
    response: Response
    represented_by: UUID | None = None
    note: str | None = None
    unrepresented_position_ids: tuple[UUID, ...] = ()
    unrepresented_keeper_ids: tuple[UUID, ...] = ()
    deserted_organiser_ids: tuple[UUID, ...] = ()


EVENTS: dict[str, type[ActivityFacts]] = {
    event.type: event
    for event in (
        ActivityProposed,
        ActivityConfirmed,
        ActivityChanged,
        ActivityCancelled,
        ActivityDisplaced,
        ActivityBlocked,
        ActivityLetterClosed,
        ParticipantResponded,
    )
}
