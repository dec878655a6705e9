"""Who could go in a participant's stead, already checked for the activity's time.

The rule is that of the answer ``represented``: somebody below in the tree, or kept by
the caller. A superior is never proposed, nor an office whose holder is the same person.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.actor import PersonRef
from contracts.directory import Position
from contracts.errors import Forbidden, NotFound
from contracts.schedule import Clash, Standing
from contracts.schedule_slots import (
    Representative,
    Representatives,
    RepresentativesQuery,
)
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, sees
from services.schedule.domain.lines import Bookable, BookableKind, Line, bookable_of
from services.schedule.domain.transitions import Act, next_state
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.activities import subject_of
from services.schedule.views.clashes import find_clashes

Candidates = dict[Bookable, Position]


def list_representatives(
    uow: UnitOfWork, caller: Caller, activity_id: UUID, query: RepresentativesQuery
) -> Representatives:
    """Raises: NotFound, Forbidden ``not_schedule_keeper``, Conflict
    ``illegal_transition`` when nobody can answer any more."""
    activity = uow.activities.get(activity_id)
    _require_answerable(caller, activity, query.position_id)
    candidates = candidates_of(caller, activity, query.position_id)
    keys = uow.bookings.known_keys(set(candidates))
    span = activity.span.widened(activity.travel_before, activity.travel_after)
    busy = uow.bookings.busy(list(keys.values()), span, activity_id)
    taken = {item for item, key in keys.items() if key in busy}
    ordered = sorted(candidates, key=taken.__contains__)
    shown = ordered[: query.limit]
    laid = {
        keys[item]: Line(
            item,
            span,
            Standing.BINDING,
            caller.now,
            position_id=candidates[item].position_id,
        )
        for item in shown
        if item in taken
    }
    clashes = find_clashes(uow.session, caller, binding=laid, exclude=activity_id)
    return Representatives(
        items=[
            _item(caller, activity, item, candidates[item], clashes, item in taken)
            for item in shown
        ]
    )


def _require_answerable(caller: Caller, activity: Activity, position_id: UUID) -> None:
    line = activity.attendee(position_id)
    if line is None or not sees(caller, subject_of(activity)):
        raise NotFound
    if position_id not in caller.kept:
        raise Forbidden("not_schedule_keeper", position_ids=[str(position_id)])
    next_state(activity.state, Act.RESPOND)


def candidates_of(caller: Caller, activity: Activity, position_id: UUID) -> Candidates:
    """Held offices by rank, each person once, for the highest of his offices."""
    org, at = caller.org, activity.starts_at
    around = (org.below(position_id) | caller.kept) - {position_id}
    rows = [
        position
        for position in map(org.position, around - frozenset(org.above(position_id)))
        if position is not None
    ]
    rows.sort(key=lambda row: (row.level, row.code))
    found: Candidates = {}
    for row in rows:
        found.setdefault(bookable_of(org, row.position_id, at), row)
    found.pop(bookable_of(org, position_id, at), None)
    return {
        item: row for item, row in found.items() if item.kind is BookableKind.PERSON
    }


def _item(
    caller: Caller,
    activity: Activity,
    bookable: Bookable,
    position: Position,
    clashes: Iterable[Clash],
    taken: bool,
) -> Representative:
    person = caller.org.person(bookable.ref)
    line = activity.attendee(position.position_id)
    return Representative(
        position_id=position.position_id,
        code=position.code,
        title=position.title,
        unit_name=position.unit_name,
        person=PersonRef(person_id=bookable.ref, name=person.name if person else ""),
        available=not taken,
        participates=line is not None and line.claims,
        conflicts=[row for row in clashes if row.position_id == position.position_id],
    )
