"""Requests checked against what exists, before an activity is made or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.organisation import Organisation
from contracts.errors import Forbidden, invalid
from contracts.schedule import Override, Resource, ResourceKind
from contracts.schedule_requests import OverrideRequest, ParticipantRequest
from services.schedule.domain.activity import Attendee, Equipment
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork


def require_unit(org: Organisation, unit_id: UUID) -> None:
    """Raises: Invalid."""
    if org.unit(unit_id) is None:
        raise invalid("/organiser_unit_id", "Unit ini tidak dikenal")


def attendees_of(
    org: Organisation, wanted: Sequence[ParticipantRequest]
) -> list[Attendee]:
    """Raises: Invalid, naming the first line that is unknown or named twice."""
    require_positions(
        org,
        [line.position_id for line in wanted],
        [f"/participants/{index}/position_id" for index in range(len(wanted))],
    )
    return [Attendee(line.position_id, line.role) for line in wanted]


def require_positions(
    org: Organisation, position_ids: Sequence[UUID], fields: Sequence[str]
) -> None:
    """Raises: Invalid, naming the first that is unknown or named twice."""
    _require_distinct(position_ids, fields, "Jabatan")
    for position_id, field in zip(position_ids, fields, strict=True):
        require_position(org, position_id, field)


def require_position(org: Organisation, position_id: UUID, field: str) -> None:
    """Raises: Invalid."""
    if org.position(position_id) is None:
        raise invalid(field, "Jabatan ini tidak dikenal")


def equipment_of(uow: UnitOfWork, wanted: Sequence[UUID]) -> list[Equipment]:
    """Raises: Invalid, naming the first resource that is unknown or named twice."""
    return equipment_among(uow.resources.find(wanted), wanted)


def equipment_among(
    known: Mapping[UUID, Resource], wanted: Sequence[UUID]
) -> list[Equipment]:
    """Like `equipment_of`, of resources already found."""
    fields = [f"/resource_ids/{index}" for index in range(len(wanted))]
    _require_distinct(wanted, fields, "Ruang atau kendaraan")
    for resource_id, field in zip(wanted, fields, strict=True):
        if resource_id not in known:
            raise invalid(field, "Ruang atau kendaraan ini tidak dikenal")
    return [
        Equipment(
            item.resource_id,
            item.code,
            item.name,
            item.kind is ResourceKind.VEHICLE,
            approved=not item.needs_approval,  # until its keeper is known to act
            unit_id=item.unit_id,
            hours=tuple(item.bookable_hours),
        )
        for item in map(known.__getitem__, wanted)
    ]


def override_of(
    caller: Caller, request: OverrideRequest | None, *, binds: bool
) -> Override | None:
    """Raises: Forbidden unless the caller may override; Invalid when nothing binds."""
    if request is None:
        return None
    if not caller.overrides():
        raise Forbidden("forbidden", needed="override")
    if not binds:
        raise invalid("/override", "Hanya kegiatan definitif dapat menggeser")
    return Override(reason=request.reason, by=caller.signature(), at=caller.now)


def _require_distinct(ids: Sequence[UUID], fields: Sequence[str], what: str) -> None:
    seen: set[UUID] = set()
    for key, field in zip(ids, fields, strict=True):
        if key in seen:
            raise invalid(field, f"{what} disebut dua kali")
        seen.add(key)
