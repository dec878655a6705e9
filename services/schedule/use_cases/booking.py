"""Lay a changed activity's lines and tell whoever they concern: shared by the acts."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Organisation
from contracts.actor import ActorRef
from contracts.errors import Conflict
from contracts.schedule import ActivityState, Clash, Standing
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, sees
from services.schedule.domain.lines import with_standing
from services.schedule.placing import Lines, lay, note_standings, prepare, warnings
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.overriding import (
    beat,
    tell_displaced,
    tell_overtaken,
)
from services.schedule.views.activities import subject_of

_LOOSE = frozenset({ActivityState.TENTATIVE, ActivityState.PROPOSED})


def place_new(
    uow: UnitOfWork, caller: Caller, activity: Activity, signed: ActorRef
) -> list[Clash]:
    """Store a new activity with its lines; the warnings.

    Raises: Conflict ``schedule_conflict``, ``letter_has_activity``,
    ``external_ref_taken``.
    """
    lines = prepare(uow, activity, caller.org, taking=activity.override is not None)
    add(uow, caller, activity)
    return lay_and_tell(
        uow, caller, activity, lines, signed, overriding=bool(activity.override)
    )


def add(uow: UnitOfWork, caller: Caller, activity: Activity) -> None:
    """A letter has one activity, and so has a name in another application.

    Raises: Conflict ``letter_has_activity``, ``external_ref_taken``.
    """
    if uow.activities.add_if_absent(activity):
        return
    rivals = uow.activities.rivals(activity)
    letter = activity.letter_id
    of_letter = [x for x in rivals if letter is not None and x.letter_id == letter]
    if of_letter:
        raise Conflict("letter_has_activity", activity_id=str(of_letter[0].activity_id))
    if seen := [x for x in rivals if sees(caller, subject_of(x))]:
        raise Conflict("external_ref_taken", activity_id=str(seen[0].activity_id))
    raise Conflict("external_ref_taken")


def place_again(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    signed: ActorRef,
    *,
    taking: bool = True,
    settled: bool = True,
    overriding: bool = False,
    retry: frozenset[UUID] = frozenset(),
) -> list[Clash]:
    """Replace the lines of a locked activity and store it; the warnings.

    Raises: Conflict ``schedule_conflict``.
    """
    lines = prepare(
        uow,
        activity,
        caller.org,
        taking=taking or overriding,
        settled=settled,
        retry=retry,
    )
    uow.activities.save(activity)
    uow.bookings.lift(activity.activity_id)
    return lay_and_tell(uow, caller, activity, lines, signed, overriding=overriding)


def place_what_fits(uow: UnitOfWork, caller: Caller, activity: Activity) -> list[Clash]:
    """Like `place_again`, after an act that may not be refused for the time of another
    whom it concerns: the warnings."""
    lines = lay_what_fits(uow, caller.org, activity, settled=False)
    uow.activities.save(activity)
    return warnings(uow, caller, activity, lines)


def lay_what_fits(
    uow: UnitOfWork, org: Organisation, activity: Activity, *, settled: bool = True
) -> Lines:
    """Whoever is busy keeps what he has: his line here is `blocked`."""
    lines = prepare(uow, activity, org, taking=True, settled=settled)
    uow.bookings.lift(activity.activity_id)
    refused = uow.bookings.lay_what_fits(activity.activity_id, lines)
    blocked = {key: with_standing(lines[key], Standing.BLOCKED) for key in refused}
    uow.bookings.lay_what_fits(activity.activity_id, blocked)
    lines |= blocked
    note_standings(activity, lines)
    return lines


def lay_and_tell(
    uow: UnitOfWork,
    caller: Caller,
    activity: Activity,
    lines: Lines,
    signed: ActorRef,
    *,
    overriding: bool = False,
) -> list[Clash]:
    """Put down prepared lines of a stored activity; the warnings.

    Raises: Conflict ``schedule_conflict``.
    """
    beaten = beat(uow, activity, lines) if overriding else []
    lay(uow, caller, activity, lines)
    found = warnings(uow, caller, activity, lines)
    tell_displaced(
        uow,
        caller.org,
        beaten,
        cause="override",
        by=activity.activity_id,
        actor=signed,
        reason=activity.override.reason if activity.override else None,
    )
    if activity.confirmed:
        overtaken = {clash.activity_id for clash in found if clash.state in _LOOSE}
        tell_overtaken(uow, caller.org, sorted(overtaken), activity, signed)
    return found
