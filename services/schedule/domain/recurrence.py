"""The dates of a recurring activity.

Only rules of whole days are taken: at most one occurrence a day, so that no rule
explodes. The rule runs in the far future, where the calendar is the same (it repeats
every 400 years): a rule that never falls on a day again comes to the end of the
calendar there in no time, instead of being searched for eight thousand years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from dateutil.rrule import rrulestr

from contracts.codec import ZONE
from contracts.errors import Invalid, invalid
from contracts.schedule import Recurrence

AHEAD = timedelta(days=731)
LONGEST = timedelta(days=3653)

_FAR = 19 * timedelta(days=146_097)  # 7600 years: the same dates, the same weekdays
_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_MONTHLY = _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
_PARTS = {
    "DAILY": _ALWAYS | {"BYDAY", "BYMONTH"},
    "WEEKLY": _ALWAYS | {"BYDAY"},
    "MONTHLY": _MONTHLY,
    "YEARLY": _MONTHLY | {"BYYEARDAY", "BYWEEKNO"},
}
_PLAIN_DAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*")
_RRULE = "/recurrence/rrule"

_wrong = partial(invalid, _RRULE)


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


def rule_of(starts_at: datetime, wanted: Recurrence) -> Rule:
    """Raises: Invalid about ``/recurrence/…``."""
    if wanted.rrule is None and not wanted.rdates:
        raise _wrong("Isi aturan pengulangan atau tanggalnya")
    _require_near(starts_at, wanted.rdates)
    parts = _parts(wanted.rrule) if wanted.rrule is not None else {}
    rule = Rule(
        starts_at,
        pattern=_pattern(parts) if parts else None,
        count=_number(parts, "COUNT", 4000) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        extra=frozenset(wanted.rdates),
        without=frozenset(wanted.exdates),
    )
    _require_sound(rule)
    return rule


def expand(rule: Rule, start: datetime, end: datetime) -> Expansion:
    """Occurrences in ``[start, end)``, in order, each once."""
    found = {at for at in rule.extra if start <= at < end}
    finished = all(at < end for at in rule.extra)
    for at in _regular(rule):
        if at >= end:
            finished = False
            break
        if at >= start:
            found.add(at)
    return Expansion(tuple(sorted(found - rule.without)), finished)


def _regular(rule: Rule) -> Iterator[datetime]:
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


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if not value or name in parts:
            raise _wrong("Aturan pengulangan tidak terbaca")
        parts[name] = value
    _require_known(parts)
    return parts


def _require_known(parts: dict[str, str]) -> None:
    known = _PARTS.get(parts.get("FREQ", ""))
    if known is None:
        raise _wrong("Pengulangan harus harian, mingguan, bulanan, atau tahunan")
    if foreign := sorted(parts.keys() - known):
        raise _wrong(f"{foreign[0]} tidak berlaku untuk {parts['FREQ']}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _wrong("Pilih COUNT atau UNTIL, tidak keduanya")
    days = parts.get("BYDAY", "MO")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and not _PLAIN_DAYS.fullmatch(days):
        raise _wrong("BYDAY tidak terbaca")


def _pattern(parts: dict[str, str]) -> str:
    """The rule without its end, once the library reads it."""
    if "INTERVAL" in parts:
        _number(parts, "INTERVAL", 1000)
    kept = ((key, parts[key]) for key in parts if key not in ("COUNT", "UNTIL"))
    pattern = ";".join(f"{key}={value}" for key, value in kept)
    try:
        rrulestr(pattern, dtstart=datetime.combine(date(9600, 1, 1), time.min))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise _wrong("Aturan pengulangan tidak terbaca") from error
    return pattern


def _number(parts: dict[str, str], name: str, most: int) -> int:
    text = parts[name]
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        raise _wrong(f"{name} harus antara 1 dan {most}")
    return int(text)


def _until(text: str) -> datetime:
    """A date means all of the local day; without ``Z`` a time is local."""
    shape = "%Y%m%d" if len(text) == len("20261126") else "%Y%m%dT%H%M%S"
    try:
        zone = UTC if text.endswith("Z") else ZONE
        at = datetime.strptime(text.removesuffix("Z"), shape).replace(tzinfo=zone)
    except ValueError as error:
        raise _wrong("UNTIL tidak terbaca") from error
    return datetime.combine(at, time.max, zone) if shape == "%Y%m%d" else at


def _require_near(starts_at: datetime, rdates: list[datetime]) -> None:
    for index, at in enumerate(rdates):
        if not starts_at <= at <= starts_at + LONGEST:
            raise invalid(
                f"/recurrence/rdates/{index}",
                "Tanggal tambahan harus dalam sepuluh tahun sejak mulai",
            )


def _require_sound(rule: Rule) -> None:
    """The first day is the rule's own, and what has an end ends within ten years."""
    first = next(_regular(rule), None)
    if first != rule.starts_at:
        raise _wrong("Waktu mulai tidak jatuh pada pengulangan ini")
    limit = rule.starts_at + LONGEST
    if rule.until is not None and rule.until > limit:
        raise _too_long()
    if rule.count is not None and not expand(rule, limit, limit).finished:
        raise _too_long()


def _too_long() -> Invalid:
    return _wrong("Pengulangan paling lama sepuluh tahun, atau tanpa akhir")
