"""Lines of many occurrences at once: one lock, one look, one statement.

The keys are locked exclusively before the look, so nothing comes between what was
found free and what is laid; the constraint would refuse it all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from chassis.organisation import Organisation
from contracts.schedule import Standing
from services.schedule.domain.activity import Activity
from services.schedule.domain.lines import Bookable, lines_of, with_standing
from services.schedule.placing import (
    Lines,
    bind,
    bookables_of,
    note_standings,
    unsettled,
)
from services.schedule.unit_of_work import UnitOfWork

ManyLines = dict[UUID, Lines]


def prepare_many(
    uow: UnitOfWork,
    activities: Sequence[Activity],
    org: Organisation,
    *,
    settled: Collection[UUID] | None = None,
) -> ManyLines:
    """Bind the lines of all and lock their keys, those they had before as well.

    `settled`: activities whose displaced and blocked lines may take time again;
    without it all.
    """
    before = {key for activity in activities for key in activity.keys}
    lost = {
        activity.activity_id: unsettled(activity, frozenset())
        for activity in activities
        if settled is not None and activity.activity_id not in settled
    }
    keys = uow.bookings.keys_of(
        {each for activity in activities for each in bookables_of(activity, org)}
    )
    uow.bookings.lock({*keys.values(), *before}, exclusive=True)
    return {
        each.activity_id: _lines(each, org, keys, lost.get(each.activity_id, {}))
        for each in activities
    }


def _lines(
    activity: Activity,
    org: Organisation,
    keys: Mapping[Bookable, int],
    lost: Mapping[int, Standing],
) -> Lines:
    bind(activity, org, keys)
    lines = {keys[line.bookable]: line for line in lines_of(activity, org)}
    for key, standing in lost.items():
        if key in lines and lines[key].binds:
            lines[key] = with_standing(lines[key], standing)
    note_standings(activity, lines)
    return lines


def binding(lines: ManyLines) -> ManyLines:
    """Of each activity only what takes time."""
    return {
        owner: {key: line for key, line in own.items() if line.binds}
        for owner, own in lines.items()
    }


def unbound(lines: ManyLines) -> ManyLines:
    """Of each activity what takes no time."""
    return {
        owner: {key: line for key, line in own.items() if not line.binds}
        for owner, own in lines.items()
    }


def without(lines: ManyLines, left_out: Iterable[UUID]) -> ManyLines:
    gone = set(left_out)
    return {owner: own for owner, own in lines.items() if owner not in gone}
