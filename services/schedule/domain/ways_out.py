"""Ways out of a collision: another time, somebody else, a shorter one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chassis.organisation import Organisation
from contracts.directory import Position
from services.schedule.domain.activity import Activity, ask_again
from services.schedule.domain.keepers import Caller, foreign_to, may_change
from services.schedule.domain.lines import Bookable, bookable_of
from services.schedule.domain.slots import Busy, Claim, nearest
from services.schedule.domain.span import Span
from services.schedule.domain.transitions import TABLE, Act

SHORTEST = timedelta(minutes=30)
MOST_CANDIDATES = 8


def another_time(
    wanted: Span, claims: Sequence[Claim], busy: Busy, now: datetime
) -> Span | None:
    """The nearest time at which everybody and everything is free."""
    return next(iter(nearest(wanted, claims, busy, now, count=1)), None)


def shortened(wanted: Span, claims: Iterable[Claim], busy: Busy) -> Span | None:
    """What is left before the first or after the last that is in the way, if that is
    half of it at least: less is another meeting."""
    met = [
        (claim, taken)
        for claim, claimed in [(claim, claim.span(wanted)) for claim in claims]
        for taken in busy.get(claim.key, ())
        if claimed.overlaps(taken)
    ]
    if not met:
        return None
    first = min(taken.start - timedelta(minutes=claim.after) for claim, taken in met)
    last = max(taken.end + timedelta(minutes=claim.before) for claim, taken in met)
    left = [Span(wanted.start, first), Span(last, wanted.end)]
    longest = max(left, key=lambda span: span.length)
    enough = max(SHORTEST, wanted.length / 2)
    return longest if longest.length >= enough else None


def candidates(
    org: Organisation, position: Position, at: datetime
) -> list[tuple[Position, Bookable]]:
    """Who could be sent: the occupied offices directly below, the highest first."""
    below = sorted(
        (row for row in org.positions if row.reports_to == position.position_id),
        key=lambda row: (row.level, row.code),
    )
    found = [
        (row, bookable_of(org, row.position_id, at))
        for row in below
        if org.holder(row.position_id, at) is not None
    ]
    return found[:MOST_CANDIDATES]


def is_free(claimed: Span, taken: Sequence[Span]) -> bool:
    return not any(claimed.overlaps(other) for other in taken)


def may_move(caller: Caller, activity: Activity) -> bool:
    """As the change itself is judged: what binds is moved by who keeps all of it."""
    if Act.UPDATE not in TABLE[activity.state] or not may_change(caller, activity):
        return False
    if not activity.confirmed:
        return True
    lines = [replace(line) for line in activity.attendees]
    ask_again(lines)  # a yes was to the old time
    return not foreign_to(caller, [line for line in lines if line.would_bind])
