"""Who may pass a letter to whom, and who approves for a vacant giver."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.organisation import Organisation
from contracts.directory import Duty, Position
from contracts.letters import Role

SIDEWAYS_ROLES = frozenset({Role.COORDINATE, Role.INFORM})


def may_give(
    org: Organisation, giver_id: UUID, holding: Role, recipient: Position, role: Role
) -> bool:
    """Whether the giver, holding the letter in role `holding`, may give `role`."""
    giver = org.position(giver_id)
    if giver is None or (holding is Role.INFORM and role is not Role.INFORM):
        return False
    base = authority_base(giver)
    if org.is_above(base, recipient.position_id):
        return recipient.position_id != giver_id
    return role in SIDEWAYS_ROLES and _sideways(org, giver, recipient)


def authority_base(giver: Position) -> UUID:
    """A deputy has the authority of the position it reports to, but not over it."""
    if giver.duty is Duty.DEPUTY and giver.reports_to is not None:
        return giver.reports_to
    return giver.position_id


def _sideways(org: Organisation, giver: Position, recipient: Position) -> bool:
    """Neither above nor below, and not of a higher rank."""
    return (
        not org.is_above(recipient.position_id, giver.position_id)
        and not org.is_above(giver.position_id, recipient.position_id)
        and recipient.level >= giver.level
    )


def approver_of(org: Organisation, giver_id: UUID | None, at: datetime) -> UUID | None:
    """The giver, or the nearest held position above a vacant one."""
    if giver_id is None:
        return None
    for position_id in (giver_id, *org.above(giver_id)):
        if org.holder(position_id, at) is not None:
            return position_id
    return giver_id
