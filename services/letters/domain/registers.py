"""Who may open a register: its registrars, head and secretary, and all above them.

Opening it is one thing, reading a line another: a line shows what the reader may see
of that letter (`visibility`), the rest is masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from uuid import UUID

from chassis.organisation import Organisation
from contracts.directory import Duty, Position

_LEADS = (Duty.HEAD, Duty.SECRETARY)


def opened_by(org: Organisation, positions: Collection[UUID]) -> frozenset[UUID]:
    """The units whose registers these offices may open."""
    openers = _openers(org)
    return frozenset(register for one in positions for register in openers.get(one, ()))


def kept_by(org: Organisation, positions: Collection[UUID]) -> frozenset[UUID]:
    """The units for whose registers these offices register."""
    return frozenset(
        register
        for position, register in _keepers(org)
        if position.position_id in positions and position.duty is Duty.REGISTRAR
    )


def opened_by_client(org: Organisation, unit_id: UUID) -> frozenset[UUID]:
    """An application reads the registers of its unit and the units below."""
    units = {unit_id, *org.units_below(unit_id)}
    registers = {unit.register_unit_id for unit in org.units}
    return frozenset(units & registers)


@lru_cache(maxsize=2)  # an organisation never changes, a changed one is another
def _openers(org: Organisation) -> dict[UUID, frozenset[UUID]]:
    """By office, the units whose registers it may open."""
    found: dict[UUID, set[UUID]] = {}
    for position, register in _keepers(org):
        for one in (position.position_id, *org.above(position.position_id)):
            found.setdefault(one, set()).add(register)
    return {one: frozenset(units) for one, units in found.items()}


def _keepers(org: Organisation) -> Iterator[tuple[Position, UUID]]:
    """Each office that a register belongs to, with the unit of the register."""
    for position in org.positions:
        register = org.register_unit_of(position.position_id)
        if register is None:
            continue
        leads = position.duty in _LEADS and position.unit_id == register
        if leads or position.duty is Duty.REGISTRAR:
            yield position, register
