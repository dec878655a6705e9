"""An activity's lines onto the schedule: prepared, laid, refused with a way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from chassis.organisation import Organisation
from contracts import codec
from contracts.errors import Conflict
from contracts.schedule import Clash, Resource, Slot, Standing
from services.schedule.domain.activity import UNSETTLED, Activity, Equipment
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import (
    Bookable,
    BookableKind,
    Line,
    bookable_of,
    lines_of,
    resource_bookable,
    with_standing,
)
from services.schedule.domain.slots import (
    FURTHER,
    NO_KEY,
    WANTED,
    Claim,
    Taken,
    around,
    horizon,
)
from services.schedule.domain.span import Span, day_start, local_date
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.clashes import find_clashes

Lines = dict[int, Line]


def prepare(
    uow: UnitOfWork,
    activity: Activity,
    org: Organisation,
    *,
    taking: bool = False,
    settled: bool = True,
    retry: frozenset[UUID] = frozenset(),
) -> Lines:
    """Bind the activity's lines to people and things and lock their keys.

    `taking`: lines will also be taken away (a move, an override): exclusive locks.
    `settled=False`: displaced and blocked lines stay so, except of the positions
    in `retry`.
    """
    lost = unsettled(activity, retry) if not settled else {}
    before = activity.keys
    keys = uow.bookings.keys_of(bookables_of(activity, org))
    bind(activity, org, keys)
    uow.bookings.lock({*keys.values(), *(before if taking else ())}, exclusive=taking)
    lines = {keys[line.bookable]: line for line in lines_of(activity, org)}
    for key, standing in lost.items():
        if key in lines and lines[key].binds:
            lines[key] = with_standing(lines[key], standing)
    note_standings(activity, lines)
    return lines


def bookables_of(activity: Activity, org: Organisation) -> set[Bookable]:
    """Everybody and everything it names."""
    return {
        *(
            bookable_of(org, line.position_id, activity.starts_at)
            for line in activity.attendees
        ),
        *(resource_bookable(item.resource_id) for item in activity.equipment),
    }


def bind(activity: Activity, org: Organisation, keys: Mapping[Bookable, int]) -> None:
    """Note on every line whose time it takes."""
    for line in activity.attendees:
        bound = bookable_of(org, line.position_id, activity.starts_at)
        line.person_id = bound.ref if bound.kind is BookableKind.PERSON else None
        line.key = keys[bound] if line.claims else None
    for item in activity.equipment:
        item.key = keys[resource_bookable(item.resource_id)]


def note_standings(activity: Activity, lines: Mapping[int, Line]) -> None:
    """Copy what was laid back to the activity, for answers and events."""
    for line in activity.lines:
        laid = lines.get(line.key) if line.key is not None else None
        line.standing = laid.standing if laid else None


def lay(uow: UnitOfWork, caller: Caller, activity: Activity, lines: Lines) -> None:
    """Put the lines down, or refuse with what is in the way and free slots nearby.

    Raises: Conflict ``schedule_conflict``.
    """
    if uow.bookings.lay(activity.activity_id, lines):
        raise refusal(uow, caller, activity, lines)


def refusal(
    uow: UnitOfWork, caller: Caller, activity: Activity, lines: Lines
) -> Conflict:
    binding = {key: line for key, line in lines.items() if line.binds}
    conflicts = find_clashes(
        uow.session,
        caller,
        binding=binding,
        exclude=activity.activity_id,
        resources=_resources(uow, activity),
    )
    slots = alternatives(
        uow,
        activity.span,
        claims_of(activity, binding),
        caller.now,
        activity.activity_id,
    )
    return Conflict(
        "schedule_conflict",
        conflicts=codec.dump(conflicts),
        alternatives=codec.dump(slots),
    )


def warnings(
    uow: UnitOfWork, caller: Caller, activity: Activity, lines: Lines
) -> list[Clash]:
    """Overlaps that do not refuse: tentative ones under ours, and whatever binds
    under those of ours that do not."""
    return find_clashes(
        uow.session,
        caller,
        binding={key: line for key, line in lines.items() if not line.binds},
        loose=lines,
        exclude=activity.activity_id,
        resources=_resources(uow, activity),
    )


def claims_of(activity: Activity, lines: Lines) -> list[Claim]:
    """Whose time an alternative must leave free, with the travel it needs."""
    things = {item.key: item for item in activity.equipment}
    never_booked = [item for item in activity.equipment if item.key is None]
    return [
        *(_claim(activity, key, things.get(key)) for key in lines),
        *(_claim(activity, NO_KEY, item) for item in never_booked),
    ]


def _claim(activity: Activity, key: int, item: Equipment | None) -> Claim:
    hours = item.hours if item else ()
    if item is not None and not item.travels:
        return Claim(key, hours=hours)
    return Claim(key, activity.travel_before, activity.travel_after, hours)


def alternatives(
    uow: UnitOfWork,
    wanted: Span,
    claims: list[Claim],
    now: datetime,
    exclude: UUID | None = None,
) -> list[Slot]:
    """The nearest free slots; further away when the next two weeks are full. Of what
    is past, those nearest to now."""
    if wanted.start < now:
        tomorrow = day_start(local_date(now) + timedelta(days=1))
        wanted = wanted.moved_to(tomorrow if wanted.whole_days else now)
    found: list[Span] = []
    for days in FURTHER:
        taken = Taken(uow.bookings.taken(claims, horizon(wanted, days), exclude))
        slots = around(wanted, claims, taken, now, days)
        found += islice(slots, WANTED - len(found))
        if len(found) == WANTED:
            break
    found.sort(key=lambda slot: slot.start)
    return [Slot(starts_at=slot.start, ends_at=slot.end) for slot in found]


def _resources(uow: UnitOfWork, activity: Activity) -> dict[UUID, Resource]:
    return uow.resources.find([item.resource_id for item in activity.equipment])


def unsettled(activity: Activity, retry: frozenset[UUID]) -> dict[int, Standing]:
    """Keys of lines that lost their time, with how they lost it."""
    return {
        line.key: line.standing
        for line in activity.lines
        if line.key is not None
        and line.standing in UNSETTLED
        and getattr(line, "position_id", None) not in retry
    }
