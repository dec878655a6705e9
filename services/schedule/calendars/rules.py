"""Recurrence rules of strangers, made harmless before anything expands them.

Expanding walks a rule from its start, match or no match, and one that never matches
walks to the year 9999, whatever its UNTIL says. So rules finer than a day are refused,
and each other rule is walked here, no further than the horizon, and replaced by the
dates it gave: the libraries have nothing left to walk. Where a file's rules give more
than we take, all of them are read to the same moment.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import time as stopwatch
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from types import SimpleNamespace
from typing import Any

import dateutil.rrule
from icalendar import vDDDLists

from contracts.errors import invalid
from services.schedule.calendars.occurrence import instant

MOST_RECURRING = 200
EARLIEST_YEAR = 2000
MOST_OCCURRENCES = 500
SECONDS = 4.0  # for all rules of a file
_FINE = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BYSECOND=|BYMINUTE=|BYHOUR=")


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


@dataclass(frozen=True, slots=True)
class _Walked:
    """The dates an event's rule gives in the window, and whether it goes on after."""

    dates: list[date]
    goes_on: bool


class Bounded:
    """Walks the rules of a file, then writes them out as dates of the window."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._window = start, end
        self._start, self._end = _naive(start), _naive(end)
        self._until = stopwatch.monotonic() + SECONDS
        self._rules = 0
        self._walked: dict[int, _Walked] = {}

    def walk(self, event: Any) -> None:
        """Raises: Invalid; ValueError for a rule that is none."""
        if self._added(event) > MOST_OCCURRENCES:
            raise invalid("/rdate", f"Lebih dari {MOST_OCCURRENCES} tanggal")
        rule, start = event.get("RRULE"), event["DTSTART"].dt
        if rule is None:
            return
        self._require_fit(rule, start)
        later = _naive(start) > self._end
        dates, goes_on = ([], True) if later else self._dates(rule, start)
        alike = [_like(start, at) for at in dates]
        self._walked[id(event)] = _Walked(alike, goes_on)

    def write_out(self, events: list[Any]) -> list[tuple[Any, datetime]]:
        """Of walked `events`; those that go on, with the moment they are read until."""
        cut = self._cut(events)
        until = [(event, self._written(event, cut)) for event in events]
        return [(event, at) for event, at in until if at is not None]

    def _written(self, event: Any, cut: datetime | None) -> datetime | None:
        end = self._window[1]
        goes_on = any(_naive(at) > self._end for at in _dates_of(event.get("RDATE")))
        walked = self._walked.get(id(event))
        if walked is None:
            return end if goes_on else None
        kept = [at for at in walked.dates if cut is None or instant(at) < cut]
        del event["RRULE"]
        self._write(event, kept)
        if len(kept) < len(walked.dates):
            return cut
        return end if goes_on or walked.goes_on else None

    def _cut(self, events: list[Any]) -> datetime | None:
        """The first date too many, of all rules together; None when all fit."""
        single = sum(self._touches(event) + self._added(event) for event in events)
        walked = [self._walked[id(one)] for one in events if id(one) in self._walked]
        dates = sorted(instant(at) for one in walked for at in one.dates)
        room = max(0, MOST_OCCURRENCES - single)
        return dates[room] if len(dates) > room else None

    def _touches(self, event: Any) -> bool:
        start, end = self._window
        return instant(event["DTSTART"].dt) <= end and instant(event.end) >= start

    def _added(self, event: Any) -> int:
        added = map(_naive, _dates_of(event.get("RDATE")))
        return sum(self._start <= at <= self._end for at in added)

    @staticmethod
    def _write(event: Any, dates: list[date]) -> None:
        known = event.get("RDATE", [])
        lists = known if isinstance(known, list) else [known]
        event["RDATE"] = [*lists, vDDDLists(dates)] if dates else lists

    def _require_fit(self, rule: Any, start: date) -> None:
        if isinstance(rule, list):
            raise invalid("/rrule", "Lebih dari satu aturan pengulangan")
        if _FINE.search(rule.to_ical().decode().upper()):
            raise invalid("/rrule", "Pengulangan lebih rapat dari harian ditolak")
        if start.year < EARLIEST_YEAR:
            raise invalid("/dtstart", f"Acara berulang dimulai sejak {EARLIEST_YEAR}")
        self._rules += 1
        if self._rules > MOST_RECURRING or stopwatch.monotonic() > self._until:
            raise invalid("/rrule", "Terlalu banyak acara berulang dalam satu berkas")

    def _dates(self, rule: Any, event_start: date) -> tuple[list[datetime], bool]:
        """Of the window, and whether the rule goes on; it counts from its start."""
        count = rule.get("COUNT", [None])[0]
        if count is not None and count < 1:
            raise ValueError("COUNT")
        if rule.get("INTERVAL", [1])[0] < 1:  # the same date, for ever
            raise ValueError("INTERVAL")
        given = rule.get("UNTIL", [None])[0]
        until = _wall(given, event_start) if given is not None else None
        end = min(self._end, until or self._end)
        walked, found = 0, []
        times = _times(rule, _naive(event_start), end)
        for at in islice(times, count):
            walked += 1
            if at >= self._start:
                found.append(at)
        outlasts = until is None or until > self._end
        more = outlasts and (count is None or walked < count)
        return found, more


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
