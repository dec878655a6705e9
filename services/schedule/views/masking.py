"""A hidden activity as somebody sees it who may know only that time is taken.

Who else is in it, who asked for it, who answered how and who is sent instead would tell
what it is about. So only the offices, rooms and vehicles that were asked for are named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from contracts import schedule
from contracts.schedule import Participant
from contracts.schedule_requests import ActivitiesQuery
from services.schedule.domain.activity import Activity, Attendee, Equipment
from services.schedule.domain.keepers import Caller
from services.schedule.domain.slot_request import keeps_thing
from services.schedule.views.resources import thing_of

HIDDEN = "Kegiatan"


@dataclass(frozen=True, slots=True)
class Asked:
    """Offices, rooms and vehicles the reader asked the taken time of."""

    keys: Collection[UUID] = frozenset()

    @classmethod
    def by(cls, query: ActivitiesQuery, caller: Caller) -> Asked:
        named = (query.position_id, query.resource_id, *query.busy_of)
        return cls({key for key in named if key} | _offices(query.unit_id, caller))


NOTHING = Asked()


def _offices(unit_id: UUID | None, caller: Caller) -> set[UUID]:
    if unit_id is None:
        return set()
    units = caller.org.units_below(unit_id) | {unit_id}
    return {row.position_id for row in caller.org.positions if row.unit_id in units}


def answers(shown: schedule.Activity, query: ActivitiesQuery) -> bool:
    """Whether it belongs into the list. What is hidden and takes nothing of what was
    asked for does not: that it were there would tell its organiser, or who declined."""
    asks = query.position_id or query.unit_id or query.resource_id or query.busy_of
    return bool(not (shown.masked and asks) or shown.participants or shown.resources)


def masked(activity: Activity, caller: Caller, asked: Asked) -> schedule.Activity:
    """Taken time. Who keeps one of its rooms must know whose request he answers."""
    keeps = any(keeps_thing(caller, item) for item in activity.equipment)
    unit = caller.org.unit(activity.organiser_unit_id) if keeps else None
    things = [item for item in activity.equipment if _is_shown(item, caller, asked)]
    return schedule.Activity(
        activity_id=activity.activity_id,
        title=HIDDEN,
        kind=schedule.ActivityKind.LAINNYA,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        assumed_ends_at=activity.span.end,
        organiser_unit_id=unit.unit_id if unit else None,
        organiser_unit_name=unit.name if unit else "",
        state=activity.state,
        visibility=activity.visibility,
        place=None,
        participants=[
            _line(line, caller)
            for line in activity.attendees
            if line.claims and line.position_id in asked.keys
        ],
        resource_ids=[item.resource_id for item in things],
        resources=[thing_of(item, caller) for item in things],
        created_at=activity.created_at,
        updated_at=activity.updated_at,
        version=activity.version,
        all_day=activity.all_day,  # it is the time
        masked=True,
    )


def _is_shown(item: Equipment, caller: Caller, asked: Asked) -> bool:
    return item.resource_id in asked.keys or keeps_thing(caller, item)


def _line(line: Attendee, caller: Caller) -> Participant:
    """The office whose time it takes; that it was asked, or is sent, is not told."""
    position = caller.org.position(line.position_id)
    return Participant(
        position_id=line.position_id,
        code=position.code if position else "",
        title=position.title if position else "",
        unit_name=position.unit_name if position else "",
        person=None,
        role=None,
        response=None,
        standing=line.standing,
    )
