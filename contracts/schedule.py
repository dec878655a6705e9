"""Activities, participants, rooms and vehicles: what schedule takes and answers.

Request bodies stand in `contracts.schedule_requests`, published events in
`contracts.schedule_events`. RPC methods:

``create_activity``, ``list_activities``, ``get_activity``, ``update_activity``,
``confirm_activity``, ``cancel_activity``, ``postpone_activity``,
``complete_activity``, ``respond_to_activity``, ``check_conflicts``,
``list_conflicts``, ``list_resources``, ``get_reference``, ``record_outcome``;
those of requests for a slot in `contracts.schedule_slots`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.actor import ActorRef, PersonRef
from contracts.fields import END, Line, Part, ShortLine

SERVICE = "schedule"

Url = Annotated[str, Meta(max_length=1000, pattern=r"^https?://[^\s]+" + END)]


class ActivityKind(StrEnum):
    RAPAT = "rapat"
    AUDIENSI = "audiensi"
    KUNJUNGAN = "kunjungan"
    UPACARA = "upacara"
    PERESMIAN = "peresmian"
    SOSIALISASI = "sosialisasi"
    UNDANGAN = "undangan"
    PERKAWINAN = "perkawinan"
    DINAS_LUAR = "dinas_luar"
    CUTI = "cuti"
    PRIBADI = "pribadi"
    LAINNYA = "lainnya"


class ActivityState(StrEnum):
    PROPOSED = "proposed"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """`public`: anybody; `internal`: every office; `busy_only`: others see "sibuk"."""

    PUBLIC = "public"
    INTERNAL = "internal"
    BUSY_ONLY = "busy_only"


class ParticipantRole(StrEnum):
    HOST = "host"
    REQUIRED = "required"
    INVITED = "invited"
    ACCOMPANYING = "accompanying"


class Response(StrEnum):
    PENDING = "pending"
    ATTENDING = "attending"
    NOT_ATTENDING = "not_attending"
    REPRESENTED = "represented"


class ResourceKind(StrEnum):
    ROOM = "room"
    VEHICLE = "vehicle"


class Standing(StrEnum):
    """What a line does to its person's or resource's time.

    Only `binding` lines are in the constraint. `blocked`: it should bind, but the
    person was busy when a letter asked for it; `displaced`: it was beaten.
    """

    BINDING = "binding"
    DISPLACED = "displaced"
    BLOCKED = "blocked"
    TENTATIVE = "tentative"
    PROPOSED = "proposed"
    INVITED = "invited"


class Place(Part):
    """Where; a room that must not be promised twice is a resource, not a place."""

    name: Line | None = None
    region_code: ShortLine | None = None
    online_url: Url | None = None


class ActivityExternalRef(Part):
    """The activity's name in another application; unique per system."""

    system: ShortLine
    id: ShortLine


class Slot(msgspec.Struct, kw_only=True):
    starts_at: datetime
    ends_at: datetime


class Clash(msgspec.Struct, kw_only=True):
    """Something already on somebody's time; titled "sibuk" when hidden."""

    kind: Literal["person", "resource"]
    position_id: UUID | None = None
    resource_id: UUID | None = None
    name: str
    activity_id: UUID
    activity_title: str
    starts_at: datetime
    ends_at: datetime | None
    state: ActivityState


class ConflictCheck(msgspec.Struct, kw_only=True):
    """`conflicts` would refuse a confirmed booking, `warnings` would not."""

    conflicts: list[Clash]
    alternatives: list[Slot]
    warnings: list[Clash] = []


class Participant(msgspec.Struct, kw_only=True):
    """`person` holds the position on the activity's date; null = vacant."""

    position_id: UUID
    code: str
    title: str
    unit_name: str
    person: PersonRef | None
    role: ParticipantRole
    response: Response
    represented_by: UUID | None = None
    represents: UUID | None = None
    note: str | None = None
    standing: Standing | None = None  # null: the line claims no time
    kept_by_me: bool = False  # the caller may answer for this position


class Resource(msgspec.Struct, kw_only=True):
    resource_id: UUID
    code: str
    name: str
    kind: ResourceKind
    unit_id: UUID
    capacity: int | None = None
    place: str | None = None


class ActivityResource(msgspec.Struct, kw_only=True):
    resource_id: UUID
    code: str
    name: str
    kind: ResourceKind
    standing: Standing | None = None


class Override(msgspec.Struct, kw_only=True):
    reason: str
    by: ActorRef
    at: datetime


class ActivityOutcome(msgspec.Struct, kw_only=True):
    """Minutes: what came of it, as last written down."""

    summary: str
    decisions: list[str] = []
    attendance_count: int | None = None
    by: ActorRef
    at: datetime


class Activity(msgspec.Struct, kw_only=True):
    """`masked`: the caller may know the time is taken, not for what."""

    activity_id: UUID
    title: str
    kind: ActivityKind
    starts_at: datetime
    ends_at: datetime | None
    assumed_ends_at: datetime  # = ends_at, or what "until finished" is held for
    organiser_unit_id: UUID
    organiser_unit_name: str
    state: ActivityState
    visibility: Visibility
    place: Place | None
    participants: list[Participant]
    resource_ids: list[UUID]
    resources: list[ActivityResource]
    letter_id: UUID | None = None
    external_ref: ActivityExternalRef | None = None
    recurrence: None = None
    series_id: UUID | None = None
    travel_minutes_before: int = 0
    travel_minutes_after: int = 0
    override: Override | None = None
    reason: str | None = None  # of the last act
    outcome: ActivityOutcome | None = None
    blocked: bool = False  # a letter's proposal that met a busy person
    alternatives: list[Slot] = []  # while blocked
    created_by: ActorRef | None = None
    created_at: datetime
    updated_at: datetime
    version: int
    masked: bool = False
    allowed: list[str] = []  # confirm cancel postpone complete update record
    warnings: list[Clash] = []


class MonitoredLine(msgspec.Struct, kw_only=True):
    """A line to look at: displaced, blocked, or tentative over another."""

    kind: Literal["person", "resource"]
    standing: Standing
    position_id: UUID | None = None
    resource_id: UUID | None = None
    name: str
    unit_id: UUID
    unit_name: str
    activity_id: UUID
    activity_title: str
    starts_at: datetime
    ends_at: datetime | None
    state: ActivityState
    since: datetime
    overlaps: list[Clash]


class Holiday(msgspec.Struct, kw_only=True):
    """`joint_leave`: cuti bersama. `code` is the date."""

    code: str
    date: date
    label_id: str
    label_en: str
    joint_leave: bool = False
