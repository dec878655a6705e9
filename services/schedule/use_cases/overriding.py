"""A booking beats others: their lines become displaced, and everybody is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import ActorRef
from contracts.schedule_events import ActivityChanged, ActivityDisplaced
from services.schedule.bookings import Displaced
from services.schedule.domain.activity import Activity
from services.schedule.events import publish
from services.schedule.placing import Lines
from services.schedule.unit_of_work import UnitOfWork


def beat(uow: UnitOfWork, activity: Activity, lines: Lines) -> list[Displaced]:
    """Take what overlaps the binding lines out of the constraint."""
    spans = {key: line.span for key, line in lines.items() if line.binds}
    return uow.bookings.displace(activity.activity_id, spans)


def tell_displaced(
    uow: UnitOfWork,
    org: Organisation,
    beaten: Iterable[Displaced],
    *,
    cause: str,
    by: UUID | None,
    actor: ActorRef | None = None,
    reason: str | None = None,
) -> None:
    """One event per activity that lost lines."""
    lost: dict[UUID, list[Displaced]] = {}
    for line in beaten:
        lost.setdefault(line.activity_id, []).append(line)
    for activity in uow.activities.find(sorted(lost)):
        lines = lost[activity.activity_id]
        publish(
            uow,
            org,
            ActivityDisplaced,
            activity,
            actor,
            cause=cause,
            displaced_by=by,
            displaced_position_ids=_ids(line.position_id for line in lines),
            displaced_resource_ids=_ids(line.resource_id for line in lines),
            reason=reason,
        )


def tell_overtaken(
    uow: UnitOfWork,
    org: Organisation,
    overtaken: Collection[UUID],
    by: Activity,
    actor: ActorRef | None,
) -> None:
    """Who asked for a tentative activity learns that another was confirmed over it."""
    for activity in uow.activities.find(overtaken) if overtaken else ():
        publish(uow, org, ActivityChanged, activity, actor, overtaken_by=by.activity_id)


def _ids(ids: Iterable[UUID | None]) -> tuple[UUID, ...]:
    return tuple(sorted(key for key in ids if key is not None))
