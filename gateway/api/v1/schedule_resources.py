"""HTTP rows of schedule: rooms and vehicles kept, blocked and agreed to; weekly load."""

from __future__ import annotations

from functools import partial

from contracts.paging import Page
from contracts.schedule import Activity, Resource, ScheduleLoad
from contracts.schedule_approvals import ResourceApproval, ResourceApprovalsQuery
from contracts.schedule_requests import (
    ApproveResource,
    BlockResource,
    CreateResource,
    LoadQuery,
    ScopeQuery,
    UpdateResource,
)
from gateway.api.v1.operation import Operation

_row = partial(Operation, service="schedule", tag="schedule", etag=True)

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="create_resource",
        method="POST",
        path="/resources",
        summary="Enter a room or vehicle of one's own unit",
        response=Resource,
        body=CreateResource,
        status=201,
        command=True,
        errors=("resource_code_taken", "position_not_held"),
    ),
    _row(
        name="get_resource",
        method="GET",
        path="/resources/{resource_id}",
        summary="One room or vehicle",
        response=Resource,
        scope="schedule:read",
    ),
    _row(
        name="update_resource",
        method="PATCH",
        path="/resources/{resource_id}",
        summary="Change a room or vehicle, its hours and whether it is in use",
        response=Resource,
        body=UpdateResource,
        command=True,
        errors=("resource_code_taken", "position_not_held"),
    ),
    _row(
        name="block_resource",
        method="POST",
        path="/resources/{resource_id}/blocks",
        summary="Take a room or vehicle out of use for a time",
        response=Activity,
        body=BlockResource,
        status=201,
        command=True,
        errors=("schedule_conflict", "resource_closed", "position_not_held"),
    ),
    _row(
        name="approve_resource",
        method="POST",
        path="/activities/{activity_id}/resources/{resource_id}/approval",
        summary="Agree to an activity's use of a room or vehicle, or take it out",
        response=Activity,
        body=ApproveResource,
        query=ScopeQuery,
        command=True,
        errors=(
            "schedule_conflict",
            "resource_closed",
            "illegal_transition",
            "position_not_held",
        ),
    ),
    _row(
        name="list_resource_approvals",
        method="GET",
        path="/resource-approvals",
        summary="Rooms and vehicles that wait for the caller's word, soonest first",
        response=Page[ResourceApproval],
        query=ResourceApprovalsQuery,
        etag=False,
    ),
    _row(
        name="get_schedule_load",
        method="GET",
        path="/schedule-load",
        summary="Hours and activities of each office, week by week",
        response=ScheduleLoad,
        query=LoadQuery,
        scope="schedule:read",
        etag=False,
    ),
)
