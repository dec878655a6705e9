"""Bodies and queries schedule reads; the answers stand in `contracts.schedule`."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from contracts.fields import (
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
    ParticipantRole,
    Place,
    ResourceKind,
    Url,
    Visibility,
)

Minutes = Annotated[int, Meta(ge=0, le=1440)]

When = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=r"^\d{4}-\d\d-\d\d"
        r"([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[-+ ]\d\d:\d\d)?)?$",
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
    """`ends_at` null or absent = until finished. `recurrence` is null for now."""

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
    recurrence: None = None
    travel_minutes_before: Minutes = 0
    travel_minutes_after: Minutes = 0
    override: OverrideRequest | None = None


class PlacePatch(Part):
    """What changes of the place; the rest of it stays."""

    name: Line | UnsetType | None = UNSET
    region_code: ShortLine | UnsetType | None = UNSET
    online_url: Url | UnsetType | None = UNSET


class UpdateActivity(Request):
    """JSON Merge Patch: absent = unchanged, null = removed, lists are replaced."""

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
    recurrence: UnsetType | None = UNSET
    travel_minutes_before: Minutes | UnsetType = UNSET
    travel_minutes_after: Minutes | UnsetType = UNSET
    override: OverrideRequest | UnsetType | None = UNSET


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


class ActivitiesQuery(ListQuery):
    """`from` and `to` are instants or dates; an activity that touches them counts."""

    from_: When | None = field(name="from", default=None)
    to: When | None = None
    position_id: UUID | None = None
    unit_id: UUID | None = None
    resource_id: UUID | None = None
    state: ActivityState | None = None
    q: SearchText | None = None


class ConflictsQuery(ListQuery):
    from_: When | None = field(name="from", default=None)
    to: When | None = None
    unit_id: UUID | None = None


class ResourcesQuery(ListQuery):
    kind: ResourceKind | None = None
    unit_id: UUID | None = None
    q: SearchText | None = None
