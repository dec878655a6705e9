"""Units in whose name the visitor may make an activity."""

from __future__ import annotations

from gateway.portal.activities import Draft
from gateway.portal.offices import Offices
from gateway.portal.visitor import Visitor


def choices(known: Offices, visitor: Visitor, draft: Draft) -> dict[str, str]:
    """Name by unit: protocol speaks for all, others for where they hold an office.

    That of an activity which is changed stays among them.
    """
    acting = visitor.acting or {}
    if acting.get("duty") == "protocol":
        ids = list(known.units)
    else:
        ids = [own_unit(visitor), *(held["unit_id"] for held in visitor.positions)]
    kept = [draft.organiser] if draft.activity_id else []
    rows = {unit_id: known.units.get(unit_id) for unit_id in (*ids, *kept)}
    return {unit_id: row["name"] for unit_id, row in rows.items() if row}


def settle(draft: Draft, known: Offices, visitor: Visitor) -> None:
    """What was not chosen, or may not be, is the unit of the office acted as."""
    if draft.organiser not in choices(known, visitor, draft):
        draft.organiser = own_unit(visitor)


def own_unit(visitor: Visitor) -> str:
    return str((visitor.acting or {}).get("unit_id", ""))
