"""Who keeps whose time, who may change an activity, and who sees its title.

Keepers of a position: itself, its aides and delegates (who may at least prepare), its
unit's secretary and registrar, and duty protocol for the leaders (level ≤ 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID
from weakref import WeakKeyDictionary

from chassis.organisation import Held, Organisation
from contracts.actor import Actor, ActorRef
from contracts.directory import Duty, Position, Right
from contracts.errors import Forbidden, Unauthenticated
from contracts.schedule import ActivityState, ParticipantRole, Visibility
from services.schedule.domain.activity import Activity, Attendee

LEADERS_LEVEL = 3
_ORGANISERS = frozenset({Duty.HEAD, Duty.SECRETARY, Duty.REGISTRAR})
_OPEN = frozenset({ActivityState.PROPOSED, ActivityState.TENTATIVE})
_KEPT: WeakKeyDictionary[Organisation, dict[UUID, frozenset[UUID]]] = (
    WeakKeyDictionary()
)


def keepers_of(org: Organisation, position_id: UUID) -> frozenset[UUID]:
    """The positions that keep this position's time, itself included."""
    kept = org.position(position_id)
    if kept is None:
        return frozenset()
    return frozenset(
        keeper.position_id for keeper in org.positions if _keeps(org, keeper, kept)
    )


def keepers_of_all(org: Organisation, attendees: Iterable[Attendee]) -> frozenset[UUID]:
    """Who keep the time of any of these lines."""
    theirs = (keepers_of(org, line.position_id) for line in attendees)
    return frozenset[UUID]().union(*theirs)


def _kept_by(org: Organisation, keeper_id: UUID) -> frozenset[UUID]:
    """The positions whose time this position keeps; looked up once in each state of
    the organisation, because that is a walk over all of them."""
    known = _KEPT.setdefault(org, {})
    keeper = org.position(keeper_id)
    if keeper is None:
        return frozenset()
    if keeper_id not in known:
        known[keeper_id] = frozenset(
            kept.position_id for kept in org.positions if _keeps(org, keeper, kept)
        )
    return known[keeper_id]


def _keeps(org: Organisation, keeper: Position, kept: Position) -> bool:
    if keeper.position_id == kept.position_id:
        return True
    match keeper.duty:
        case Duty.AIDE:
            return keeper.reports_to == kept.position_id
        case Duty.PROTOCOL:
            return kept.level <= LEADERS_LEVEL
        case Duty.SECRETARY:
            return keeper.unit_id == kept.unit_id
        case Duty.REGISTRAR:
            register = org.register_unit_of(keeper.position_id)
            return register == org.register_unit_of(kept.position_id)
    return False


def organisers_of(org: Organisation, unit_id: UUID) -> frozenset[UUID]:
    """The positions that organise for this unit, and keep its rooms and vehicles."""
    return frozenset(
        position.position_id
        for position in org.positions
        if organises(org, position, unit_id)
    )


def organises(org: Organisation, position: Position, unit_id: UUID) -> bool:
    """Whether this position organises for exactly this unit."""
    unit = org.unit(unit_id)
    if unit is None or position.duty not in _ORGANISERS:
        return False
    if position.duty is Duty.REGISTRAR:
        return org.register_unit_of(position.position_id) == unit.register_unit_id
    return position.unit_id == unit_id


@dataclass(frozen=True)
class Caller:
    """Who asks, with the positions that count for this request."""

    actor: Actor
    org: Organisation
    now: datetime
    held: tuple[Held, ...] = ()

    @classmethod
    def of(cls, actor: Actor | None, org: Organisation, now: datetime) -> Caller:
        """Everything the actor holds or is delegated now.

        Raises: Unauthenticated; Forbidden ``position_not_held`` for a foreign
        ``X-Acting-As``.
        """
        if actor is None:
            raise Unauthenticated
        if actor.acting_as is not None and actor.person_id is not None:
            org.acting(actor, now)
        return cls(actor, org, now, org.held_by(actor.person_id, now))

    @property
    def is_client(self) -> bool:
        return self.actor.client is not None

    @cached_property
    def acting(self) -> tuple[Held, ...]:
        """The positions an act may be done as: the chosen one, else all, and of
        delegations only those that let one prepare."""
        chosen = self.actor.acting_as
        return tuple(
            held
            for held in self.held
            if chosen in (None, held.position_id) and Right.PREPARE in held.rights
        )

    @cached_property
    def kept(self) -> frozenset[UUID]:
        """Positions whose time the caller keeps when acting."""
        return self._kept_by(self.acting)

    @cached_property
    def known(self) -> frozenset[UUID]:
        """Positions whose hidden activities the caller may read."""
        return self._kept_by(self.held)

    def _kept_by(self, held: Iterable[Held]) -> frozenset[UUID]:
        mine = (_kept_by(self.org, row.position_id) for row in held)
        return frozenset().union(*mine)

    @cached_property
    def client_units(self) -> frozenset[UUID]:
        if self.actor.client is None:
            return frozenset()
        unit_id = self.actor.client.unit_id
        return self.org.units_below(unit_id) | {unit_id}

    def signature(self, kept: Iterable[UUID] = ()) -> ActorRef:
        """How the act is signed: the first position that keeps what it touches."""
        return self.org.actor_ref(self.actor, self._signing(frozenset(kept)))

    def _signing(self, kept: frozenset[UUID]) -> Held | None:
        for row in self.acting:
            if kept & self._kept_by((row,)):
                return row
        return next(iter(self.acting or self.held), None)

    def organises(self, unit_id: UUID) -> bool:
        """Head, secretary or registrar of the organising unit."""
        if unit_id not in self._organised:
            self._organised[unit_id] = any(
                position is not None and organises(self.org, position, unit_id)
                for position in map(self._position, self.acting)
            )
        return self._organised[unit_id]

    @cached_property
    def _organised(self) -> dict[UUID, bool]:
        """Asked once for each unit: of most activities of a page it is the same."""
        return {}

    def overrides(self) -> bool:
        """Duty protocol, or the position Sekda."""
        return self.is_sekda or any(
            position is not None and position.duty is Duty.PROTOCOL
            for position in map(self._position, self.acting)
        )

    @cached_property
    def is_sekda(self) -> bool:
        sekda = self.org.sekda
        return sekda is not None and any(
            row.position_id == sekda.position_id and Right.ACT in row.rights
            for row in self.acting
        )

    def _position(self, held: Held) -> Position | None:
        return self.org.position(held.position_id)


