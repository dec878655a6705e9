"""A rule that takes over from another: where it begins, what stays, what is new. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec import structs

from contracts.schedule import Recurrence
from services.schedule.domain.activity import Activity
from services.schedule.domain.recurrence import AHEAD, Rule, regular
from services.schedule.domain.rule_text import parts_of, pattern_of, wrong
from services.schedule.domain.span import local_date
from services.schedule.domain.transitions import TABLE, Act

_LONGEST_TEXT = 500  # of `Recurrence.rrule`


def first_of(wanted: Recurrence, start: datetime, now: datetime) -> datetime:
    """Where a rule begins that takes over at `start`: on that day, or on the next one
    it names, at the same hour. Every second week begins with the next, not with that
    after it.

    Raises: Invalid about ``/recurrence/rrule``.
    """
    if wanted.rrule is None:
        return min(wanted.rdates, default=start)
    parts = parts_of(wanted.rrule)
    parts.pop("INTERVAL", None)
    named = (at for at in regular(Rule(start, pattern_of(parts))) if at >= now)
    first = next(named, None)
    if first is None:
        raise wrong("Aturan ini tidak jatuh pada tanggal apa pun")
    if first - now > AHEAD:
        raise wrong("Pengulangan mulai dalam dua tahun dari sekarang")
    return first


def ended(wanted: Recurrence, before: datetime) -> Recurrence:
    """The same rule, with its last date before then."""
    rrule = wanted.rrule
    if rrule is not None:
        last = before.astimezone(UTC) - timedelta(seconds=1)
        parts = {**parts_of(rrule), "UNTIL": f"{last:%Y%m%dT%H%M%SZ}"}
        parts.pop("COUNT", None)
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        rrule = text if len(text) <= _LONGEST_TEXT else rrule
    return structs.replace(
        wanted, rrule=rrule, rdates=[at for at in wanted.rdates if at < before]
    )


def own_date(each: Activity, shift: timedelta) -> datetime:
    """When an occurrence begins by its series, also one that was moved alone. A move
    of those after it shifts the series, and not this one."""
    due = each.occurrence_at or each.starts_at
    return each.starts_at if each.starts_at in (due, due + shift) else due + shift


def is_open(each: Activity, now: datetime) -> bool:
    """It can be called off, and has not begun."""
    return Act.CANCEL in TABLE[each.state] and each.starts_at >= now


@dataclass(frozen=True)
class Plan:
    """What a new rule does to the dates of a series."""

    kept: tuple[tuple[Activity, datetime], ...]  # each with its date in the rule
    off: tuple[Activity, ...]
    made: tuple[datetime, ...]


def plan(
    dated: Iterable[tuple[Activity, datetime]],
    starts: Sequence[datetime],
    fixed: Collection[datetime],
    now: datetime,
) -> Plan:
    """Occurrences with their own dates against the dates of the rule.

    A rule has one date a day: one of another hour of that day is meant by it as well,
    unless the date is `fixed` to its hour, as added ones are.
    """
    left = dict.fromkeys(starts)
    days = {local_date(at): at for at in starts if at not in fixed}
    kept, off = [], []
    for each, own in sorted(dated, key=lambda one: one[1] not in left):
        at = own if own in left else days.get(local_date(own))
        if at is not None and at in left:
            del left[at]
            kept.append((each, at))
        elif is_open(each, now):
            off.append(each)
    return Plan(tuple(kept), tuple(off), tuple(left))
