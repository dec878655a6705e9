"""HTTP rows of schedule: activities, conflicts, rooms and vehicles."""

from __future__ import annotations

from functools import partial

from contracts.paging import Page
from contracts.schedule import (
    Activity,
    ConflictCheck,
    Exchange,
    MonitoredLine,
    Resource,
)
from contracts.schedule_requests import (
    ActivitiesQuery,
    ActOnActivity,
    CheckConflicts,
    ConfirmActivity,
    ConflictsQuery,
    CreateActivity,
    ExchangeParticipants,
    ResourcesQuery,
    RespondToActivity,
    ScopeQuery,
    UpdateActivity,
    UpdateQuery,
)
from gateway.api.v1.operation import Operation

_READ, _WRITE = "schedule:read", "schedule:write"
_BOOKING = ("schedule_conflict", "not_schedule_keeper", "position_not_held")
_PLACING = (*_BOOKING, "resource_closed", "not_organiser")

_row = partial(Operation, service="schedule", tag="schedule")
_act = partial(
    _row,
    method="POST",
    response=Activity,
    body=ActOnActivity,
    command=True,
    scope=_WRITE,
    etag=True,
    errors=("illegal_transition", "position_not_held"),
)

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="create_activity",
        method="POST",
        path="/activities",
        summary="Propose, pencil in or book an activity",
        response=Activity,
        body=CreateActivity,
        status=201,
        command=True,
        scope=_WRITE,
        etag=True,
        errors=(*_PLACING, "letter_has_activity", "external_ref_taken"),
    ),
    _row(
        name="list_activities",
        method="GET",
        path="/activities",
        summary="Activities by time, office, unit, room or vehicle",
        response=Page[Activity],
        query=ActivitiesQuery,
        scope=_READ,
    ),
    _row(
        name="get_activity",
        method="GET",
        path="/activities/{activity_id}",
        summary="One activity",
        response=Activity,
        scope=_READ,
        etag=True,
    ),
    _row(
        name="update_activity",
        method="PATCH",
        path="/activities/{activity_id}",
        summary="Move or change an activity; checked like a new one",
        response=Activity,
        body=UpdateActivity,
        query=UpdateQuery,
        command=True,
        scope=_WRITE,
        etag=True,
        errors=(*_PLACING, "illegal_transition", "external_ref_taken"),
    ),
    _act(
        name="confirm_activity",
        path="/activities/{activity_id}/confirm",
        summary="Make it bind",
        body=ConfirmActivity,
        query=ScopeQuery,
        scope=None,
        errors=(*_PLACING, "illegal_transition"),
    ),
    _act(
        name="cancel_activity",
        path="/activities/{activity_id}/cancel",
        summary="Call it off",
        query=ScopeQuery,
    ),
    _act(
        name="postpone_activity",
        path="/activities/{activity_id}/postpone",
        summary="Take it off the schedule until a new time is found",
        query=ScopeQuery,
    ),
    _act(
        name="complete_activity",
        path="/activities/{activity_id}/complete",
        summary="It took place; not before it begins",
        scope=None,
        errors=("illegal_transition", "activity_not_begun", "position_not_held"),
    ),
    _act(
        name="respond_to_activity",
        path="/activities/{activity_id}/participants/{position_id}/response",
        summary="Answer for a participant: attend, decline or send another",
        body=RespondToActivity,
        scope=None,
        errors=(*_BOOKING, "illegal_transition"),
    ),
    _act(
        name="exchange_participants",
        path="/activities/{activity_id}/exchange",
        summary="Two participants of two activities change places, both or neither",
        body=ExchangeParticipants,
        response=Exchange,
        etag=False,
        scope=None,
        errors=(*_BOOKING, "illegal_transition"),
    ),
    _row(
        name="check_conflicts",
        method="POST",
        path="/conflict-checks",
        summary="What would be in the way, and free slots nearby; stores nothing",
        response=ConflictCheck,
        body=CheckConflicts,
        scope=_READ,
    ),
    _row(
        name="list_conflicts",
        method="GET",
        path="/conflicts",
        summary="The monitor: displaced lines and overlapping tentative ones",
        response=Page[MonitoredLine],
        query=ConflictsQuery,
        scope=_READ,
    ),
    _row(
        name="list_resources",
        method="GET",
        path="/resources",
        summary="Rooms and vehicles",
        response=Page[Resource],
        query=ResourcesQuery,
        scope=_READ,
    ),
)
