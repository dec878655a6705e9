"""Who may change the organisation: administrators, and holders for their own office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
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
    """The person, who holds a position with duty administrator himself."""
    person_id = person_of(actor)
    for held in org.held_by(person_id, at):
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
