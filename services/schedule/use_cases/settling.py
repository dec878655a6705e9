"""A letter's activity brought to what all words of the letter together wish.

One's own attendance (or who is sent instead) confirms the activity when it is free.
A busy person's other lines stay as they are: the new line is left out of the
constraint as `blocked`, the giver is told, with free slots nearby.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.ids import new_id
from chassis.organisation import Organisation
from contracts.actor import Actor, ActorRef
from contracts.schedule import (
    ActivityKind,
    ActivityState,
    Clash,
    Place,
    Response,
    Standing,
    Visibility,
)
from contracts.schedule_events import (
    ActivityBlocked,
    ActivityCancelled,
    ActivityChanged,
    ActivityConfirmed,
    ActivityProposed,
)
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, keepers_of_all
from services.schedule.domain.letter_case import (
    LetterSummary,
    Wish,
    Word,
    asks_for_an_activity,
    merge,
    wishes_of,
)
from services.schedule.domain.transitions import Act
from services.schedule.events import publish
from services.schedule.letter_cases import LetterCase
from services.schedule.placing import Lines, alternatives, claims_of
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.acting import take_off
from services.schedule.use_cases.booking import lay_what_fits
from services.schedule.use_cases.creating import hide
from services.schedule.views.clashes import find_clashes

_OPEN = frozenset({ActivityState.PROPOSED, ActivityState.TENTATIVE})

NOBODY = "Tidak ada lagi yang diminta hadir"

Wishes = dict[UUID, Wish]


@dataclass(frozen=True)
class Saying:
    """One event of letters: whose act it was, and what it says."""

    letter_id: UUID
    actor: ActorRef
    words: tuple[Word, ...] = ()

    @property
    def position_ids(self) -> frozenset[UUID]:
        """Whom it is about."""
        named = {word.position_id for word in self.words}
        return frozenset(
            named | {word.represented_by for word in self.words if word.represented_by}
        )


def settle(
    uow: UnitOfWork, org: Organisation, case: LetterCase, saying: Saying
) -> None:
    """Create or change the letter's activity; nothing when it changes nothing."""
    if case.voided:
        return
    wishes = wishes_of(case.words)
    activity = uow.activities.of_letter(saying.letter_id)
    new = activity is None
    if activity is None:
        activity = _propose(uow, case.summary, wishes, saying)
    if activity is None or activity.state is ActivityState.COMPLETED:
        return
    revived = _revive(activity, wishes)
    was_open = activity.state in _OPEN
    keepers = keepers_of_all(org, activity.binding())
    if not merge(activity, wishes) and not new and not revived:
        return
    if not activity.lines and activity.state is not ActivityState.CANCELLED:
        _call_off(uow, org, activity, saying, keepers)
        return
    activity.touch(uow.clock())
    lines = _lay(uow, org, activity, wishes)
    conflicts = _mark_blocked(uow, org, activity, lines)
    uow.activities.save(activity)
    _tell(uow, org, activity, saying, new=new or revived, was_open=was_open)
    _tell_blocked(uow, org, activity, wishes, saying, conflicts)


def _revive(activity: Activity, wishes: Wishes) -> bool:
    """Called off by hand, and then an office decides to come after all; or because
    nobody was asked any more, and now somebody is."""
    if activity.state is not ActivityState.CANCELLED:
        return False
    comes = any(
        wish.response is Response.ATTENDING and wish.at > activity.updated_at
        for wish in wishes.values()
    )
    if not comes and (activity.lines or not asks_for_an_activity(wishes)):
        return False
    activity.state, activity.reason = ActivityState.PROPOSED, None
    return True


def _call_off(
    uow: UnitOfWork,
    org: Organisation,
    activity: Activity,
    saying: Saying,
    keepers: frozenset[UUID],
) -> None:
    """Whoever was to come was taken back, and nobody put in anybody or anything by
    hand: an empty activity would stand there for ever."""
    activity.act(Act.CANCEL, uow.clock(), NOBODY)
    take_off(uow, activity)
    publish(
        uow,
        org,
        ActivityCancelled,
        activity,
        saying.actor,
        cause="nobody_asked",
        keeper_position_ids=tuple(sorted(keepers)),
    )


