"""Recurrence rules of strangers, made harmless before anything expands them.

Expanding walks a rule from its start, match or no match, and one that never matches
walks to the year 9999, whatever its UNTIL says. So rules finer than a day are refused,
and each other rule is walked here, no further than the horizon, and replaced by the
dates it gave: the libraries have nothing left to walk.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import time as stopwatch
from datetime import date, datetime, time
from itertools import islice
from types import SimpleNamespace
from typing import Any

import dateutil.rrule
from icalendar import vDDDLists

from contracts.errors import Invalid, invalid

MOST_RECURRING = 200
EARLIEST_YEAR = 2000
MOST_OCCURRENCES = 500
SECONDS = 4.0  # for all rules of a file
_FINE = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYSECOND=|BYMINUTE=|BYHOUR=")
_RULE = re.compile(r"^(?:RRULE|EXRULE)[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_ZONE = re.compile(
    r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_ZONE_BEGIN = re.compile(r"^BEGIN:VTIMEZONE", re.MULTILINE | re.IGNORECASE)
# A day every year has, so that finding it ends.
_ZONE_PART = re.compile(
    r"FREQ=YEARLY|INTERVAL=1|BYMONTH=\d\d?|BYDAY=[-+]?[1-4][A-Z]{2}|WKST=[A-Z]{2}"
    r"|UNTIL=\d{8}(T\d{6}Z?)?"
)
_MOST_ZONES = 50


def _walker() -> Any:
    """A copy of dateutil's rules of our own, whose last year may be set."""
    path = dateutil.rrule.__file__
    spec = importlib.util.spec_from_file_location("dateutil.rrule_of_rakat", path)
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.datetime = SimpleNamespace(**vars(dt))
    return module


_RRULE = _walker()


def require_coarse(unfolded: str) -> None:
    """Before parsing, as a parser may expand the rules of zones already.

    Raises: Invalid.
    """
    for rule in _RULE.findall(unfolded):
        if _FINE.search(rule.upper()):
            raise invalid("/rrule", "Pengulangan lebih rapat dari harian ditolak")
    # Counted first: looking for the ends of thousands that have none takes minutes.
    if len(_ZONE_BEGIN.findall(unfolded)) > _MOST_ZONES:
        raise invalid("/vtimezone", f"Paling banyak {_MOST_ZONES} zona waktu")
    for rule in _RULE.findall("\n".join(_ZONE.findall(unfolded))):
        if not all(map(_ZONE_PART.fullmatch, rule.strip().upper().split(";"))):
            raise invalid("/vtimezone", "Aturan zona waktu ini tidak dikenal")


class Bounded:
    """Writes the rules of a file out as dates of the window, and counts them."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = _naive(start), _naive(end)
        self._until = stopwatch.monotonic() + SECONDS
        self._rules = 0
        self._found = 0

    def write_out(self, event: Any) -> bool:
        """Whether it goes on after the window.

        Raises: Invalid; ValueError for a rule that is none.
        """
        added = _dates_of(event.get("RDATE"))
        goes_on = any(_naive(at) > self._end for at in added)
        rule, start = event.get("RRULE"), event["DTSTART"].dt
        if rule is None:
            return goes_on
        self._require_few(rule)
        if start.year < EARLIEST_YEAR:
            raise invalid("/dtstart", f"Acara berulang dimulai sejak {EARLIEST_YEAR}")
        del event["RRULE"]
        if _naive(start) > self._end:
            return True
        dates, more = self._dates(rule, start)
        self._write(event, [_like(start, at) for at in dates])
        return goes_on or more

    @staticmethod
    def _write(event: Any, dates: list[date]) -> None:
        known = event.get("RDATE", [])
        lists = known if isinstance(known, list) else [known]
        event["RDATE"] = [*lists, vDDDLists(dates)] if dates else lists

    def _require_few(self, rule: Any) -> None:
        self._rules += 1
        late = stopwatch.monotonic() > self._until
        if isinstance(rule, list) or self._rules > MOST_RECURRING or late:
            raise invalid("/rrule", "Terlalu banyak acara berulang dalam satu berkas")

    def _dates(self, rule: Any, event_start: date) -> tuple[list[datetime], bool]:
        """Of the window, and whether the rule goes on; it counts from its start."""
        count = rule.get("COUNT", [None])[0]
        if count is not None and count < 1:
            raise ValueError("COUNT")
        given = rule.get("UNTIL", [None])[0]
        until = _wall(given, event_start) if given is not None else None
        end = min(self._end, until or self._end)
        walked, found = 0, []
        times = _times(rule, _naive(event_start), end)
        for at in islice(times, count):
            walked += 1
            if at >= self._start:
                found.append(at)
                self._count()
        outlasts = until is None or until > self._end
        more = outlasts and (count is None or walked < count)
        return found, more

    def _count(self) -> None:
        self._found += 1
        if self._found > MOST_OCCURRENCES:
            raise too_many()


def too_many() -> Invalid:
    return invalid("/rrule", f"Lebih dari {MOST_OCCURRENCES} acara dalam dua tahun")


def _times(rule: Any, start: datetime, end: datetime) -> Any:
    bare = {key: value for key, value in rule.items() if key not in ("COUNT", "UNTIL")}
    text = type(rule)(bare).to_ical().decode()
    _RRULE.datetime.MAXYEAR = end.year
    return _RRULE.rrulestr(f"{text};UNTIL={end:%Y%m%dT%H%M%S}", dtstart=start)


def _naive(value: date) -> datetime:
    """The wall clock: rules count days there, whatever the zone does."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time.min)


def _dates_of(value: Any) -> list[date]:
    """Of an RDATE, also where it gives periods."""
    lists = value if isinstance(value, list) else [value] if value is not None else []
    times = [each.dt for one in lists for each in one.dts]
    return [at[0] if isinstance(at, tuple) else at for at in times]


def _wall(until: date, start: date) -> datetime:
    """UNTIL on the clock of DTSTART; a mere date takes the whole day in."""
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    zone = getattr(start, "tzinfo", None)
    return _naive(until.astimezone(zone) if zone and until.tzinfo else until)


def _like(start: date, at: datetime) -> date:
    """RFC 5545 wants dates of the same kind as DTSTART."""
    if not isinstance(start, datetime):
        return at.date()
    return at.replace(tzinfo=start.tzinfo)
