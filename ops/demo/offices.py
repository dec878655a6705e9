"""Offices of the demo by their code, and the clock a story moves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import Actor
from contracts.directory import Position


class StoryClock:
    """Shows the instant at which the story is being told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Offices:
    """Positions, units and who holds an office at an instant."""

    def __init__(self, org: Organisation) -> None:
        self._org = org

    def position(self, code: str) -> Position:
        found = self._org.position_by_code(code)
        if found is None:
            raise LookupError(f"the demo names an unknown office: {code}")
        return found

    def position_id(self, code: str) -> UUID:
        return self.position(code).position_id

    def unit_id(self, code: str) -> UUID:
        for unit in self._org.units:
            if unit.code == code:
                return unit.unit_id
        raise LookupError(f"the demo names an unknown unit: {code}")

    def actor(self, code: str, at: datetime) -> Actor:
        """The holder of an office, acting as it."""
        position_id = self.position_id(code)
        holder = self._org.holder(position_id, at)
        if holder is None:
            raise LookupError(f"nobody holds {code} in the demo")
        return Actor(
            person_id=holder.person_id, name=holder.name, acting_as=position_id
        )
