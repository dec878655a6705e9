"""What of an activity is published: the only mapping to `contracts.schedule_events`."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import ActorRef
from contracts.schedule import ActivityState, Visibility
from contracts.schedule_events import ActivityFacts, LineFacts
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.keepers import keepers_of, organisers_of
from services.schedule.domain.slot_request import things_asked
from services.schedule.unit_of_work import UnitOfWork

E = TypeVar("E", bound=ActivityFacts)


def publish(
    uow: UnitOfWork,
    org: Organisation,
    kind: type[E],
    activity: Activity,
    actor: ActorRef | None = None,
    **more: Any,
) -> None:
    """One event about the activity as it stands now."""
    uow.publish(
        kind(**{**_facts(activity, org), **more}),
        subject=f"activity/{activity.activity_id}",
        actor=actor,
        sequence=activity.version,
    )


def _facts(activity: Activity, org: Organisation) -> dict[str, Any]:
    hidden = activity.visibility is Visibility.BUSY_ONLY
    creator = activity.created_by
    return {
        "activity_id": activity.activity_id,
        "version": activity.version,
        "title": None if hidden else activity.title,
        "kind": activity.kind,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "state": activity.state,
        "visibility": activity.visibility,
        "organiser_unit_id": activity.organiser_unit_id,
        "place_name": None if hidden or not activity.place else activity.place.name,
        "letter_id": activity.letter_id,
        "participants": _lines(activity),
        "resource_ids": tuple(item.resource_id for item in activity.equipment),
        "keeper_position_ids": _keepers(activity, org),
        "requester_position_id": creator.position and creator.position.position_id,
        "requester_person_id": creator.person and creator.person.person_id,
        "requester_client_id": creator.client and creator.client.client_id,
        "reason": activity.reason,
        "all_day": activity.all_day,
        "dress_code": None if hidden else activity.dress_code,
    }


def _lines(activity: Activity) -> tuple[LineFacts, ...]:
    return tuple(
        LineFacts(
            position_id=line.position_id,
            person_id=line.person_id,
            role=line.role,
            response=line.response,
            represented_by=line.represented_by,
            standing=line.standing,
        )
        for line in activity.attendees
    )


def _keepers(activity: Activity, org: Organisation) -> tuple[UUID, ...]:
    keepers: set[UUID] = set()
    for line in activity.binding():
        keepers |= keepers_of(org, line.position_id)
    for item in _asked(activity):
        if item.unit_id is not None:
            keepers |= organisers_of(org, item.unit_id)
    return tuple(sorted(keepers))


def _asked(activity: Activity) -> list[Equipment]:
    """Things whose keepers must say something: yes to the request, or to what binds."""
    asking = activity.state in (ActivityState.PROPOSED, ActivityState.CANCELLED)
    return (things_asked(activity) if asking else []) or activity.waiting