def require_kept(
    caller: Caller, attendees: Iterable[Attendee], *, overriding: bool = False
) -> None:
    """The caller keeps the time of every one of these lines, or its keeper said yes.

    Sekda's override reaches everybody's time.

    Raises: Forbidden ``not_schedule_keeper`` with `position_ids`.
    """
    if overriding and caller.is_sekda:
        return
    if foreign := foreign_to(caller, attendees):
        raise Forbidden(
            "not_schedule_keeper", position_ids=[str(key) for key in foreign]
        )


def foreign_to(caller: Caller, attendees: Iterable[Attendee]) -> list[UUID]:
    """Positions whose time the caller does not keep and whose keepers are silent."""
    return [
        attendee.position_id
        for attendee in attendees
        if attendee.position_id not in caller.kept and not _consented(caller, attendee)
    ]


def _consented(caller: Caller, attendee: Attendee) -> bool:
    """A keeper answered "attending", or sent this one in his own stead."""
    return attendee.decided_at is not None or attendee.represents in caller.kept


def may_change(caller: Caller, activity: Activity) -> bool:
    """Cancel, postpone, complete, move: who asked for it, who organises it, who keeps
    its host; while it is only asked for, also who keeps any of its people."""
    if caller.is_client:
        return _created_by_client(caller, activity)
    if _created_by(caller, activity) or caller.organises(activity.organiser_unit_id):
        return True
    hosts = {
        line.position_id
        for line in activity.attendees
        if line.role is ParticipantRole.HOST
    }
    if not hosts or activity.state in _OPEN:
        hosts |= {line.position_id for line in activity.binding()}
    return bool(hosts & caller.kept)


def _created_by_client(caller: Caller, activity: Activity) -> bool:
    creator, client = activity.created_by.client, caller.actor.client
    return (
        creator is not None
        and client is not None
        and creator.client_id == client.client_id
        and activity.state in _OPEN
    )


def _created_by(caller: Caller, activity: Activity) -> bool:
    creator = activity.created_by
    if creator.person and creator.person.person_id == caller.actor.person_id:
        return True
    position_id = creator.position.position_id if creator.position else None
    return any(row.position_id == position_id for row in caller.acting)


@dataclass(frozen=True, slots=True)
class Subject:
    """What visibility depends on, of any activity."""

    visibility: Visibility
    organiser_unit_id: UUID
    position_ids: tuple[UUID, ...]
    created_by_person: UUID | None = None
    created_by_client: UUID | None = None


def sees(caller: Caller, subject: Subject) -> bool:
    """Whether the caller may know what the activity is about."""
    if subject.visibility is Visibility.PUBLIC:
        return True
    if caller.actor.client is not None:
        return _client_sees(caller, subject)
    if subject.visibility is Visibility.INTERNAL:
        return True
    me = caller.actor.person_id
    return (
        (me is not None and subject.created_by_person == me)
        or bool(caller.known.intersection(subject.position_ids))
        or caller.organises(subject.organiser_unit_id)
    )


def _client_sees(caller: Caller, subject: Subject) -> bool:
    client = caller.actor.client
    if client is not None and subject.created_by_client == client.client_id:
        return True
    if subject.visibility is not Visibility.INTERNAL:
        return False
    positions = map(caller.org.position, subject.position_ids)
    units = {position.unit_id for position in positions if position}
    return bool(caller.client_units & (units | {subject.organiser_unit_id}))
