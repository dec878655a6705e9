"""Bodies and queries schedule reads; the answers stand in `contracts.schedule`."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from contracts.fields import (
    DAY_OR_INSTANT,
    Code,
    Instant,
    Line,
    Note,
    Part,
    Request,
    SearchText,
    ShortLine,
    Text,
)
from contracts.paging import ListQuery
from contracts.schedule import (
    ActivityExternalRef,
    ActivityKind,
    ActivityState,
    OpenHours,
    ParticipantRole,
    Place,
    Recurrence,
    ResourceKind,
    Url,
    Visibility,
)

Minutes = Annotated[int, Meta(ge=0, le=1440)]

When = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=DAY_OR_INSTANT,
        description="RFC 3339 instant, or a date (the local day)",
    ),
]


class ParticipantRequest(Part):
    position_id: UUID
    role: ParticipantRole = ParticipantRole.REQUIRED


class OverrideRequest(Part):
    """By duty protocol or the position Sekda: beaten lines become displaced."""

    reason: Note


Participants = Annotated[list[ParticipantRequest], Meta(max_length=200)]
ResourceIds = Annotated[list[UUID], Meta(max_length=50)]


class CreateActivity(Request):
    """`ends_at` null or absent = until finished.

    `all_day`: the whole local days that the times name, from midnight to midnight;
    without an end one day.

    With `recurrence` it is the first of a series: no letter, no override; an external
    reference is the first occurrence's. The `alternatives` of a refusal are then times
    of the first date at which the whole series is free, when all dates move as far:
    to another hour, and what goes by the week to another day of it. A changed rule is
    offered other days only."""

    title: Line
    kind: ActivityKind
    starts_at: Instant
    organiser_unit_id: UUID
    state: Literal["proposed", "tentative", "confirmed"]
    ends_at: Instant | None = None
    visibility: Visibility = Visibility.INTERNAL
    place: Place | None = None
    participants: Participants = field(default_factory=list)
    resource_ids: ResourceIds = field(default_factory=list)
    letter_id: UUID | None = None
    external_ref: ActivityExternalRef | None = None
    recurrence: Recurrence | None = None
    travel_minutes_before: Minutes = 0
    travel_minutes_after: Minutes = 0
    override: OverrideRequest | None = None
    all_day: bool = False
    dress_code: Line | None = None
    contact: Line | None = None


class PlacePatch(Part):
    """What changes of the place; the rest of it stays."""

    name: Line | UnsetType | None = UNSET
    region_code: ShortLine | UnsetType | None = UNSET
    online_url: Url | UnsetType | None = UNSET


class UpdateActivity(Request):
    """JSON Merge Patch: absent = unchanged, null = removed, lists are replaced.

    `recurrence` is the new rule of a series, alone in its patch and with `scope`
    `following` or `all` (else 422). It begins on the first date that is meant and
    still ahead, or on the first one after that which it names, at the series' hour.
    Dates it names as well stay as they are, the others are called off, and those that
    are new are checked like a new activity's. null changes nothing."""

    title: Line | UnsetType = UNSET
    kind: ActivityKind | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType | None = UNSET
    organiser_unit_id: UUID | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    place: PlacePatch | UnsetType | None = UNSET
    participants: Participants | UnsetType = UNSET
    resource_ids: ResourceIds | UnsetType = UNSET
    external_ref: ActivityExternalRef | UnsetType | None = UNSET
    recurrence: Recurrence | UnsetType | None = UNSET
    travel_minutes_before: Minutes | UnsetType = UNSET
    travel_minutes_after: Minutes | UnsetType = UNSET
    override: OverrideRequest | UnsetType | None = UNSET
    all_day: bool | UnsetType = UNSET
    dress_code: Line | UnsetType | None = UNSET
    contact: Line | UnsetType | None = UNSET


class ScopeQuery(Request):
    """Of a series: `this` occurrence, it and the `following` ones, or `all` that have
    not begun. New times move each by as much as the named one."""

    scope: Literal["this", "following", "all"] = "this"


