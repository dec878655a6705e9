"""Two years ahead, every night: what a rule says next is stored and protected."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.schedule import ActivityState
from contracts.schedule_events import ActivityProposed
from services.schedule.domain.activity import Activity, Attendee, Equipment
from services.schedule.domain.keepers import organisers_of
from services.schedule.domain.recurrence import expand
from services.schedule.events import publish
from services.schedule.placing_series import ManyLines, binding, prepare_many
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.drafting import equipment_of
from services.schedule.use_cases.occurring import occurrences_of, overlapping
from services.schedule.views.series_clashes import busy_owners


def extend_series(
    uow: UnitOfWork, org: Organisation, series_id: UUID, until: datetime
) -> int:
    """How many occurrences were added; 0 when another replica did it already."""
    series = uow.series.get(series_id)
    if series.finished or series.expanded_until >= until:
        return 0
    expansion = expand(series.rule, series.expanded_until, until)
    made = occurrences_of(_model(uow, org, series), series, expansion.starts)
    lines = prepare_many(uow, made, org)
    busy = busy_owners(uow.session, binding(lines)) | overlapping(made)
    if _out_of_use(uow, series):
        busy = {each.activity_id for each in made}
    blocked = [each for each in made if each.activity_id in busy]
    lines |= _pencil_in(uow, org, blocked)
    uow.activities.add_many(made)
    uow.bookings.lay_many(lines)
    for activity in blocked:
        publish(uow, org, ActivityProposed, activity)
    series.expanded_until, series.finished = until, expansion.finished
    uow.series.save(series)
    return len(made)


def _pencil_in(
    uow: UnitOfWork, org: Organisation, blocked: list[Activity]
) -> ManyLines:
    """Somebody is busy by then: it takes no time, and the monitor shows it."""
    for activity in blocked:
        activity.state, activity.confirmed_at = ActivityState.TENTATIVE, None
    return prepare_many(uow, blocked, org)


def _model(uow: UnitOfWork, org: Organisation, series: Series) -> Activity:
    wanted, now = series.template, uow.clock()
    state = ActivityState(wanted.state)
    return Activity(
        activity_id=new_id(),
        title=wanted.title,
        kind=wanted.kind,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        organiser_unit_id=wanted.organiser_unit_id,
        state=state,
        visibility=wanted.visibility,
        created_by=series.created_by,
        created_at=now,
        updated_at=now,
        place=wanted.place,
        attendees=[
            Attendee(line.position_id, line.role) for line in wanted.participants
        ],
        equipment=_equipment(uow, org, series),
        travel_before=wanted.travel_minutes_before,
        travel_after=wanted.travel_minutes_after,
        confirmed_at=now if state is ActivityState.CONFIRMED else None,
        all_day=wanted.all_day,
        dress_code=wanted.dress_code,
        contact=wanted.contact,
    )


def _equipment(uow: UnitOfWork, org: Organisation, series: Series) -> list[Equipment]:
    """Who keeps a thing need not ask himself, at night neither; nor is a keeper asked
    who agreed to the series."""
    items = equipment_of(uow, series.template.resource_ids)
    office = series.created_by.position if series.created_by else None
    for item in items:
        keepers = organisers_of(org, item.unit_id) if item.unit_id else frozenset()
        kept = office is not None and office.position_id in keepers
        if kept or item.resource_id in series.agreed:
            item.approved = True
    return items


def _out_of_use(uow: UnitOfWork, series: Series) -> bool:
    known = uow.resources.find(series.template.resource_ids, hold=True)
    return not all(thing.active for thing in known.values())
