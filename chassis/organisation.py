"""The organisation in memory: who holds, reads, stands above; always asked with `at`.

Pure and immutable: built from the rows of `contracts.directory`, rebuilt when they
change. letters, schedule, notify and directory answer every question about authority
from it, so that a call costs no query and dates act by the clock.
Unknown ids give None or an empty answer, never a KeyError.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from chassis.organisation_rows import (
    ALL_RIGHTS,
    Held,
    Holder,
    Reader,
    climb,
    descend,
    grouped,
    is_definitive,
    is_plh,
    joined,
    own_held,
    reader_of,
    seniority,
    with_included,
)
from contracts.actor import Actor, ActorRef, PersonRef, PositionRef
from contracts.directory import (
    Assignment,
    Capacity,
    Delegation,
    Duty,
    Person,
    Position,
    Unit,
    UnitKind,
)
from contracts.errors import Forbidden

__all__ = ["ALL_RIGHTS", "Held", "Holder", "Organisation", "Reader", "with_included"]

Coded = TypeVar("Coded", Unit, Position)


class Organisation:
    """An immutable index over one state of the directory's rows."""

    def __init__(
        self,
        units: Iterable[Unit] = (),
        positions: Iterable[Position] = (),
        people: Iterable[Person] = (),
        assignments: Iterable[Assignment] = (),
        delegations: Iterable[Delegation] = (),
    ) -> None:
        self._units = {row.unit_id: row for row in units}
        self._positions = {row.position_id: self._named(row) for row in positions}
        self._sorted_units = _by_code(self._units.values())
        self._sorted_positions = _by_code(self._positions.values())
        self._people = {row.person_id: row for row in people}
        assignments = sorted(assignments, key=seniority)
        self._by_person = grouped(assignments, lambda row: row.person_id)
        self._by_position = grouped(assignments, lambda row: row.position_id)
        delegations = sorted(delegations, key=lambda row: row.delegation_id)
        self._given = grouped(delegations, lambda row: row.position_id)
        self._received = grouped(delegations, lambda row: row.to_position_id)
        self._codes = {row.code: row for row in self._positions.values()}
        self._reports = grouped(self._positions.values(), lambda row: row.reports_to)
        self._parts = grouped(self._units.values(), lambda row: row.parent_id)

    def _named(self, position: Position) -> Position:
        unit = self._units.get(position.unit_id)
        return msgspec.structs.replace(position, unit_name=unit.name if unit else "")

    # ---- units and positions ----------------------------------------------------

    @property
    def units(self) -> tuple[Unit, ...]:
        return self._sorted_units

    @property
    def positions(self) -> tuple[Position, ...]:
        return self._sorted_positions

    def unit(self, unit_id: UUID | None) -> Unit | None:
        return self._units.get(unit_id) if unit_id else None

    def position(self, position_id: UUID | None) -> Position | None:
        return self._positions.get(position_id) if position_id else None

    def position_by_code(self, code: str) -> Position | None:
        return self._codes.get(code)

    def person(self, person_id: UUID | None) -> Person | None:
        return self._people.get(person_id) if person_id else None

    def with_duty(self, unit_id: UUID | None, duty: str) -> tuple[Position, ...]:
        """Positions with `duty` in exactly this unit; None = in any unit."""
        return tuple(
            row
            for row in self.positions
            if row.duty == duty and unit_id in (None, row.unit_id)
        )

    def registrars_of(self, register_unit_id: UUID) -> tuple[Position, ...]:
        """Registrar positions of the units whose letters go to this register."""
        return tuple(
            row
            for row in self.with_duty(None, Duty.REGISTRAR)
            if self.register_unit_of(row.position_id) == register_unit_id
        )

    def register_unit_of(self, position_id: UUID) -> UUID | None:
        """The unit in whose register this position's letters are entered."""
        position = self.position(position_id)
        unit = self.unit(position.unit_id) if position else None
        return unit.register_unit_id if unit else None

    @property
    def sekda(self) -> Position | None:
        """The Regional Secretary: the head of the secretariat of the regency."""
        for unit in self.units:
            if unit.kind is UnitKind.SECRETARIAT:
                heads = self.with_duty(unit.unit_id, Duty.HEAD)
                return min(heads, key=lambda row: row.level, default=None)
        return None

    # ---- trees ------------------------------------------------------------------

    def above(self, position_id: UUID) -> tuple[UUID, ...]:
        """The chain of `reports_to`, nearest first."""
        return climb(position_id, self._superior)

    def below(self, position_id: UUID) -> frozenset[UUID]:
        """Everybody in the subtree of `reports_to`, without itself."""
        return descend(
            position_id,
            lambda key: [row.position_id for row in self._reports.get(key, ())],
        )

    def is_above(self, upper: UUID, lower: UUID) -> bool:
        return upper in self.above(lower)

    def units_above(self, unit_id: UUID) -> tuple[UUID, ...]:
        """The units this one belongs to, nearest first, without itself."""
        return climb(unit_id, self._parent)

    def units_below(self, unit_id: UUID) -> frozenset[UUID]:
        """The units that belong to this one at any depth, without itself."""
        return descend(
            unit_id, lambda key: [row.unit_id for row in self._parts.get(key, ())]
        )

    # ---- people in positions ----------------------------------------------------

    def holders(self, position_id: UUID, at: datetime) -> tuple[Holder, ...]:
        """All who hold the position by assignment; the latest acting official first."""
        rows = [
            row for row in self._by_position.get(position_id, ()) if row.in_force(at)
        ]
        acting = [row for row in rows if not is_definitive(row)]
        definitive = [row for row in rows if is_definitive(row)]
        found: dict[UUID, Holder] = {}
        for row in [*reversed(acting), *definitive]:
            found.setdefault(row.person_id, self._holder(row))
        return tuple(found.values())

    def holder(self, position_id: UUID, at: datetime) -> Holder | None:
        """Who stands for the position: acting official first, else the definitive."""
        return next(iter(self.holders(position_id, at)), None)

    def unchanging(self, position_id: UUID, since: datetime) -> bool:
        """Whether by all that is known now its holder then is its holder for good."""
        rows = [
            row
            for row in self._by_position.get(position_id, ())
            if row.ends_at is None or row.ends_at > since
        ]
        return not rows or (
            len(rows) == 1 and rows[0].ends_at is None and rows[0].starts_at <= since
        )

    def stand_in(self, position_id: UUID, at: datetime) -> Assignment | None:
        """The appointment of who acts then while the holder is away (Plh)."""
        rows = [row for row in self._by_position.get(position_id, ()) if is_plh(row)]
        return next((row for row in reversed(rows) if row.in_force(at)), None)

    def held_by(self, person_id: UUID | None, at: datetime) -> tuple[Held, ...]:
        """What a person may use, primary first: own assignments, then delegations."""
        if person_id is None:
            return ()
        own = self._own(person_id, at)
        lent: dict[UUID, Held] = {}
        for mine in own.values():
            for row in self._received.get(mine.position_id, ()):
                if row.position_id not in own and self.gives(row, at):
                    lent[row.position_id] = joined(
                        lent.get(row.position_id), self._lent(row)
                    )
        return (*own.values(), *lent.values())

    def held(
        self, person_id: UUID | None, position_id: UUID, at: datetime
    ) -> Held | None:
        """How a person holds this position now, or None."""
        held = self.held_by(person_id, at)
        return next((row for row in held if row.position_id == position_id), None)

    def acting(self, actor: Actor, at: datetime) -> Held:
        """The position an act is done as: ``X-Acting-As``, else the primary one.

        Raises: Forbidden ``position_not_held``.
        """
        held = self.held_by(actor.person_id, at)
        for row in held:
            if actor.acting_as in (None, row.position_id):
                return row
        wanted = str(actor.acting_as) if actor.acting_as else None
        raise Forbidden("position_not_held", position_id=wanted)

    def readers(self, position_id: UUID, at: datetime) -> tuple[Reader, ...]:
        """Holders of the position, then those it is delegated to; each person once."""
        found: dict[UUID, Reader] = {}
        for holder in self.holders(position_id, at):
            found[holder.person_id] = Reader(
                holder.person_id, holder.name, holder.capacity, ALL_RIGHTS, True
            )
        for row in self._given.get(position_id, ()):
            if self.gives(row, at):
                for delegate in self.holders(row.to_position_id, at):
                    mine = self.held(delegate.person_id, position_id, at)
                    if mine and delegate.person_id not in found:
                        found[delegate.person_id] = reader_of(delegate, mine)
        return tuple(found.values())

    def gives(self, row: Delegation, at: datetime) -> bool:
        """Whether a delegation is in force and its giver still holds the position."""
        return row.in_force(at) and any(
            holder.person_id == row.given_by
            for holder in self.holders(row.position_id, at)
        )

    def actor_ref(self, actor: Actor, held: Held | None = None) -> ActorRef:
        """How an act by `actor` (as `held`) is signed."""
        if actor.person_id is None:
            return ActorRef(client=actor.client)
        return ActorRef(
            person=PersonRef(person_id=actor.person_id, name=self._name(actor)),
            position=self.position_ref(held.position_id) if held else None,
            capacity=held.capacity.value if held else None,
        )

    def position_ref(self, position_id: UUID | None) -> PositionRef | None:
        row = self.position(position_id)
        if row is None:
            return None
        return PositionRef(
            position_id=row.position_id,
            code=row.code,
            title=row.title,
            unit_name=row.unit_name,
        )

    # ---- parts ------------------------------------------------------------------

    def _superior(self, position_id: UUID) -> UUID | None:
        position = self.position(position_id)
        return position.reports_to if position else None

    def _parent(self, unit_id: UUID) -> UUID | None:
        unit = self.unit(unit_id)
        return unit.parent_id if unit else None

    def _name(self, actor: Actor) -> str:
        person = self.person(actor.person_id)
        return person.name if person else actor.name

    def _holder(self, row: Assignment) -> Holder:
        person = self.person(row.person_id)
        return Holder(
            row.person_id, person.name if person else "", Capacity(row.capacity)
        )

    def _own(self, person_id: UUID, at: datetime) -> dict[UUID, Held]:
        rows = [row for row in self._by_person.get(person_id, ()) if row.in_force(at)]
        rows.sort(key=lambda row: not is_definitive(row))
        own: dict[UUID, Held] = {}
        for row in rows:
            if row.position_id not in own:
                own[row.position_id] = own_held(row, primary=not own)
        return own

    def _lent(self, row: Delegation) -> Held:
        delegate = self.position(row.to_position_id)
        aide = delegate is not None and delegate.duty is Duty.AIDE
        return Held(
            position_id=row.position_id,
            capacity=Capacity.AIDE if aide else Capacity.DELEGATE,
            primary=False,
            rights=with_included(row.rights),
            include_secret=row.include_secret,
            delegation_id=row.delegation_id,
            since=row.starts_at,
        )


def _by_code(rows: Iterable[Coded]) -> tuple[Coded, ...]:
    return tuple(sorted(rows, key=lambda row: row.code))
