"""Reads answered by the index: units, positions and their holders, my positions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from chassis.organisation import Holder, Organisation
from contracts.directory import (
    HolderRef,
    ListPositions,
    ListUnits,
    MyPosition,
    Position,
    PositionWithHolders,
    Unit,
)
from contracts.paging import Page
from services.directory.pages import mentions, page_by_code


def units(org: Organisation, query: ListUnits) -> Page[Unit]:
    found = (
        row
        for row in org.units
        if query.parent_id in (None, row.parent_id)
        and query.kind in (None, row.kind)
        and mentions(query.q, row.code, row.name, row.short_name)
    )
    return page_by_code(found, query.limit, query.cursor, lambda row: row.code)


def positions(
    org: Organisation, query: ListPositions, at: datetime
) -> Page[PositionWithHolders]:
    found = (
        row
        for row in org.positions
        if query.unit_id in (None, row.unit_id)
        and query.duty in (None, row.duty)
        and query.code in (None, row.code)
        and mentions(query.q, row.code, row.title, row.short_title, row.unit_name)
    )
    page = page_by_code(found, query.limit, query.cursor, lambda row: row.code)
    items = [with_holders(org, row, at) for row in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


def with_holders(
    org: Organisation, position: Position, at: datetime
) -> PositionWithHolders:
    holders = tuple(_holder(row) for row in org.holders(position.position_id, at))
    return PositionWithHolders(
        **msgspec.structs.asdict(position),
        holder=holders[0] if holders else None,
        holders=holders,
    )


def my_positions(
    org: Organisation, person_id: UUID, at: datetime
) -> tuple[MyPosition, ...]:
    """What a person holds or may use now, primary first."""
    mine = []
    for held in org.held_by(person_id, at):
        position = org.position(held.position_id)
        if position is not None:
            facts = msgspec.structs.asdict(position)
            mine.append(
                MyPosition(
                    **{name: facts[name] for name in _MINE},
                    capacity=held.capacity,
                    primary=held.primary,
                    rights=tuple(sorted(held.rights, key=_ORDER.__getitem__)),
                    include_secret=held.include_secret,
                )
            )
    return tuple(mine)


_MINE = tuple(
    name for name in MyPosition.__struct_fields__ if name in Position.__struct_fields__
)
_ORDER = {"read": 0, "prepare": 1, "act": 2}


def _holder(holder: Holder) -> HolderRef:
    return HolderRef(
        person_id=holder.person_id, name=holder.name, capacity=holder.capacity
    )
