"""Activities, participants, rooms and vehicles: what schedule takes and answers.

Request bodies stand in `contracts.schedule_requests`, published events in
`contracts.schedule_events`. RPC methods:

``create_activity``, ``list_activities``, ``get_activity``, ``update_activity``,
``confirm_activity``, ``cancel_activity``, ``postpone_activity``,
``complete_activity``, ``respond_to_activity``, ``check_conflicts``,
``list_conflicts``, ``list_resources``, ``get_resource``, ``create_resource``,
``update_resource``, ``block_resource``, ``approve_resource``, ``get_schedule_load``,
``get_reference``, ``record_outcome``, ``exchange_participants``; those of requests for a slot in
`contracts.schedule_slot_requests`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.actor import ActorRef, PersonRef
from contracts.fields import END, Instant, Line, Part, ShortLine

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
    person was busy when a letter asked for it; `displaced`: it was beaten. In the
    monitor `deserted`: nobody whom it is for comes.
    """

    BINDING = "binding"
    DISPLACED = "displaced"
    BLOCKED = "blocked"
    TENTATIVE = "tentative"
    PROPOSED = "proposed"
    INVITED = "invited"
    DESERTED = "deserted"


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
    """`conflicts` and `closed_resource_ids` (out of use, or outside their bookable
    hours) would refuse a confirmed booking, `warnings` would not."""

    conflicts: list[Clash]
    alternatives: list[Slot]
    warnings: list[Clash] = []
    closed_resource_ids: list[UUID] = []


class Participant(msgspec.Struct, kw_only=True):
    """`person` holds the position on the activity's date; null = vacant. Of a masked
    activity only the office and its standing are told."""

    position_id: UUID
    code: str
    title: str
    unit_name: str
    person: PersonRef | None
    role: ParticipantRole | None
    response: Response | None
    represented_by: UUID | None = None
    represents: UUID | None = None
    note: str | None = None
    standing: Standing | None = None  # null: the line claims no time
    kept_by_me: bool = False  # the caller may answer for this position


class OpenHours(Part):
    """A stretch of every such weekday (1 = Monday) in local time; may end at 24:00."""

    weekday: Annotated[int, Meta(ge=1, le=7)]
    opens: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d" + END)]
    closes: Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)" + END)]


class Resource(msgspec.Struct, kw_only=True):
    """`unit_id` owns it: its head, secretary and registrars keep it. Others get it
    within `bookable_hours` only (none given: always) and, with `needs_approval`,
    when a keeper agrees. Nobody can book what is not `active`."""

    resource_id: UUID
    code: str
    name: str
    kind: ResourceKind
    unit_id: UUID
    capacity: int | None = None
    place: str | None = None
    active: bool = True
    needs_approval: bool = False
    bookable_hours: list[OpenHours] = []
    version: int = 1


class ActivityResource(msgspec.Struct, kw_only=True):
    """`agreed_ahead`: of one activity of a series: its keeper's yes holds for the dates
    that are still to be added as well."""

    resource_id: UUID
    code: str
    name: str
    kind: ResourceKind
    standing: Standing | None = None
    approved: bool = True  # false: waits for its keeper, and does not bind until then
    agreed_ahead: bool = False
    kept_by_me: bool = False


class Override(msgspec.Struct, kw_only=True):
    reason: str
    by: ActorRef
    at: datetime


class Recurrence(Part):
    """`rrule` of RFC 5545, by whole days; local time. `rdates` are added, `exdates`
    left out. What has an end ends within ten years."""

    rrule: Annotated[str, Meta(max_length=500)] | None = None
    rdates: Annotated[list[Instant], Meta(max_length=366)] = msgspec.field(
        default_factory=list
    )
    exdates: Annotated[list[Instant], Meta(max_length=1000)] = msgspec.field(
        default_factory=list
    )
    on_clash: Literal["refuse", "skip"] = "refuse"


class SkippedOccurrence(msgspec.Struct, kw_only=True):
    """A date of a series that was not booked, and what is in its way."""

    starts_at: datetime
    conflicts: list[Clash]


