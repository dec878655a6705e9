"""Minutes and outcome: what came of an activity, written down once it has begun."""

from __future__ import annotations

from uuid import UUID

from contracts import schedule
from contracts.errors import Conflict, invalid
from contracts.schedule import ActivityOutcome
from contracts.schedule_events import ActivityChanged
from contracts.schedule_requests import RecordOutcome
from services.schedule.domain.keepers import Caller
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import changeable
from services.schedule.views.activities import present


def record_outcome(
    uow: UnitOfWork,
    caller: Caller,
    activity_id: UUID,
    request: RecordOutcome,
    expected_version: int | None,
) -> schedule.Activity:
    """By who asked for it, who organises it, and the keepers of its host.

    Raises: NotFound, Forbidden, Stale, Invalid; Conflict ``illegal_transition`` or
    ``activity_not_begun``.
    """
    activity = changeable(uow, caller, activity_id, expected_version=expected_version)
    activity.act(Act.RECORD, caller.now)
    if caller.now < activity.starts_at:
        raise Conflict("activity_not_begun")
    if activity.restricted:
        raise invalid("/summary", "Kegiatan dari surat terbatas hanya memuat waktu")
    signed = caller.signature(activity.position_ids)
    activity.outcome = ActivityOutcome(
        summary=request.summary,
        decisions=request.decisions,
        attendance_count=request.attendance_count,
        by=signed,
        at=caller.now,
    )
    uow.activities.save(activity)
    publish(uow, caller.org, ActivityChanged, activity, signed, changes=("outcome",))
    return present(activity, caller)
