"""Who speaks for a unit to everybody: what is public and definite stands on the public
agenda under the name of whoever organises it."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Organisation
from contracts.directory import Duty, Position
from contracts.errors import Forbidden
from contracts.schedule import Visibility
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, organises

_LEADERS = frozenset({Duty.HEAD, Duty.DEPUTY})


def require_voice(caller: Caller, activity: Activity, *, agreed: bool = False) -> None:
    """Whoever makes it public and definite speaks for its organiser; or another asked
    for it who belongs to that unit, and this is a keeper's yes to it.

    `agreed`: a keeper answered before, and who asked takes what he offered.

    Raises: Forbidden ``not_organiser`` with `unit_id`.
    """
    if activity.visibility is not Visibility.PUBLIC or not activity.confirmed:
        return
    unit_id = activity.organiser_unit_id
    if not (speaks_for(caller, unit_id) or _asked_by_its_own(caller, activity, agreed)):
        raise Forbidden("not_organiser", unit_id=str(unit_id))


def speaks_for(caller: Caller, unit_id: UUID) -> bool:
    """Its head, secretary or registrar, heads above it, who acts for one of them as
    aide, Sekda, and duty protocol, which announces for the whole regency."""
    return caller.overrides() or any(
        _voice(caller.org, position, unit_id)
        for held in caller.acting
        for position in _meant(caller.org, caller.org.position(held.position_id))
    )


def _meant(org: Organisation, position: Position | None) -> list[Position]:
    """The position, and whose aide it is."""
    if position is None:
        return []
    leader = org.position(position.reports_to)
    aide = position.duty is Duty.AIDE and leader is not None
    return [position, leader] if aide and leader else [position]


def _voice(org: Organisation, position: Position, unit_id: UUID) -> bool:
    above = position.unit_id in org.units_above(unit_id)
    leads = position.duty in _LEADERS and (above or position.unit_id == unit_id)
    return leads or organises(org, position, unit_id)


def _asked_by_its_own(caller: Caller, activity: Activity, agreed: bool) -> bool:
    """Who asked belongs to the organiser or a part of it, or is its application; his
    own yes is none."""
    creator, org = activity.created_by, caller.org
    if creator.client is not None:
        unit_id: UUID | None = creator.client.unit_id
        below = activity.organiser_unit_id == unit_id or (
            unit_id in org.units_above(activity.organiser_unit_id)
        )
        return below and not caller.is_client
    person, position = creator.person, creator.position
    found = org.position(position.position_id) if position else None
    own = person is not None and person.person_id == caller.actor.person_id
    if found is None or (own and not agreed):
        return False
    branch = {found.unit_id, *org.units_above(found.unit_id)}
    return activity.organiser_unit_id in branch - _root(org, branch)


def _root(org: Organisation, branch: set[UUID]) -> set[UUID]:
    """The regency itself: everybody belongs to it, few speak for it."""
    return {key for key in branch if not org.units_above(key)}