class RuleDates(msgspec.Struct, kw_only=True):
    """The first 50 dates each that a changed rule makes, keeps and calls off."""

    made: list[datetime]
    kept: list[datetime]
    called_off: list[datetime]


class SeriesReport(msgspec.Struct, kw_only=True):
    """What an act did to a series: `occurrences` of it were made or changed.

    Up to `expanded_until` all occurrences are stored; unless `finished`, later ones
    are added every night. `skipped` names every date left out.

    Of a changed rule `kept` dates stay, `called_off` ones are over, `occurrences` are
    new, `dates` names the first of each, and `first_activity_id` is the first date of
    the rule that holds now.
    """

    occurrences: int
    expanded_until: datetime
    finished: bool
    skipped: list[SkippedOccurrence] = []
    kept: int = 0
    called_off: int = 0
    dates: RuleDates | None = None
    first_activity_id: UUID | None = None


class ActivityOutcome(msgspec.Struct, kw_only=True):
    """Minutes: what came of it, as last written down."""

    summary: str
    decisions: list[str] = []
    attendance_count: int | None = None
    by: ActorRef
    at: datetime


class Activity(msgspec.Struct, kw_only=True):
    """`masked`: the caller may know the time is taken, not for what nor by whom else:
    of people, rooms and vehicles only those asked for are in it, and no organiser."""

    activity_id: UUID
    title: str
    kind: ActivityKind
    starts_at: datetime
    ends_at: datetime | None
    assumed_ends_at: datetime  # = ends_at, or what "until finished" is held for
    organiser_unit_id: UUID | None
    organiser_unit_name: str
    state: ActivityState
    visibility: Visibility
    place: Place | None
    all_day: bool = False  # from local midnight to midnight
    dress_code: str | None = None
    contact: str | None = None  # of the host, to be asked about it
    participants: list[Participant]
    resource_ids: list[UUID]
    resources: list[ActivityResource]
    letter_id: UUID | None = None
    external_ref: ActivityExternalRef | None = None
    recurrence: Recurrence | None = None
    series_id: UUID | None = None
    series: SeriesReport | None = None  # answer of an act on a whole series
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


class Exchange(msgspec.Struct, kw_only=True):
    """This activity and the other one, after two participants changed places."""

    activities: list[Activity]


class Suggestion(msgspec.Struct, kw_only=True):
    """A way out: move the activity, send `position_id` instead, or shorten it.

    `allowed`: whether the caller may take it; who else may is `ask_position_id`.
    """

    act: Literal["move", "represent", "shorten"]
    starts_at: datetime
    ends_at: datetime
    position_id: UUID | None = None
    name: str | None = None
    allowed: bool = True
    ask_position_id: UUID | None = None
    ask_name: str | None = None


class MonitoredLine(msgspec.Struct, kw_only=True):
    """A line to look at: displaced, blocked, or tentative over another; `deserted`,
    the first participant of what stands though nobody comes."""

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
    suggestions: list[Suggestion] = []


class WeekLoad(msgspec.Struct, kw_only=True):
    """An ISO week; what lies over its border counts in both, with the hours in each."""

    year: int
    week: int
    starts_on: date
    hours: float
    activities: int


class PositionLoad(msgspec.Struct, kw_only=True):
    """Time that is taken for good, travel included, under the office it was booked
    for: who holds two offices is listed under each."""

    position_id: UUID
    name: str
    unit_id: UUID
    unit_name: str
    weeks: list[WeekLoad]


class ScheduleLoad(msgspec.Struct, kw_only=True):
    """Whole weeks, from Monday `starts_on` to Sunday `ends_on`; both days count."""

    starts_on: date
    ends_on: date
    items: list[PositionLoad]


class Holiday(msgspec.Struct, kw_only=True):
    """`kind`: `joint` is cuti bersama (also told by `joint_leave`), `regional` a day
    of the province or regency. `provisional`: reckoned, no decree names its year yet.
    `code` is the date."""

    code: str
    date: date
    label_id: str
    label_en: str
    joint_leave: bool = False
    kind: Literal["national", "joint", "regional"] = "national"
    provisional: bool = False
