"""Who may open a register: its registrars, head and secretary, and all above them.

Opening it is one thing, reading a line another: a line shows what the reader may see
of that letter (`visibility`), the rest is masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from chassis.organisation import Organisation
from contracts.directory import Duty, Position

_LEADS = (Duty.HEAD, Duty.SECRETARY)


def opened_by(org: Organisation, positions: Collection[UUID]) -> frozenset[UUID]:
    """The units whose registers these offices may open."""
    mine = frozenset(positions)
    return frozenset(
        register
        for position, register in _keepers(org)
        if position.position_id in mine
        or not mine.isdisjoint(org.above(position.position_id))
    )


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


def _keepers(org: Organisation) -> Iterator[tuple[Position, UUID]]:
    """Each office that a register belongs to, with the unit of the register."""
    for position in org.positions:
        register = org.register_unit_of(position.position_id)
        if register is None:
            continue
        leads = position.duty in _LEADS and position.unit_id == register
        if leads or position.duty is Duty.REGISTRAR:
            yield position, register
