"""Number, rank and academic titles of a person: written by administrators, given whole
only to the person himself (ADR 0117)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts.actor import Actor
from contracts.directory import (
    Grade,
    Person,
    PersonFacts,
    PrintedIdentity,
    SigningIdentity,
    UpdatePerson,
)
from contracts.errors import NotFound, Stale, invalid
from services.directory import orm, views_people
from services.directory.domain.appointments import day_of
from services.directory.domain.authority import must_administer, person_of
from services.directory.domain.people import civil_number
from services.directory.unit_of_work import DirectoryUnitOfWork


def update_person(
    uow: DirectoryUnitOfWork,
    org: Organisation,
    actor: Actor | None,
    person_id: UUID,
    request: UpdatePerson,
    expected_version: int | None,
) -> PersonFacts:
    """Raises: Forbidden, NotFound, Stale, Invalid (also for the number of another).

    Changes wait for each other at `next_version`, so nobody takes the number between
    the look and the write.
    """
    now = uow.clock()
    must_administer(org, actor, now)
    version = uow.next_version()
    row = uow.offices.facts(person_id)
    if row is None:
        raise NotFound
    if expected_version not in (None, row["version"]):
        raise Stale(version=row["version"])
    facts = _given(request)
    if facts.get("nip") is not None:
        facts["nip"] = civil_number(facts["nip"], day_of(now))
        if uow.offices.owner_of_nip(facts["nip"]) not in (None, person_id):
            raise invalid("/nip", "NIP ini tercatat pada orang lain")
    if any(row[name] != value for name, value in facts.items()):
        uow.offices.put_facts(person_id, facts, version)
        uow.changed(Person(person_id=person_id, name=row["name"], version=version))
    return person_facts(uow.session, org, person_id, now)


def _given(request: UpdatePerson) -> dict[str, Any]:
    named = ((name, getattr(request, name)) for name in request.__struct_fields__)
    return {name: value for name, value in named if value is not msgspec.UNSET}


def person_facts(
    session: Session, org: Organisation, person_id: UUID, at: datetime
) -> PersonFacts:
    """Raises: NotFound."""
    person, account = orm.person, orm.account
    username = (
        sa.select(sa.func.min(account.c.username))
        .where(account.c.person_id == person_id)
        .scalar_subquery()
    )
    query = sa.select(person, username.label("username"))
    row = session.execute(query.where(person.c.person_id == person_id)).mappings()
    found = row.first()
    if found is None:
        raise NotFound
    listed = views_people.person_with_positions(org, found, at)
    return PersonFacts(
        **{name: getattr(listed, name) for name in listed.__struct_fields__},
        grade=Grade(found["grade"]) if found["grade"] else None,
        degrees_before=found["degrees_before"],
        degrees_after=found["degrees_after"],
        version=found["version"],
    )


MOST_PRINTED = 40  # as many sheets as are printed of one letter


def printed_identities(
    session: Session, actor: Actor | None, person_ids: list[UUID]
) -> list[PrintedIdentity]:
    """For paper people print; applications get none. Raises: Forbidden, Invalid."""
    person_of(actor)
    if len(person_ids) > MOST_PRINTED:
        raise invalid("/person_ids", f"Paling banyak {MOST_PRINTED} orang")
    table = orm.person
    query = sa.select(
        table.c.person_id,
        *(table.c.nip, table.c.grade, table.c.degrees_before, table.c.degrees_after),
    ).where(table.c.person_id.in_(person_ids))
    rows = session.execute(query).mappings()
    return [
        msgspec.convert({str(name): row[name] for name in row}, PrintedIdentity)
        for row in rows
    ]


def own_identity(session: Session, actor: Actor | None) -> SigningIdentity:
    """Of whoever calls, never of anybody else. Raises: Forbidden, NotFound."""
    table = orm.person
    query = sa.select(
        table.c.nip, table.c.grade, table.c.degrees_before, table.c.degrees_after
    ).where(table.c.person_id == person_of(actor))
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFound
    return msgspec.convert({str(name): row[name] for name in row}, SigningIdentity)
