"""HTTP rows of the directory: units, positions, assignments, people, delegations."""

from __future__ import annotations

from functools import partial

from contracts.directory import (
    AssignmentWithNames,
    CreateAssignment,
    CreateDelegation,
    DelegationWithNames,
    EndAssignment,
    ListAssignments,
    ListPeople,
    ListPositions,
    ListUnits,
    PersonFacts,
    PersonWithPositions,
    PositionWithHolders,
    Unit,
    UpdatePerson,
)
from contracts.paging import Page
from gateway.api.v1.operation import Operation

_READ = "directory:read"

_row = partial(Operation, service="directory", tag="directory")

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="list_units",
        method="GET",
        path="/units",
        summary="Agencies and their parts, by code",
        response=Page[Unit],
        query=ListUnits,
        scope=_READ,
    ),
    _row(
        name="get_unit",
        method="GET",
        path="/units/{unit_id}",
        summary="One unit",
        response=Unit,
        scope=_READ,
        etag=True,
    ),
    _row(
        name="list_positions",
        method="GET",
        path="/positions",
        summary="Positions with who holds them now, by code",
        response=Page[PositionWithHolders],
        query=ListPositions,
        scope=_READ,
    ),
    _row(
        name="get_position",
        method="GET",
        path="/positions/{position_id}",
        summary="One position with who holds it now, the acting official first",
        response=PositionWithHolders,
        scope=_READ,
        etag=True,
    ),
    _row(
        name="create_assignment",
        method="POST",
        path="/assignments",
        summary="Appoint a person to a position (administrator)",
        response=AssignmentWithNames,
        body=CreateAssignment,
        status=201,
        command=True,
        errors=("position_occupied", "acting_term_too_long", "own_assignment"),
    ),
    _row(
        name="end_assignment",
        method="POST",
        path="/assignments/{assignment_id}/end",
        summary="End an assignment on a day or immediately (administrator)",
        response=AssignmentWithNames,
        body=EndAssignment,
        command=True,
        errors=("illegal_transition", "own_assignment"),
    ),
    _row(
        name="list_assignments",
        method="GET",
        path="/assignments",
        summary="Assignments of a position or person, ended ones too (administrator)",
        response=Page[AssignmentWithNames],
        query=ListAssignments,
    ),
    _row(
        name="list_people",
        method="GET",
        path="/people",
        summary="People by name, NIP masked (administrator)",
        response=Page[PersonWithPositions],
        query=ListPeople,
    ),
    _row(
        name="get_person",
        method="GET",
        path="/people/{person_id}",
        summary="One person with rank and academic titles, NIP masked (administrator)",
        response=PersonFacts,
        etag=True,
    ),
    _row(
        name="update_person",
        method="PATCH",
        path="/people/{person_id}",
        summary="Record NIP, rank and academic titles of a person (administrator)",
        response=PersonFacts,
        body=UpdatePerson,
        command=True,
        etag=True,
    ),
    _row(
        name="create_delegation",
        method="POST",
        path="/positions/{position_id}/delegations",
        summary="Let another position read, prepare or act for one's own",
        response=DelegationWithNames,
        body=CreateDelegation,
        status=201,
        command=True,
        errors=("position_not_held",),
    ),
    _row(
        name="list_delegations",
        method="GET",
        path="/positions/{position_id}/delegations",
        summary="What the position lent, for its holders and delegates",
        response=Page[DelegationWithNames],
        errors=("position_not_held",),
    ),
    _row(
        name="delete_delegation",
        method="DELETE",
        path="/positions/{position_id}/delegations/{delegation_id}",
        summary="Take back what was lent",
        status=204,
        command=True,
        errors=("position_not_held",),
    ),
)
