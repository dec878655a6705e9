"""Who may change the organisation: administrators, and holders for their own office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Held, Organisation
from contracts.actor import Actor
from contracts.directory import Duty
from contracts.errors import Forbidden, NotFound, Unauthenticated


def must_be_known(actor: Actor | None) -> Actor:
    """Raises: Unauthenticated without a caller."""
    if actor is None:
        raise Unauthenticated
    return actor


def person_of(actor: Actor | None) -> UUID:
    """The person who calls; applications may not. Raises: Forbidden."""
    known = must_be_known(actor)
    if known.person_id is None:
        raise Forbidden
    return known.person_id


def must_administer(org: Organisation, actor: Actor | None, at: datetime) -> UUID:
    """The person, who holds a position with duty administrator himself.

    ``X-Acting-As`` narrows to that position. Raises: Forbidden.
    """
    person_id = person_of(actor)
    for held in _acting(org, must_be_known(actor), at):
        position = org.position(held.position_id)
        if held.own and position is not None and position.duty is Duty.ADMINISTRATOR:
            return person_id
    raise Forbidden


def must_hold(
    org: Organisation, actor: Actor | None, position_id: UUID, at: datetime
) -> UUID:
    """The person, who holds this very position by assignment, not by delegation."""
    person_id = person_of(actor)
    if org.position(position_id) is None:
        raise NotFound
    _acting(org, must_be_known(actor), at)
    held = org.held(person_id, position_id, at)
    if held is None or not held.own:
        raise Forbidden("position_not_held", position_id=str(position_id))
    return person_id


def must_know_of_delegations(
    org: Organisation, actor: Actor | None, position_id: UUID, at: datetime
) -> None:
    """Who holds the position, or uses it by delegation, may see what it lent."""
    person_id = person_of(actor)
    if org.position(position_id) is None:
        raise NotFound
    if org.held(person_id, position_id, at) is None:
        raise Forbidden("position_not_held", position_id=str(position_id))


def _acting(org: Organisation, actor: Actor, at: datetime) -> tuple[Held, ...]:
    """What the caller acts as; a position he names has to be his.

    Raises: Forbidden ``position_not_held``.
    """
    if actor.acting_as is not None:
        return (org.acting(actor, at),)
    return org.held_by(actor.person_id, at)
