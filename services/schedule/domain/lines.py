"""Which lines an activity lays on whose time: who binds, and to what.

A participant's line is bound to the person who holds the position on the activity's
date, an acting official first; a vacant position binds under itself. Somebody who
sits in an activity for two offices lays one line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.organisation import Organisation
from contracts.schedule import ActivityState, Standing
from services.schedule.domain.activity import Activity, Attendee, Equipment
from services.schedule.domain.span import Span
from services.schedule.domain.transitions import LIVE


class BookableKind(StrEnum):
    PERSON = "person"
    POSITION = "position"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True, order=True)
class Bookable:
    """What can be in one place at a time; the database knows it by a number."""

    kind: BookableKind
    ref: UUID


@dataclass(frozen=True, slots=True)
class Line:
    """A claim on a bookable's time. `since` decides who came first."""

    bookable: Bookable
    span: Span
    standing: Standing
    since: datetime
    position_id: UUID | None = None
    resource_id: UUID | None = None

    @property
    def binds(self) -> bool:
        return self.standing is Standing.BINDING


def bookable_of(org: Organisation, position_id: UUID, at: datetime) -> Bookable:
    """Whose time an office's appointment at `at` takes."""
    holder = org.holder(position_id, at)
    if holder is None:
        return Bookable(BookableKind.POSITION, position_id)
    return Bookable(BookableKind.PERSON, holder.person_id)


def resource_bookable(resource_id: UUID) -> Bookable:
    return Bookable(BookableKind.RESOURCE, resource_id)


def lines_of(activity: Activity, org: Organisation) -> list[Line]:
    """Every line of the activity as it should stand, one per bookable."""
    if activity.state not in LIVE:
        return []
    merged: dict[Bookable, Line] = {}
    for line in [*_people(activity, org), *_things(activity)]:
        known = merged.get(line.bookable)
        if known is None or (line.binds and not known.binds):
            merged[line.bookable] = line
    return list(merged.values())


def standing_of(activity: Activity, attendee: Attendee) -> Standing:
    if not activity.confirmed:
        return _UNCONFIRMED.get(activity.state, Standing.PROPOSED)
    return Standing.BINDING if attendee.would_bind else Standing.INVITED


_UNCONFIRMED = {ActivityState.TENTATIVE: Standing.TENTATIVE}


def with_standing(line: Line, standing: Standing) -> Line:
    return replace(line, standing=standing)


def _people(activity: Activity, org: Organisation) -> list[Line]:
    span = activity.span.widened(activity.travel_before, activity.travel_after)
    return [
        Line(
            bookable_of(org, attendee.position_id, activity.starts_at),
            span,
            standing_of(activity, attendee),
            _since(activity, attendee),
            position_id=attendee.position_id,
        )
        for attendee in activity.attendees
        if attendee.claims
    ]


def _since(activity: Activity, attendee: Attendee) -> datetime:
    """An attendance given after the confirmation is as old as itself."""
    confirmed_at = activity.confirmed_at or activity.updated_at
    return max(confirmed_at, attendee.decided_at or confirmed_at)


def _things(activity: Activity) -> list[Line]:
    span = activity.span
    travel = span.widened(activity.travel_before, activity.travel_after)
    return [
        Line(
            resource_bookable(item.resource_id),
            travel if item.travels else span,
            _standing_of_thing(activity, item),
            activity.confirmed_at or activity.updated_at,
            resource_id=item.resource_id,
        )
        for item in activity.equipment
    ]


def _standing_of_thing(activity: Activity, item: Equipment) -> Standing:
    if not activity.confirmed:
        return _UNCONFIRMED.get(activity.state, Standing.PROPOSED)
    return Standing.BINDING if item.approved else Standing.PROPOSED
