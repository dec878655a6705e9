"""A conflict check: what would be in the way, and where else; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.ids import new_id
from contracts.errors import invalid
from contracts.schedule import (
    ActivityState,
    ConflictCheck,
    ParticipantRole,
    Resource,
    Visibility,
)
from contracts.schedule_requests import CheckConflicts
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import lines_of
from services.schedule.placing import alternatives, claims_of
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import closed_for
from services.schedule.use_cases.drafting import (
    equipment_among,
    require_positions,
)
from services.schedule.views.clashes import find_both


def check_conflicts(
    uow: UnitOfWork, caller: Caller, request: CheckConflicts
) -> ConflictCheck:
    """Raises: Invalid."""
    if not request.position_ids and not request.resource_ids:
        raise invalid("/position_ids", "Isi jabatan, ruang, atau kendaraan")
    resources = uow.resources.find(request.resource_ids)
    supposed = _supposed(caller, request, resources)
    lines = lines_of(supposed, caller.org)
    keys = uow.bookings.known_keys({line.bookable for line in lines})
    laid = {keys[line.bookable]: line for line in lines if line.bookable in keys}
    for item in supposed.equipment:
        item.key = next(
            (key for key, line in laid.items() if line.resource_id == item.resource_id),
            None,
        )
    exclude: UUID | None = request.exclude_activity_id
    conflicts, warnings = find_both(uow.session, caller, laid, exclude, resources)
    closed = closed_for(caller, supposed, list(resources.values()))
    usable = all(item.active for item in resources.values())
    slots = (
        alternatives(uow, supposed.span, claims_of(supposed, laid), caller.now, exclude)
        if usable and (conflicts or closed)
        else []  # at no hour can anybody book what is out of use
    )
    return ConflictCheck(
        conflicts=conflicts,
        alternatives=slots,
        warnings=warnings,
        closed_resource_ids=closed,
    )


def _supposed(
    caller: Caller, request: CheckConflicts, resources: Mapping[UUID, Resource]
) -> Activity:
    """The activity that is asked about, as if everybody in it would bind."""
    fields = [f"/position_ids/{index}" for index in range(len(request.position_ids))]
    require_positions(caller.org, request.position_ids, fields)
    activity = Activity(
        activity_id=new_id(),
        title="",
        kind=request.kind,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        organiser_unit_id=new_id(),
        state=ActivityState.CONFIRMED,
        visibility=Visibility.BUSY_ONLY,
        created_by=caller.signature(),
        created_at=caller.now,
        updated_at=caller.now,
        attendees=[
            Attendee(position_id, ParticipantRole.REQUIRED)
            for position_id in request.position_ids
        ],
        equipment=equipment_among(resources, request.resource_ids),
        travel_before=request.travel_minutes_before,
        travel_after=request.travel_minutes_after,
        all_day=request.all_day,
    )
    activity.fill_days()
    activity.span  # noqa: B018  checks the times
    return activity
