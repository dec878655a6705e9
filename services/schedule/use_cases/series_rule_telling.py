"""Who learns of a new rule: each person once, not once for each of its dates."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contracts.schedule_events import ActivityChanged, ActivityProposed
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, keepers_of, organisers_of
from services.schedule.domain.transitions import OPEN
from services.schedule.events import publish
from services.schedule.placing_series import ManyLines, binding
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.overriding import tell_overtaken
from services.schedule.use_cases.series_planning import NewRule
from services.schedule.views.series_clashes import find_under


def tell(
    uow: UnitOfWork,
    caller: Caller,
    new: NewRule,
    made: Sequence[Activity],
    lines: ManyLines,
    named: Activity,
) -> Activity:
    """The date the message is about: the first that stands by the new rule."""
    standing = [*made, *(each for each, _ in new.plan.kept if each.state in OPEN)]
    about = min(standing, key=lambda each: each.starts_at, default=named)
    signed = caller.signature(about.position_ids)
    gone = {key for each in new.plan.off for key in each.position_ids}
    publish(
        uow,
        caller.org,
        ActivityChanged,
        about,
        signed,
        changes=("recurrence",),
        removed_position_ids=tuple(sorted(gone - set(about.position_ids))),
    )
    if made:
        _ask(uow, caller, made, told=gone | set(about.position_ids))
    if made and made[0].confirmed:
        overtaken = find_under(uow.session, binding(lines))
        tell_overtaken(uow, caller.org, overtaken, made[0], signed)
    return about


def _ask(
    uow: UnitOfWork, caller: Caller, made: Sequence[Activity], *, told: set[UUID]
) -> None:
    """Whose word the new dates wait for, for all of them together."""
    first = made[0]
    asked = {
        key
        for item in first.waiting
        if item.unit_id is not None
        for key in organisers_of(caller.org, item.unit_id)
    }
    if not first.confirmed:
        people = [keepers_of(caller.org, x.position_id) for x in first.binding()]
        asked = asked.union(*people) - told
    if asked:
        publish(
            uow,
            caller.org,
            ActivityProposed,
            first,
            caller.signature(first.position_ids),
            keeper_position_ids=tuple(sorted(asked)),
        )