def _propose(
    uow: UnitOfWork, summary: LetterSummary | None, wishes: Wishes, saying: Saying
) -> Activity | None:
    """A new activity filled from the letter; of none, or of another's hand, that."""
    if summary is None or not asks_for_an_activity(wishes):
        return None
    activity = _filled(uow, summary, saying)
    if uow.activities.add_if_absent(activity):
        return activity
    return uow.activities.of_letter(saying.letter_id)


def _filled(uow: UnitOfWork, summary: LetterSummary, saying: Saying) -> Activity:
    now = uow.clock()
    activity = Activity(
        activity_id=new_id(),
        title=summary.title or "",
        kind=ActivityKind.UNDANGAN,
        starts_at=summary.starts_at,
        ends_at=summary.ends_at,
        organiser_unit_id=summary.organiser_unit_id,
        state=ActivityState.PROPOSED,
        visibility=Visibility.INTERNAL,
        created_by=saying.actor,
        created_at=now,
        updated_at=now,
        place=Place(name=summary.place) if summary.place else None,
        letter_id=saying.letter_id,
        version=0,
        dress_code=summary.dress_code,
        contact=summary.contact,
    )
    if summary.title is None:
        hide(activity)
    return activity


def _lay(
    uow: UnitOfWork, org: Organisation, activity: Activity, wishes: Wishes
) -> Lines:
    attending = {
        position_id
        for position_id, wish in wishes.items()
        if wish.response is Response.ATTENDING
    }
    if activity.state in _OPEN and attending:
        point = uow.session.begin_nested()
        before = activity.state
        activity.state, activity.confirmed_at = ActivityState.CONFIRMED, uow.clock()
        lines = lay_what_fits(uow, org, activity)
        if any(
            line.standing is Standing.BINDING and line.position_id in attending
            for line in activity.attendees
        ):
            point.commit()
            return lines
        point.rollback()
        activity.state, activity.confirmed_at = before, None
    return lay_what_fits(uow, org, activity)


def _mark_blocked(
    uow: UnitOfWork, org: Organisation, activity: Activity, lines: Lines
) -> list[Clash]:
    """What is in the way of lines that should bind, now or once confirmed."""
    wanting = {line.key for line in activity.binding()}
    waiting = {
        key: line for key, line in lines.items() if key in wanting and not line.binds
    }
    stranger = Caller(Actor(), org, uow.clock())
    conflicts = find_clashes(
        uow.session, stranger, binding=waiting, exclude=activity.activity_id
    )
    activity.blocked = bool(conflicts)
    activity.alternatives = []
    if conflicts:
        claims = claims_of(
            activity, {key: lines[key] for key in lines if key in wanting}
        )
        activity.alternatives = alternatives(
            uow, activity.span, claims, uow.clock(), activity.activity_id
        )
    return conflicts


def _tell(
    uow: UnitOfWork,
    org: Organisation,
    activity: Activity,
    saying: Saying,
    *,
    new: bool,
    was_open: bool,
) -> None:
    if activity.confirmed and was_open:
        publish(uow, org, ActivityConfirmed, activity, saying.actor)
    elif new:
        publish(uow, org, ActivityProposed, activity, saying.actor)
    elif activity.state is not ActivityState.CANCELLED:
        publish(
            uow,
            org,
            ActivityChanged,
            activity,
            saying.actor,
            changes=("participants",),
        )


def _tell_blocked(
    uow: UnitOfWork,
    org: Organisation,
    activity: Activity,
    wishes: Wishes,
    saying: Saying,
    conflicts: list[Clash],
) -> None:
    """Whoever just sent somebody busy learns it, with a way out."""
    met = {clash.position_id for clash in conflicts}
    busy = [position_id for position_id in saying.position_ids if position_id in met]
    givers: dict[UUID | None, list[UUID]] = {}
    for position_id in sorted(busy):
        wish = wishes.get(position_id)
        giver = wish.giver_position_id if wish else None
        givers.setdefault(giver, []).append(position_id)
    for giver, blocked in givers.items():
        publish(
            uow,
            org,
            ActivityBlocked,
            activity,
            saying.actor,
            giver_position_id=giver,
            blocked_position_ids=tuple(blocked),
            conflicts=tuple(conflicts),
            alternatives=tuple(activity.alternatives),
        )
