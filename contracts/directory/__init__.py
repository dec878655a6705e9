"""Units, positions, people, assignments, delegations, sessions: what crosses borders.

Rows (`Unit`, `Position`, `Person`, `Assignment`, `Delegation`) are what every service
keeps in its read copy; requests and answers of the HTTP rows follow; events last.
Whether an assignment or delegation is in force is never a column: it is asked with an
instant (`in_force`), so that dates act by the clock in every process.
"""

from __future__ import annotations

from contracts.directory.codes import (
    AppointedCapacity,
    Capacity,
    Duty,
    Grade,
    Right,
    RowKind,
    UnitKind,
)
from contracts.directory.events import (
    EVENTS,
    AssignmentEnded,
    AssignmentStarted,
    DirectoryChanged,
    SessionRevoked,
)
from contracts.directory.people import (
    PersonFacts,
    PrintedIdentity,
    SigningIdentity,
    UpdatePerson,
)
from contracts.directory.requests import (
    AssignmentWithNames,
    CreateAssignment,
    CreateDelegation,
    DelegationWithNames,
    EndAssignment,
    HeldPosition,
    HolderRef,
    ListAssignments,
    ListPeople,
    ListPositions,
    ListUnits,
    PersonWithPositions,
    PositionWithHolders,
)
from contracts.directory.rows import (
    Assignment,
    Delegation,
    Person,
    Position,
    Removed,
    Snapshot,
    Unit,
)
from contracts.directory.sessions import (
    Counters,
    Me,
    MyPosition,
    OpenedSession,
    OpenSession,
    Session,
)

SERVICE = "directory"

__all__ = [
    "EVENTS",
    "SERVICE",
    "AppointedCapacity",
    "Assignment",
    "AssignmentEnded",
    "AssignmentStarted",
    "AssignmentWithNames",
    "Capacity",
    "Counters",
    "CreateAssignment",
    "CreateDelegation",
    "Delegation",
    "DelegationWithNames",
    "DirectoryChanged",
    "Duty",
    "EndAssignment",
    "Grade",
    "HeldPosition",
    "HolderRef",
    "ListAssignments",
    "ListPeople",
    "ListPositions",
    "ListUnits",
    "Me",
    "MyPosition",
    "OpenSession",
    "OpenedSession",
    "Person",
    "PersonFacts",
    "PersonWithPositions",
    "Position",
    "PositionWithHolders",
    "PrintedIdentity",
    "Removed",
    "Right",
    "RowKind",
    "Session",
    "SessionRevoked",
    "SigningIdentity",
    "Snapshot",
    "Unit",
    "UnitKind",
    "UpdatePerson",
]
