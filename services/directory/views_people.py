"""Reads about who holds what: assignments, delegations, people."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts.actor import PersonRef, PositionRef
from contracts.directory import (
    Assignment,
    AssignmentWithNames,
    Delegation,
    DelegationWithNames,
    HeldPosition,
    ListAssignments,
    ListPeople,
    PersonWithPositions,
)
from contracts.paging import Page, decode_cursor
from services.directory import orm
from services.directory.domain.people import masked
from services.directory.pages import cut
from services.directory.repository import assignment_of, delegation_of


def assignments(
    session: Session, org: Organisation, query: ListAssignments, at: datetime
) -> Page[AssignmentWithNames]:
    """Newest first, ended ones too."""
    table = orm.assignment
    statement = sa.select(table).order_by(table.c.assignment_id.desc())
    if query.position_id is not None:
        statement = statement.where(table.c.position_id == query.position_id)
    if query.person_id is not None:
        statement = statement.where(table.c.person_id == query.person_id)
    if query.cursor is not None:
        (last,) = decode_cursor(query.cursor, tuple[UUID])
        statement = statement.where(table.c.assignment_id < last)
    rows = session.execute(statement.limit(query.limit + 1)).mappings().all()
    return cut(
        [with_names(org, assignment_of(row), at) for row in rows],
        query.limit,
        lambda row: (row.assignment_id,),
    )


def with_names(org: Organisation, row: Assignment, at: datetime) -> AssignmentWithNames:
    person = org.person(row.person_id)
    return AssignmentWithNames(
        **msgspec.structs.asdict(row),
        person=PersonRef(person_id=row.person_id, name=person.name if person else ""),
        position=position_ref(org, row.position_id),
        active=row.in_force(at),
    )


def delegations(
    session: Session, org: Organisation, position_id: UUID, at: datetime
) -> list[DelegationWithNames]:
    table = orm.delegation
    query = (
        sa.select(table)
        .where(table.c.position_id == position_id, table.c.withdrawn_at.is_(None))
        .order_by(table.c.delegation_id)
    )
    rows = session.execute(query).mappings()
    return [lent_with_names(org, delegation_of(row), at) for row in rows]


def lent_with_names(
    org: Organisation, row: Delegation, at: datetime
) -> DelegationWithNames:
    return DelegationWithNames(
        **msgspec.structs.asdict(row),
        to_position=position_ref(org, row.to_position_id),
        active=org.gives(row, at),
    )


def people(
    session: Session, org: Organisation, query: ListPeople, at: datetime
) -> Page[PersonWithPositions]:
    """For administrators, by name; `q` also finds usernames and whole numbers."""
    person, account = orm.person, orm.account
    statement = (
        sa.select(person, sa.func.min(account.c.username).label("username"))
        .join(account, account.c.person_id == person.c.person_id, isouter=True)
        .group_by(person.c.person_id)
        .order_by(person.c.name, person.c.person_id)
    )
    if query.q:
        statement = statement.where(
            sa.or_(
                person.c.name.icontains(query.q, autoescape=True),
                account.c.username.icontains(query.q, autoescape=True),
                person.c.nip == query.q,
            )
        )
    if query.cursor is not None:
        name, last = decode_cursor(query.cursor, tuple[str, UUID])
        key = sa.tuple_(person.c.name, person.c.person_id)
        statement = statement.where(key > sa.tuple_(sa.literal(name), sa.literal(last)))
    rows = session.execute(statement.limit(query.limit + 1)).mappings().all()
    return cut(
        [person_with_positions(org, row, at) for row in rows],
        query.limit,
        lambda row: (row.name, row.person_id),
    )


def person_with_positions(
    org: Organisation, row: Any, at: datetime
) -> PersonWithPositions:
    """`row`: a person and his `username`."""
    held = [one for one in org.held_by(row["person_id"], at) if one.own]
    positions = [(org.position(one.position_id), one) for one in held]
    return PersonWithPositions(
        person_id=row["person_id"],
        name=row["name"],
        nip=masked(row["nip"]),
        username=row["username"],
        positions=tuple(
            HeldPosition(
                position_id=position.position_id,
                code=position.code,
                title=position.title,
                capacity=one.capacity,
            )
            for position, one in positions
            if position is not None
        ),
    )


def position_ref(org: Organisation, position_id: UUID) -> PositionRef:
    return org.position_ref(position_id) or PositionRef(
        position_id=position_id, code="", title="", unit_name=""
    )
