"""Units, positions, people, assignments, delegations, sessions: what crosses borders.

Rows (`Unit`, `Position`, `Person`, `Assignment`, `Delegation`) are what every service
keeps in its read copy; requests and answers of the HTTP rows follow; events last.
Whether an assignment or delegation is in force is never a column: it is asked with an
instant (`in_force`), so that dates act by the clock in every process.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from contracts.actor import PersonRef, PositionRef
from contracts.envelope import Event

SERVICE = "directory"


class UnitKind(StrEnum):
    REGENCY = "regency"
    SECRETARIAT = "secretariat"
    SECTION = "section"
    AGENCY = "agency"
    DISTRICT = "district"


class Duty(StrEnum):
    HEAD = "head"
    DEPUTY = "deputy"
    SECRETARY = "secretary"
    DIVISION_HEAD = "division_head"
    ASSISTANT = "assistant"
    ADVISER = "adviser"
    REGISTRAR = "registrar"
    AIDE = "aide"
    PROTOCOL = "protocol"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


class Capacity(StrEnum):
    """In what quality somebody acts; the last two come from delegations."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"
    DELEGATE = "delegate"
    AIDE = "aide"


class AppointedCapacity(StrEnum):
    """The capacities an assignment can have."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"


class Right(StrEnum):
    """What a delegate may do; each includes the ones before it."""

    READ = "read"
    PREPARE = "prepare"
    ACT = "act"


# ---- rows: what read copies keep -------------------------------------------------


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """An agency (SKPD) or a part of one; `register_unit_id`: whose register its
    letters go to."""

    unit_id: UUID
    code: str
    name: str
    short_name: str
    kind: UnitKind
    parent_id: UUID | None
    register_unit_id: UUID
    version: int


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """An office (*jabatan*) in the tree of authority by `reports_to`.

    `unit_name` is filled by the index and by answers, not by rows.
    """

    position_id: UUID
    code: str
    title: str
    short_title: str
    unit_id: UUID
    unit_name: str = ""
    level: int
    duty: Duty
    reports_to: UUID | None
    version: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Copies know the name only; the NIP stays in the directory."""

    person_id: UUID
    name: str
    version: int


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A person holds a position. Dates are the decree's (`ends_on` inclusive); the
    instants are when it is really in force, half-open, and decide."""

    assignment_id: UUID
    person_id: UUID
    position_id: UUID
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None
    starts_at: datetime
    ends_at: datetime | None
    decree: str | None = None
    version: int

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """A holder lets whoever holds another position read, prepare or act for him.

    It lapses when its giver no longer holds the position; it grants what it names
    (`rights` holds the included lesser ones too).
    """

    delegation_id: UUID
    position_id: UUID
    to_position_id: UUID
    rights: tuple[Right, ...]
    starts_at: datetime = msgspec.field(name="from")
    ends_at: datetime | None = msgspec.field(name="until")
    include_secret: bool
    given_by: UUID  # person
    version: int

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class RowKind(StrEnum):
    UNIT = "unit"
    POSITION = "position"
    PERSON = "person"
    ASSIGNMENT = "assignment"
    DELEGATION = "delegation"


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A tombstone: the row `row_id` is gone as of `version`."""

    kind: RowKind
    row_id: UUID
    version: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``snapshot(since)``: every row changed after revision `since`.

    Versions are handed out in commit order, so nothing older can still appear.
    """

    revision: int
    units: tuple[Unit, ...] = ()
    positions: tuple[Position, ...] = ()
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    removed: tuple[Removed, ...] = ()


# ---- sessions and me -------------------------------------------------------------

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class OpenSession(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    username: ShortText
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    otp: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    device_name: Annotated[str, msgspec.Meta(max_length=200)] | None = None


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
    expires_at: datetime
    person: PersonRef
    positions: tuple[MyPosition, ...]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``get_session``: who a token belongs to. `demo`: valid only while the
    gateway listens on loopback."""

    session_id: UUID
    person_id: UUID
    name: str
    expires_at: datetime
    demo: bool = False


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