class UpdateQuery(ScopeQuery):
    """`dry_run`: what the change would come to, or be refused for; nothing is stored
    and nobody is told."""

    dry_run: bool = False


class ConfirmActivity(Request):
    reason: Note | None = None
    override: OverrideRequest | None = None


class ActOnActivity(Request):
    """Body of cancel, postpone and complete."""

    reason: Note | None = None


class RecordOutcome(Request):
    """Replaces what was written before."""

    summary: Text
    decisions: Annotated[list[Note], Meta(max_length=100)] = field(default_factory=list)
    attendance_count: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


class RespondToActivity(Request):
    """`represented_by` (a position) belongs to `represented` only."""

    response: Literal["attending", "not_attending", "represented"]
    represented_by: UUID | None = None
    note: Note | None = None


class ExchangeParticipants(Request):
    """`position_id` leaves this activity for the other one, whose `other_position_id`
    comes here; each takes the other's role."""

    position_id: UUID
    other_activity_id: UUID
    other_position_id: UUID


class CheckConflicts(Request):
    starts_at: Instant
    ends_at: Instant | None = None
    kind: ActivityKind = ActivityKind.RAPAT
    position_ids: Annotated[list[UUID], Meta(max_length=200)] = field(
        default_factory=list
    )
    resource_ids: ResourceIds = field(default_factory=list)
    exclude_activity_id: UUID | None = None
    travel_minutes_before: Minutes = 0
    travel_minutes_after: Minutes = 0
    all_day: bool = False


class ActivitiesQuery(ListQuery):
    """`from` and `to` are instants or dates; an activity that touches them counts.
    Hidden ones name only the offices, rooms and vehicles asked for; `busy_of` asks
    for some without narrowing the list to them."""

    from_: When | None = field(name="from", default=None)
    to: When | None = None
    busy_of: Annotated[list[UUID], Meta(max_length=400)] = field(default_factory=list)
    position_id: UUID | None = None
    unit_id: UUID | None = None
    resource_id: UUID | None = None
    state: ActivityState | None = None
    q: SearchText | None = None


class ConflictsQuery(ListQuery):
    from_: When | None = field(name="from", default=None)
    to: When | None = None
    unit_id: UUID | None = None
    position_id: UUID | None = None


class LoadQuery(Request):
    """Every week that `from`..`to` touches, of which a date counts as its whole day;
    absent: this one and the next three."""

    from_: When | None = field(name="from", default=None)
    to: When | None = None
    unit_id: UUID | None = None


class ResourcesQuery(ListQuery):
    kind: ResourceKind | None = None
    unit_id: UUID | None = None
    active: bool | None = None
    q: SearchText | None = None


Capacity = Annotated[int, Meta(ge=1, le=1_000_000)]
Hours = Annotated[list[OpenHours], Meta(max_length=50)]


class CreateResource(Request):
    code: Code
    name: Line
    kind: ResourceKind
    unit_id: UUID
    capacity: Capacity | None = None
    place: Line | None = None
    active: bool = True
    needs_approval: bool = False
    bookable_hours: Hours = field(default_factory=list)


class UpdateResource(Request):
    """JSON Merge Patch. `kind` stays: its lines were laid as a room's or a vehicle's."""

    code: Code | UnsetType = UNSET
    name: Line | UnsetType = UNSET
    unit_id: UUID | UnsetType = UNSET
    capacity: Capacity | UnsetType | None = UNSET
    place: Line | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET
    needs_approval: bool | UnsetType = UNSET
    bookable_hours: Hours | UnsetType = UNSET


class BlockResource(Request):
    """`reason` is the title everybody reads."""

    starts_at: Instant
    ends_at: Instant
    reason: Line


class ApproveResource(Request):
    """`approved: false` takes the resource out of the activity.

    A yes with `scope` `following` or `all` holds for the nights to come as well. A no
    with such a scope on a date that was agreed to withdraws it: dates agreed to stay,
    those that are added ask again."""

    approved: bool = True
    reason: Note | None = None
