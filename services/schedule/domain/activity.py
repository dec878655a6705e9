"""An activity and its participants, as the use cases see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.actor import ActorRef
from contracts.errors import Conflict
from contracts.schedule import (
    ActivityExternalRef,
    ActivityKind,
    ActivityOutcome,
    ActivityState,
    OpenHours,
    Override,
    ParticipantRole,
    Place,
    Response,
    Slot,
    Standing,
    Visibility,
)
from services.schedule.domain.span import Span, span_of, whole_days
from services.schedule.domain.transitions import Act, next_state

AWAY = frozenset({Response.NOT_ATTENDING, Response.REPRESENTED})
UNSETTLED = frozenset({Standing.DISPLACED, Standing.BLOCKED})


@dataclass
class Attendee:
    """One participant line. `key` is what it was bound to when last booked.

    `decided_at`: when its response was given; a letter's older word never
    overrides a newer one.
    """

    position_id: UUID
    role: ParticipantRole
    response: Response = Response.PENDING
    represented_by: UUID | None = None
    represents: UUID | None = None
    note: str | None = None
    person_id: UUID | None = None
    key: int | None = None
    standing: Standing | None = None
    from_letter: bool = False
    decided_at: datetime | None = None

    @property
    def claims(self) -> bool:
        """It lies on somebody's time, in whatever standing."""
        return self.response not in AWAY

    @property
    def would_bind(self) -> bool:
        """It takes its person's time once the activity is confirmed."""
        if self.role is ParticipantRole.INVITED:
            return self.response is Response.ATTENDING
        return self.claims


@dataclass
class Equipment:
    """A room or vehicle of the activity; only vehicles travel.

    `approved`: its keeper agreed, or need not; until then its line does not bind.
    """

    resource_id: UUID
    code: str
    name: str
    travels: bool
    key: int | None = None
    standing: Standing | None = None
    approved: bool = True
    unit_id: UUID | None = None
    hours: tuple[OpenHours, ...] = ()


@dataclass
class Activity:
    """Guards its states; whether its lines are free is the database's word."""

    activity_id: UUID
    title: str
    kind: ActivityKind
    starts_at: datetime
    ends_at: datetime | None
    organiser_unit_id: UUID
    state: ActivityState
    visibility: Visibility
    created_by: ActorRef
    created_at: datetime
    updated_at: datetime
    place: Place | None = None
    attendees: list[Attendee] = field(default_factory=list)
    equipment: list[Equipment] = field(default_factory=list)
    letter_id: UUID | None = None
    external_ref: ActivityExternalRef | None = None
    travel_before: int = 0
    travel_after: int = 0
    override: Override | None = None
    reason: str | None = None
    outcome: ActivityOutcome | None = None
    blocked: bool = False
    restricted: bool = False  # of a letter `terbatas` or above: shows only the time
    alternatives: list[Slot] = field(default_factory=list)
    confirmed_at: datetime | None = None
    version: int = 1
    series_id: UUID | None = None
    occurrence_at: datetime | None = None  # when its rule says it begins
    stored_keys: frozenset[int] = frozenset()  # whose time its stored lines lie on
    all_day: bool = False
    dress_code: str | None = None
    contact: str | None = None
    held: tuple[ActivityKind, datetime, datetime] | None = None
    """Of a stored one without an end: kind, start, and until when it was laid. Other
    lengths move no line that lies already."""

    @property
    def span(self) -> Span:
        if self.held and self.ends_at is None:
            kind, start, until = self.held
            if (kind, start) == (self.kind, self.starts_at):
                return Span(start, until)
        return span_of(self.kind, self.starts_at, self.ends_at)

    def fill_days(self) -> None:
        """All day, whatever hour was named, is whole days.

        Raises: Invalid about ``/ends_at``.
        """
        if self.all_day:
            self.starts_at, self.ends_at = whole_days(self.starts_at, self.ends_at)

    @property
    def confirmed(self) -> bool:
        return self.state in (ActivityState.CONFIRMED, ActivityState.COMPLETED)

    @property
    def unsettled(self) -> bool:
        """Some line lost its time, or never got it."""
        return any(line.standing in UNSETTLED for line in self.lines)

    @property
    def lines(self) -> list[Attendee | Equipment]:
        return [*self.attendees, *self.equipment]

    def act(self, act: Act, now: datetime, reason: str | None = None) -> None:
        """Move to the state `act` leads to.

        Raises: Conflict ``illegal_transition``, ``activity_not_begun``.
        """
        following = next_state(self.state, act)
        if act is Act.COMPLETE and now < self.starts_at:
            raise Conflict("activity_not_begun")
        if act is Act.CONFIRM and self.confirmed and not self.unsettled:
            raise Conflict("illegal_transition", state=self.state.value)
        if following is ActivityState.CONFIRMED and not self.confirmed:
            self.confirmed_at = now
        self.state = following
        if act not in (Act.UPDATE, Act.RESPOND, Act.RECORD):
            self.reason = reason
        self.touch(now)

    def touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now

    def attendee(self, position_id: UUID) -> Attendee | None:
        return next(
            (line for line in self.attendees if line.position_id == position_id), None
        )

    @property
    def deserted(self) -> bool:
        """It stands, and none of those comes whom it is for: guests alone do not make
        a meeting."""
        if self.state is not ActivityState.CONFIRMED or not self.attendees:
            return False
        invited = ParticipantRole.INVITED
        meant = [line for line in self.attendees if line.role is not invited]
        return not any(line.claims for line in meant or self.attendees)

    @property
    def keys(self) -> set[int]:
        """Whose time it lies on, also by lines that were taken out since it was read:
        they free that time, and others may wait for it."""
        own = {line.key for line in self.lines if line.key is not None}
        return own | self.stored_keys

    @property
    def waiting(self) -> list[Equipment]:
        """Rooms and vehicles whose keepers have not agreed."""
        return [item for item in self.equipment if not item.approved]

    def binding(self) -> Iterable[Attendee]:
        """Lines that take time once confirmed."""
        return (line for line in self.attendees if line.would_bind)

    @property
    def position_ids(self) -> tuple[UUID, ...]:
        return tuple(line.position_id for line in self.attendees)


def ask_again(attendees: list[Attendee]) -> None:
    """Who said yes said it to another time; who declined has declined."""
    for line in attendees:
        if line.response is Response.ATTENDING and line.represents is None:
            line.response, line.decided_at = Response.PENDING, None
