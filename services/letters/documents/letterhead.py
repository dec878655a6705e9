"""The head of a unit's paper."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Organisation
from services.letters.documents.model import Letterhead


def letterhead_of(org: Organisation, unit_id: UUID) -> Letterhead:
    """The regency's own head stands alone; every other unit's below it."""
    unit = org.unit(unit_id)
    if unit is None or unit.parent_id is None:
        return Letterhead(unit_name=unit.name if unit else "", over=None)
    above = [org.unit(one) for one in org.units_above(unit_id)]
    names = [one.name for one in above if one is not None]
    return Letterhead(unit_name=unit.name, over=names[-1] if names else None)
