"""The dates of a recurring activity.

Only rules of whole days are taken: at most one occurrence a day, so that no rule
explodes. The rule runs in the far future, where the calendar is the same (it repeats
every 400 years): a rule that never falls on a day again comes to the end of the
calendar there in no time, instead of being searched for eight thousand years.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dateutil.rrule import rrulestr

from contracts.codec import ZONE
from contracts.errors import Invalid, invalid
from contracts.schedule import Recurrence
from services.schedule.domain.rule_text import (
    number_of,
    parts_of,
    pattern_of,
    until_of,
    wrong,
)

AHEAD = timedelta(days=731)
LONGEST = timedelta(days=3653)

_FAR = 19 * timedelta(days=146_097)  # 7600 years: the same dates, the same weekdays


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked recurrence."""

    starts_at: datetime
    pattern: str | None = None  # without its end
    count: int | None = None
    until: datetime | None = None
    extra: frozenset[datetime] = frozenset()
    without: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Expansion:
    """Occurrences of a stretch of time; `finished`: none comes after it."""

    starts: tuple[datetime, ...]
    finished: bool


def rule_of(
    starts_at: datetime, wanted: Recurrence, *, since: datetime | None = None
) -> Rule:
    """`since`: where dates may be added from, when that is before the start.

    Raises: Invalid about ``/recurrence/…``.
    """
    if wanted.rrule is None and not wanted.rdates:
        raise wrong("Isi aturan pengulangan atau tanggalnya")
    _require_near(since or starts_at, wanted.rdates)
    parts = parts_of(wanted.rrule) if wanted.rrule is not None else {}
    rule = Rule(
        starts_at,
        pattern=pattern_of(parts) if parts else None,
        count=number_of(parts, "COUNT", 4000) if "COUNT" in parts else None,
        until=until_of(parts["UNTIL"]) if "UNTIL" in parts else None,
        extra=frozenset(wanted.rdates),
        without=frozenset(wanted.exdates),
    )
    _require_sound(rule)
    return rule


def expand(rule: Rule, start: datetime, end: datetime) -> Expansion:
    """Occurrences in ``[start, end)``, in order, each once."""
    found = {at for at in rule.extra if start <= at < end}
    finished = all(at < end for at in rule.extra)
    for at in regular(rule):
        if at >= end:
            finished = False
            break
        if at >= start:
            found.add(at)
    return Expansion(tuple(sorted(found - rule.without)), finished)


def regular(rule: Rule) -> Iterator[datetime]:
    """What the rule itself says, without additions and exceptions."""
    if rule.pattern is None:
        yield rule.starts_at
        return
    local = rule.starts_at.astimezone(ZONE)
    first = datetime.combine(local.date() + _FAR, time.min)
    for number, day in enumerate(rrulestr(rule.pattern, dtstart=first)):
        at = datetime.combine((day - _FAR).date(), local.time(), ZONE)
        over = rule.until is not None and at > rule.until
        if over or (rule.count is not None and number >= rule.count):
            return
        yield at


def _require_near(starts_at: datetime, rdates: list[datetime]) -> None:
    for index, at in enumerate(rdates):
        if not starts_at <= at <= starts_at + LONGEST:
            raise invalid(
                f"/recurrence/rdates/{index}",
                "Tanggal tambahan harus dalam sepuluh tahun sejak mulai",
            )


def _require_sound(rule: Rule) -> None:
    """The first day is the rule's own, and what has an end ends within ten years."""
    first = next(regular(rule), None)
    if first != rule.starts_at:
        raise wrong("Waktu mulai tidak jatuh pada pengulangan ini")
    limit = rule.starts_at + LONGEST
    if rule.until is not None and rule.until > limit:
        raise _too_long()
    if rule.count is not None and not expand(rule, limit, limit).finished:
        raise _too_long()


def _too_long() -> Invalid:
    return wrong("Pengulangan paling lama sepuluh tahun, atau tanpa akhir")
