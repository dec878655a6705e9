"""An office changed hands: its future lines move to who holds it now.

Who holds a position on a date is a question to the organisation; what was bound is
a column. The difference is looked for everywhere when the organisation changed and, to
be sure, every five minutes in what was written lately: by a process, perhaps, that had
not heard of the change. Of two lines that clash then, the later confirmed one is
displaced.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts.schedule import ActivityState, Standing
from contracts.schedule_events import ActivityChanged
from services.schedule import tables
from services.schedule.bookings import Displaced
from services.schedule.domain.activity import Activity
from services.schedule.domain.lines import Line, with_standing
from services.schedule.events import publish
from services.schedule.placing import Lines, note_standings, prepare
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.use_cases.overriding import tell_displaced

_AHEAD = (
    ActivityState.PROPOSED.value,
    ActivityState.TENTATIVE.value,
    ActivityState.CONFIRMED.value,
)

_NOTHING = UUID(int=0)
_PAGE = 1000


def find_stale(
    session: Session, org: Organisation, now: datetime, written: datetime | None = None
) -> list[UUID]:
    """Activities still to come in which somebody else now holds an office; given
    `written`, only of those written since.

    Read in pages, so that a long look never keeps the process from its calls.
    """
    stale: dict[UUID, None] = {}
    holder_at = _holders(org, now)
    after = (now, _NOTHING, _NOTHING)
    while rows := session.execute(_page(after, written)).all():
        for activity_id, position_id, person_id, starts_at in rows:
            if person_id != holder_at(position_id, starts_at):
                stale[activity_id] = None
        after = (rows[-1].starts_at, rows[-1].activity_id, rows[-1].position_id)
    return list(stale)


def _holders(
    org: Organisation, now: datetime
) -> Callable[[UUID, datetime], UUID | None]:
    """`_holder` from now on. Of most offices nothing is known that would change it:
    asked once, not for each of a million lines."""
    steady: dict[UUID, UUID | None] = {}
    changing: set[UUID] = set()

    def holder_at(position_id: UUID, at: datetime) -> UUID | None:
        if position_id in steady:
            return steady[position_id]
        if position_id not in changing:
            if org.unchanging(position_id, now):
                steady[position_id] = _holder(org, position_id, now)
                return steady[position_id]
            changing.add(position_id)
        return _holder(org, position_id, at)

    return holder_at


def _page(
    after: tuple[datetime, UUID, UUID], written: datetime | None
) -> sa.Select[Any]:
    line, head = tables.participant.c, tables.activity.c
    place = (head.starts_at, head.activity_id, line.position_id)
    lately = () if written is None else (head.updated_at >= written,)
    return (
        sa.select(line.activity_id, line.position_id, line.person_id, head.starts_at)
        .join(tables.activity, head.activity_id == line.activity_id)
        .where(sa.tuple_(*place) > after, head.state.in_(_AHEAD))
        .where(head.starts_at >= after[0], *lately)
        .order_by(*place)
        .limit(_PAGE)
    )


def rebind_activity(uow: UnitOfWork, org: Organisation, activity_id: UUID) -> bool:
    """Move the lines of offices that changed hands; False when none had."""
    activity = uow.activities.get(activity_id, lock=True)
    moved = frozenset(
        line.position_id
        for line in activity.attendees
        if line.person_id != _holder(org, line.position_id, activity.starts_at)
    )
    if activity.state.value not in _AHEAD or not moved:
        return False
    lines = prepare(uow, activity, org, taking=True, settled=False, retry=moved)
    uow.bookings.lift(activity_id)
    beaten, winner = _make_room(uow, activity, lines)
    refused = uow.bookings.lay(activity_id, lines)
    if refused:
        raise RuntimeError("lines were laid without their keys locked")
    note_standings(activity, lines)
    activity.touch(uow.clock())
    uow.activities.save(activity)
    publish(uow, org, ActivityChanged, activity, changes=("participants",))
    _tell(uow, org, activity, lines, beaten, winner)
    return True


def _holder(org: Organisation, position_id: UUID, at: datetime) -> UUID | None:
    holder = org.holder(position_id, at)
    return holder.person_id if holder else None


def _make_room(
    uow: UnitOfWork, activity: Activity, lines: Lines
) -> tuple[list[Displaced], UUID | None]:
    """Per key, who came first stays: ours gives way, or the others do."""
    spans = {key: line.span for key, line in lines.items() if line.binds}
    winner: UUID | None = None
    younger: set[int] = set()
    for rival in uow.bookings.rivals(activity.activity_id, spans):
        if rival.since <= lines[rival.key].since:
            lines[rival.key] = with_standing(lines[rival.key], Standing.DISPLACED)
            winner = rival.activity_id
        else:
            younger.add(rival.key)
    giving_way = {key: spans[key] for key in younger if lines[key].binds}
    return uow.bookings.displace(activity.activity_id, giving_way), winner


def _tell(
    uow: UnitOfWork,
    org: Organisation,
    activity: Activity,
    lines: Lines,
    beaten: list[Displaced],
    winner: UUID | None,
) -> None:
    tell_displaced(uow, org, beaten, cause="assignment", by=activity.activity_id)
    if winner is not None:
        own = [_lost(activity, line) for line in lines.values() if _displaced(line)]
        tell_displaced(uow, org, own, cause="assignment", by=winner)


def _displaced(line: Line) -> bool:
    return line.standing is Standing.DISPLACED


def _lost(activity: Activity, line: Line) -> Displaced:
    return Displaced(activity.activity_id, line.position_id, line.resource_id)
