"""Number templates and reservations as the API shows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.letters import (
    NumberTemplate,
    NumberTemplatesQuery,
    Reservation,
    ReservationsQuery,
)
from contracts.paging import Page, decode_cursor, encode_cursor
from services.letters.domain import outgoing_number
from services.letters.domain.outgoing_number import Values
from services.letters.orm_outgoing import number_template
from services.letters.orm_outgoing import outgoing_number as ledger


def reservation(session: Session, number_id: UUID) -> Reservation:
    query = sa.select(ledger).where(ledger.c.number_id == number_id)
    return _reservation(session.execute(query).mappings().one())


def reservations(
    session: Session, unit_id: UUID, query: ReservationsQuery
) -> Page[Reservation]:
    """Newest first; ids ascend in time."""
    statement = sa.select(ledger).where(
        ledger.c.register_unit_id == unit_id, ledger.c.reason.is_not(None)
    )
    if query.unused:
        statement = statement.where(ledger.c.letter_id.is_(None))
    if query.cursor is not None:
        (after,) = decode_cursor(query.cursor, tuple[UUID])
        statement = statement.where(ledger.c.number_id < after)
    statement = statement.order_by(ledger.c.number_id.desc()).limit(query.limit + 1)
    rows = session.execute(statement).mappings().all()
    items = [_reservation(row) for row in rows[: query.limit]]
    more = len(rows) > query.limit
    following = encode_cursor(items[-1].reservation_id) if more else None
    return Page(items=items, next_cursor=following)


def _reservation(row: Any) -> Reservation:
    values = Values(seq=row["seq"], day=row["dated_on"])
    names = "register_unit_id seq year kind dated_on reason created_at letter_id"
    return Reservation(
        **{name: row[name] for name in names.split()},
        reservation_id=row["number_id"],
        number=row["number"] or outgoing_number.render(row["pattern"], values),
        created_by=codec.load(ActorRef, row["created_by"]),
    )


def templates(
    session: Session, query: NumberTemplatesQuery, *, only_unit: bool = False
) -> Page[NumberTemplate]:
    """In the order they were put; without a unit those of every unit."""
    table = number_template.c
    statement = sa.select(number_template)
    if query.unit_id is not None or only_unit:
        wanted = table.unit_id.is_not_distinct_from(query.unit_id)
        statement = statement.where(wanted)
    if query.cursor is not None:
        (after,) = decode_cursor(query.cursor, tuple[UUID])
        statement = statement.where(table.template_id > after)
    statement = statement.order_by(table.template_id).limit(query.limit + 1)
    rows = session.execute(statement).mappings().all()
    names = NumberTemplate.__struct_fields__
    items = [
        NumberTemplate(**{name: row[name] for name in names})
        for row in rows[: query.limit]
    ]
    more = len(rows) > query.limit
    following = encode_cursor(items[-1].template_id) if more else None
    return Page(items=items, next_cursor=following)
