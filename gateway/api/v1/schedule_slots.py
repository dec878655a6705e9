"""HTTP rows of schedule: free slots, and who could represent."""

from __future__ import annotations

from functools import partial

from contracts.schedule_slots import (
    FreeSlots,
    FreeSlotsQuery,
    Representatives,
    RepresentativesQuery,
)
from gateway.api.v1.operation import Operation

_row = partial(Operation, method="GET", service="schedule", tag="schedule")

OPERATIONS: tuple[Operation, ...] = (
    _row(
        name="list_free_slots",
        path="/free-slots",
        summary="When all these people, rooms and vehicles are free",
        response=FreeSlots,
        query=FreeSlotsQuery,
        scope="schedule:read",
    ),
    _row(
        name="list_representatives",
        path="/activities/{activity_id}/representatives",
        summary="Who could represent a participant, checked for that time",
        response=Representatives,
        query=RepresentativesQuery,
        errors=("not_schedule_keeper", "illegal_transition", "position_not_held"),
    ),
)
