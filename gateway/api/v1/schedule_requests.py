"""HTTP rows of schedule: requests for a slot and what came of an activity."""

from __future__ import annotations

from functools import partial

from contracts.paging import Page
from contracts.schedule import Activity
from contracts.schedule_requests import RecordOutcome
from contracts.schedule_slot_requests import (
    AcceptSlotRequest,
    MoveSlotRequest,
    RefuseSlotRequest,
    SlotRequest,
    SlotRequestsQuery,
)
from gateway.api.v1.operation import Operation

_row = partial(Operation, service="schedule", tag="schedule")
_answer = partial(
    _row,
    method="POST",
    response=SlotRequest,
    command=True,
    errors=("illegal_transition", "not_schedule_keeper", "position_not_held"),
)

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="record_outcome",
        method="PUT",
        path="/activities/{activity_id}/outcome",
        summary="Minutes: what came of an activity that has begun",
        response=Activity,
        body=RecordOutcome,
        command=True,
        etag=True,
        errors=("illegal_transition", "activity_not_begun", "position_not_held"),
    ),
    _row(
        name="list_slot_requests",
        method="GET",
        path="/slot-requests",
        summary="Requests for a slot: to me as a keeper, or by me",
        response=Page[SlotRequest],
        query=SlotRequestsQuery,
        scope="schedule:read",
    ),
    _row(
        name="get_slot_request",
        method="GET",
        path="/slot-requests/{activity_id}",
        summary="One request for a slot",
        response=SlotRequest,
        scope="schedule:read",
    ),
    _answer(
        name="accept_slot_request",
        path="/slot-requests/{activity_id}/accept",
        summary="Yes for the positions one keeps; the last yes confirms",
        body=AcceptSlotRequest,
        errors=(
            "illegal_transition",
            "not_organiser",
            "not_schedule_keeper",
            "position_not_held",
            "schedule_conflict",
        ),
    ),
    _answer(
        name="move_slot_request",
        path="/slot-requests/{activity_id}/move",
        summary="Offer another time",
        body=MoveSlotRequest,
        errors=(
            "illegal_transition",
            "not_schedule_keeper",
            "position_not_held",
            "schedule_conflict",
        ),
    ),
    _answer(
        name="refuse_slot_request",
        path="/slot-requests/{activity_id}/refuse",
        summary="No, with a reason",
        body=RefuseSlotRequest,
    ),
)
