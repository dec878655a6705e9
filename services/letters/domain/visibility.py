"""Which offices may see a letter, by its secrecy and its chain.

*Chain*: the registering registrar, addressees, copies, recipients of tasks.
The rows answer for offices; whether a delegate of such an office may read, too, is
decided when reading (`reach`), because delegations come and go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from chassis.organisation import Held, Organisation
from contracts.letters import Secrecy


class Why(StrEnum):
    """The reason an office sees a letter, from the weakest; the strongest is kept.

    The last two are the chain.
    """

    ABOVE = "above"
    REGISTRAR = "registrar"
    REGISTERING = "registering"
    RECIPIENT = "recipient"


@dataclass(frozen=True)
class Reach:
    """How far one position of the caller reaches: up to which secrecy, and whether
    only letters of whose chain it is part (delegates, clients)."""

    position_id: UUID
    max_secrecy: int
    chain_only: bool


def rows_for(
    org: Organisation,
    recipients: Iterable[UUID],
    registering: UUID | None,
    secrecy: Secrecy,
) -> dict[UUID, Why]:
    """The offices that see a letter because these are in its chain."""
    chain = {registering: Why.REGISTERING} if registering else {}
    chain |= dict.fromkeys(recipients, Why.RECIPIENT)
    found: dict[UUID, Why] = {}
    if secrecy is Secrecy.BIASA:
        found |= {above: Why.ABOVE for one in chain for above in org.above(one)}
    if secrecy in (Secrecy.BIASA, Secrecy.TERBATAS):
        registers = {org.register_unit_of(one) for one in chain} - {None}
        found |= {
            registrar.position_id: Why.REGISTRAR
            for unit_id in registers
            if unit_id is not None
            for registrar in org.registrars_of(unit_id)
        }
    return found | chain


def rows_lost(before: Mapping[UUID, Why], after: Mapping[UUID, Why]) -> list[UUID]:
    """Offices whose reason to see the letter is gone, or is another now."""
    return [one for one, why in before.items() if after.get(one) is not why]


def reasons_lost(secrecy: Secrecy) -> tuple[Why, ...]:
    """The reasons that count no more once a letter is that secret."""
    if secrecy is Secrecy.BIASA:
        return ()
    return (Why.ABOVE,) if secrecy is Secrecy.TERBATAS else (Why.ABOVE, Why.REGISTRAR)


def reach(held: Held) -> Reach:
    if held.delegation_id is None:
        return Reach(held.position_id, Secrecy.SANGAT_RAHASIA.rank, chain_only=False)
    limit = Secrecy.RAHASIA if held.include_secret else Secrecy.TERBATAS
    return Reach(held.position_id, limit.rank, chain_only=True)


def reach_of_client(org: Organisation, unit_id: UUID) -> tuple[Reach, ...]:
    """A client reads what concerns its unit and the units below, nothing secret."""
    units = {unit_id, *org.units_below(unit_id)}
    return tuple(
        Reach(position.position_id, Secrecy.TERBATAS.rank, chain_only=True)
        for position in org.positions
        if position.unit_id in units
    )
