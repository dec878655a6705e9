"""Appointing, ending, delegating: one function per act, run inside a unit of work."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.actor import Actor
from contracts.directory import (
    AppointedCapacity,
    Assignment,
    AssignmentWithNames,
    CreateAssignment,
    CreateDelegation,
    DelegationWithNames,
    EndAssignment,
    RowKind,
)
from contracts.errors import Conflict, Forbidden, NotFound, invalid
from services.directory import events, views_people
from services.directory.domain import appointments
from services.directory.domain.appointments import Term
from services.directory.domain.authority import must_administer, must_hold, person_of
from services.directory.domain.delegations import delegate
from services.directory.unit_of_work import DirectoryUnitOfWork


def create_assignment(
    uow: DirectoryUnitOfWork,
    org: Organisation,
    actor: Actor | None,
    request: CreateAssignment,
) -> AssignmentWithNames:
    """Appoint somebody. Raises: Forbidden, Invalid, Conflict ``position_occupied``."""
    now = uow.clock()
    must_administer(org, actor, now)
    _not_oneself(actor, request.person_id)
    _check_known(org, request)
    version = uow.next_version()
    _check_terms(uow, request)
    row = appointments.appoint(
        request,
        assignment_id=new_id(),
        version=version,
        not_before=_predecessor_left_at(uow, request, now),
    )
    _add(uow, org, row, now)
    return views_people.with_names(org, row, now)


def end_assignment(
    uow: DirectoryUnitOfWork,
    org: Organisation,
    actor: Actor | None,
    assignment_id: UUID,
    request: EndAssignment,
) -> AssignmentWithNames:
    """End an assignment on a day, or now. Raises: Forbidden, NotFound, Conflict."""
    now = uow.clock()
    must_administer(org, actor, now)
    version = uow.next_version()
    before = uow.assignments.get(assignment_id)
    if before is None:
        raise NotFound
    _not_oneself(actor, before.person_id)
    row = appointments.end(before, request, now=now, version=version)
    uow.assignments.end(row)
    uow.changed(row)
    announce_due(uow, org)
    return views_people.with_names(org, row, now)


def announce_due(uow: DirectoryUnitOfWork, org: Organisation) -> int:
    """Tell of assignments whose first or last moment has come; each once."""
    now = uow.clock()
    started = uow.assignments.claim_started(now)
    ended = uow.assignments.claim_ended(now)
    for row in started:
        uow.publish(events.assignment_started(org, row, now), subject=_subject(row))
    for row in ended:
        uow.publish(events.assignment_ended(org, row, now), subject=_subject(row))
    return len(started) + len(ended)


def create_delegation(
    uow: DirectoryUnitOfWork,
    org: Organisation,
    actor: Actor | None,
    position_id: UUID,
    request: CreateDelegation,
) -> DelegationWithNames:
    """Lend one's position to another. Raises: NotFound, Forbidden, Invalid."""
    now = uow.clock()
    holder = must_hold(org, actor, position_id, now)
    if org.position(request.to_position_id) is None:
        raise invalid("/to_position_id", "Jabatan tidak dikenal.")
    row = delegate(
        request,
        delegation_id=new_id(),
        position_id=position_id,
        given_by=holder,
        now=now,
        version=uow.next_version(),
    )
    uow.delegations.add(row)
    uow.changed(row)
    return views_people.lent_with_names(org, row, now)


def delete_delegation(
    uow: DirectoryUnitOfWork,
    org: Organisation,
    actor: Actor | None,
    position_id: UUID,
    delegation_id: UUID,
) -> None:
    """Take back what was lent. Raises: NotFound, Forbidden."""
    now = uow.clock()
    must_hold(org, actor, position_id, now)
    version = uow.next_version()
    if not uow.delegations.withdraw(delegation_id, position_id, now, version):
        raise NotFound
    uow.removed(RowKind.DELEGATION, delegation_id, version)


# ---- parts -----------------------------------------------------------------------


def _not_oneself(actor: Actor | None, person_id: UUID) -> None:
    if person_of(actor) == person_id:
        raise Forbidden("own_assignment")


def _check_known(org: Organisation, request: CreateAssignment) -> None:
    if org.person(request.person_id) is None:
        raise invalid("/person_id", "Orang tidak dikenal.")
    if org.position(request.position_id) is None:
        raise invalid("/position_id", "Jabatan tidak dikenal.")


def _check_terms(uow: DirectoryUnitOfWork, request: CreateAssignment) -> None:
    if request.capacity is not AppointedCapacity.PLT or request.ends_on is None:
        return
    served = uow.assignments.plt_terms(request.person_id, request.position_id)
    appointments.check_acting_terms(Term(request.starts_on, request.ends_on), served)


def _predecessor_left_at(
    uow: DirectoryUnitOfWork, request: CreateAssignment, now: datetime
) -> datetime | None:
    """A successor of the same day follows at the moment the office fell vacant."""
    if request.capacity is not AppointedCapacity.DEFINITIVE:
        return None
    begins = appointments.midnight(request.starts_on)
    return uow.assignments.definitive_left_at(request.position_id, begins, now)


def _add(
    uow: DirectoryUnitOfWork, org: Organisation, row: Assignment, now: datetime
) -> None:
    """Insert; tell of it at once when it is already in force."""
    in_force = row.in_force(now)
    if not uow.assignments.add(row, announced_at=now if in_force else None):
        raise _occupied(uow, org, row)
    uow.changed(row)
    if in_force:
        uow.publish(events.assignment_started(org, row, now), subject=_subject(row))


def _occupied(uow: DirectoryUnitOfWork, org: Organisation, row: Assignment) -> Conflict:
    person = org.person(uow.assignments.occupant(row))
    if person is None:
        return Conflict("position_occupied")
    holder = {"person_id": str(person.person_id), "name": person.name}
    return Conflict("position_occupied", holder=holder)


def _subject(row: Assignment) -> str:
    return f"assignment/{row.assignment_id}"