# ---- requests and answers --------------------------------------------------------


class HolderRef(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    name: str
    capacity: Capacity


class PositionWithHolders(Position, frozen=True, kw_only=True):
    """`holder`: the acting official if any, else the definitive, else null."""

    holder: HolderRef | None
    holders: tuple[HolderRef, ...]


class HeldPosition(msgspec.Struct, frozen=True, kw_only=True):
    position_id: UUID
    code: str
    title: str
    capacity: Capacity


class PersonWithPositions(msgspec.Struct, frozen=True, kw_only=True):
    """For administrators; `nip` is masked."""

    person_id: UUID
    name: str
    nip: str | None
    username: str | None
    positions: tuple[HeldPosition, ...]


Limit = Annotated[int, msgspec.Meta(ge=1, le=200)]
Needle = Annotated[str, msgspec.Meta(max_length=200)]
Cursor = Annotated[str, msgspec.Meta(max_length=1000)]


class ListUnits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    parent_id: UUID | None = None
    kind: UnitKind | None = None
    q: Needle | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class ListPositions(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    unit_id: UUID | None = None
    duty: Duty | None = None
    code: Needle | None = None
    q: Needle | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class ListPeople(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    q: Needle | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class ListAssignments(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    position_id: UUID | None = None
    person_id: UUID | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class CreateAssignment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    person_id: UUID
    position_id: UUID
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None = None
    decree: ShortText | None = None


class EndAssignment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Exactly one of the two; `ends_on` is the last day in office."""

    ends_on: date | None = None
    immediately: bool = False


class CreateDelegation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`from` and `until` are instants (RFC 3339) or dates, `until` inclusive then."""

    to_position_id: UUID
    rights: Annotated[list[Right], msgspec.Meta(min_length=1, max_length=3)]
    starts: Annotated[str, msgspec.Meta(max_length=40)] | None = msgspec.field(
        name="from", default=None
    )
    until: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    include_secret: bool = False


# ---- events ----------------------------------------------------------------------


class DirectoryChanged(Event, frozen=True, kw_only=True):
    """Internal. Published with every committed change; read copies upsert the rows
    that are newer than theirs, in whatever order events arrive."""

    type: ClassVar[str] = "directory.changed.v1"

    units: tuple[Unit, ...] = ()
    positions: tuple[Position, ...] = ()
    people: tuple[Person, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    removed: tuple[Removed, ...] = ()


class _AssignmentFacts(Event, frozen=True, kw_only=True):
    """`concerned_*`: who is told: the person, the position's holders, Sekda."""

    assignment_id: UUID
    person: PersonRef
    position: PositionRef
    capacity: AppointedCapacity
    starts_on: date
    ends_on: date | None
    starts_at: datetime
    ends_at: datetime | None
    decree: str | None = None
    concerned_position_ids: tuple[UUID, ...] = ()
    concerned_person_ids: tuple[UUID, ...] = ()


class AssignmentStarted(_AssignmentFacts, frozen=True, kw_only=True):
    """An assignment came into force (on its date, once). Heard by notify, schedule."""

    type: ClassVar[str] = "assignment.started.v1"


class AssignmentEnded(_AssignmentFacts, frozen=True, kw_only=True):
    """An assignment is no longer in force. Heard by notify and schedule."""

    type: ClassVar[str] = "assignment.ended.v1"


class SessionRevoked(Event, frozen=True, kw_only=True):
    """Internal. A session was closed; the gateway drops it from its cache."""

    type: ClassVar[str] = "session.revoked.v1"

    session_id: UUID
    token_sha256: str


EVENTS: dict[str, type[Event]] = {
    event.type: event
    for event in (DirectoryChanged, AssignmentStarted, AssignmentEnded, SessionRevoked)
}
