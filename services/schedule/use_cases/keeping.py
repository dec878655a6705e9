"""Rooms and vehicles entered, changed and blocked by who keeps them."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, structs

from chassis.ids import new_id
from contracts import schedule
from contracts.errors import Forbidden, Stale, invalid
from contracts.schedule import ActivityKind, ActivityState, Resource, Visibility
from contracts.schedule_events import ActivityConfirmed
from contracts.schedule_requests import BlockResource, CreateResource, UpdateResource
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller
from services.schedule.domain.opening import require_coherent
from services.schedule.domain.span import span_of
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.admission import admit
from services.schedule.use_cases.booking import place_new
from services.schedule.use_cases.drafting import equipment_of
from services.schedule.views.activities import present


def create_resource(
    uow: UnitOfWork, caller: Caller, request: CreateResource
) -> Resource:
    """Raises: Invalid, Forbidden, Conflict ``resource_code_taken``."""
    resource = Resource(
        resource_id=new_id(),
        **{name: getattr(request, name) for name in request.__struct_fields__},
    )
    _require_keeper(caller, resource.unit_id)
    require_coherent(resource.bookable_hours)
    uow.resources.add(resource)
    return resource


def update_resource(
    uow: UnitOfWork,
    caller: Caller,
    resource_id: UUID,
    request: UpdateResource,
    expected_version: int | None,
) -> Resource:
    """What is booked already stays booked.

    Raises: NotFound, Stale, Invalid, Forbidden, Conflict ``resource_code_taken``.
    """
    resource = uow.resources.get(resource_id, lock=True)
    if not caller.organises(resource.unit_id):
        raise Forbidden
    if expected_version not in (None, resource.version):
        raise Stale(version=resource.version)
    named = {
        name: value
        for name in request.__struct_fields__
        if (value := getattr(request, name)) is not UNSET
    }
    changed = structs.replace(resource, **named, version=resource.version + 1)
    _require_keeper(caller, changed.unit_id)
    require_coherent(changed.bookable_hours)
    uow.resources.save(changed)
    if changed.unit_id != resource.unit_id:
        uow.series.withdraw_all(resource_id)  # it was the former keeper's word
    return changed


def block_resource(
    uow: UnitOfWork, caller: Caller, resource_id: UUID, request: BlockResource
) -> schedule.Activity:
    """An activity of the resource alone: in the constraint like any other, called off
    like any other.

    Raises: NotFound, Forbidden, Invalid, Conflict.
    """
    resource = uow.resources.get(resource_id)
    if not caller.organises(resource.unit_id):
        raise Forbidden
    activity = _block(uow, caller, resource, request)
    admit(uow, caller, activity)
    warnings = place_new(uow, caller, activity, activity.created_by)
    publish(uow, caller.org, ActivityConfirmed, activity, activity.created_by)
    return present(activity, caller, warnings)


def _block(
    uow: UnitOfWork, caller: Caller, resource: Resource, request: BlockResource
) -> Activity:
    span_of(ActivityKind.LAINNYA, request.starts_at, request.ends_at)
    return Activity(
        activity_id=new_id(),
        title=request.reason,
        kind=ActivityKind.LAINNYA,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        organiser_unit_id=resource.unit_id,
        state=ActivityState.CONFIRMED,
        visibility=Visibility.INTERNAL,
        created_by=caller.signature(),
        created_at=caller.now,
        updated_at=caller.now,
        equipment=equipment_of(uow, [resource.resource_id]),
        confirmed_at=caller.now,
    )


def _require_keeper(caller: Caller, unit_id: UUID) -> None:
    if caller.org.unit(unit_id) is None:
        raise invalid("/unit_id", "Unit ini tidak dikenal")
    if not caller.organises(unit_id):
        raise Forbidden
