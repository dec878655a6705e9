"""Activities as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts import schedule
from contracts.actor import PersonRef
from contracts.schedule import Clash, Participant
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import (
    Caller,
    Subject,
    foreign_to,
    may_change,
    sees,
)
from services.schedule.domain.transitions import TABLE, Act
from services.schedule.series import Series
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.masking import NOTHING, Asked, masked
from services.schedule.views.resources import resources_of


def subject_of(activity: Activity) -> Subject:
    creator = activity.created_by
    return Subject(
        activity.visibility,
        activity.organiser_unit_id,
        activity.position_ids,
        creator.person.person_id if creator.person else None,
        creator.client.client_id if creator.client else None,
    )


def present(
    activity: Activity,
    caller: Caller,
    warnings: Iterable[Clash] = (),
    asked: Asked = NOTHING,
) -> schedule.Activity:
    """The activity as the caller may see it: masked, it is only taken time of whom
    or what was `asked` for."""
    if not sees(caller, subject_of(activity)):
        return masked(activity, caller, asked)
    shown = _shape(activity, caller)
    shown.place = activity.place
    shown.dress_code, shown.contact = activity.dress_code, activity.contact
    shown.letter_id = activity.letter_id
    shown.external_ref = activity.external_ref
    shown.override = activity.override
    shown.reason = activity.reason
    shown.outcome = activity.outcome
    shown.blocked = activity.blocked
    shown.alternatives = activity.alternatives
    shown.created_by = activity.created_by
    shown.allowed = allowed(activity, caller)
    shown.warnings = list(warnings)
    return shown


def get_activity(
    uow: UnitOfWork, caller: Caller, activity_id: UUID
) -> schedule.Activity:
    """One activity, with the rule it belongs to. Raises: NotFound."""
    shown = present(uow.activities.get(activity_id), caller)
    if shown.series_id is not None and not shown.masked:
        _tell_series(shown, uow.series.look_at(shown.series_id))
    return shown


def _tell_series(shown: schedule.Activity, series: Series | None) -> None:
    if series is None:
        return
    shown.recurrence = series.recurrence
    for item in shown.resources:
        item.agreed_ahead = not series.finished and item.resource_id in series.agreed


def allowed(activity: Activity, caller: Caller) -> list[str]:
    """The acts the caller may try now (a confirmation may still meet a clash)."""
    if not may_change(caller, activity):
        return []
    acts = set(TABLE[activity.state]) - {Act.RESPOND}
    if not _confirmable(activity, caller):
        acts.discard(Act.CONFIRM)
    if caller.is_client:
        acts -= {Act.COMPLETE, Act.RECORD}
    if activity.restricted:
        acts.discard(Act.RECORD)
    if caller.now < activity.starts_at:
        acts -= {Act.COMPLETE, Act.RECORD}
    return sorted(acts)


def _confirmable(activity: Activity, caller: Caller) -> bool:
    settled = activity.confirmed and not activity.unsettled
    return not (settled or caller.is_client or foreign_to(caller, activity.binding()))


def _shape(activity: Activity, caller: Caller) -> schedule.Activity:
    unit = caller.org.unit(activity.organiser_unit_id)
    return schedule.Activity(
        activity_id=activity.activity_id,
        title=activity.title,
        kind=activity.kind,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        all_day=activity.all_day,
        assumed_ends_at=activity.span.end,
        organiser_unit_id=activity.organiser_unit_id,
        organiser_unit_name=unit.name if unit else "",
        state=activity.state,
        visibility=activity.visibility,
        place=None,
        participants=[_participant(line, caller) for line in activity.attendees],
        resource_ids=[item.resource_id for item in activity.equipment],
        resources=resources_of(activity, caller),
        series_id=activity.series_id,
        travel_minutes_before=activity.travel_before,
        travel_minutes_after=activity.travel_after,
        created_at=activity.created_at,
        updated_at=activity.updated_at,
        version=activity.version,
    )


def _participant(line: Attendee, caller: Caller) -> Participant:
    position = caller.org.position(line.position_id)
    return Participant(
        position_id=line.position_id,
        code=position.code if position else "",
        title=position.title if position else "",
        unit_name=position.unit_name if position else "",
        person=_person(line.person_id, caller),
        role=line.role,
        response=line.response,
        represented_by=line.represented_by,
        represents=line.represents,
        note=line.note,
        standing=line.standing,
        kept_by_me=line.position_id in caller.kept,
    )


def _person(person_id: UUID | None, caller: Caller) -> PersonRef | None:
    person = caller.org.person(person_id)
    if person is None:
        return None
    return PersonRef(person_id=person.person_id, name=person.name)
