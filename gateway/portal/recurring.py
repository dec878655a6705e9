"""The part of the form that makes an activity recur: as a value, a rule, and dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from contracts.codec import ZONE
from gateway.portal import forms, words

Row = dict[str, Any]

ONCE, DAILY, WEEKLY, FORTNIGHTLY, MONTHLY = (
    "tidak",
    "harian",
    "pekanan",
    "dua-pekan",
    "bulanan",
)
CHOICES: Final = {
    ONCE: "Tidak berulang",
    DAILY: "Setiap hari",
    WEEKLY: "Setiap pekan",
    FORTNIGHTLY: "Dua pekan sekali",
    MONTHLY: "Setiap bulan",
}
ON_CLASH: Final = {"refuse": "Tolak semua", "skip": "Lewati yang bentrok"}
_STEPS: Final = {DAILY: 1, WEEKLY: 7, FORTNIGHTLY: 14}
_RULES: Final = {
    DAILY: "FREQ=DAILY",
    WEEKLY: "FREQ=WEEKLY",
    FORTNIGHTLY: "FREQ=WEEKLY;INTERVAL=2",
    MONTHLY: "FREQ=MONTHLY",
}
EVERY_MONTH: Final = 28  # all months have this day, not all have those after it
SERIES_SECONDS: Final = 20.0  # two years of a daily meeting take a while to book


@dataclass
class Repeat:
    """How often, until which day, and what becomes of dates that clash."""

    every: str = ONCE
    until: str = ""
    on_clash: str = "refuse"

    def __bool__(self) -> bool:
        return self.every != ONCE

    def problems(self, day: str) -> list[forms.Problem]:
        """What the form itself can tell is wrong; `day` is that of the start."""
        if not self:
            return []
        try:
            last = date.fromisoformat(self.until)
        except ValueError:
            return [_problem("Isi tanggal terakhir pengulangan.")]
        if last.isoformat() <= day:
            return [_problem("Pengulangan harus berakhir sesudah tanggal mulai.")]
        return []

    def body(self, day: str) -> Row | None:
        """`recurrence` of ``POST /activities``; there are no problems."""
        if not self:
            return None
        return self.rule(date.fromisoformat(day))

    def rule(self, start: date, more: str = "") -> Row:
        """`recurrence` from that day on, `more` of its parts after the others."""
        rule = f"{_RULES[self.every]}{self._days(start)}"
        until = f";UNTIL={self.until.replace('-', '')}" if self.until else ""
        return {"rrule": f"{rule}{more}{until}", "on_clash": self.on_clash}

    def _days(self, start: date) -> str:
        """A month too short for the day takes its last one, not none at all."""
        if self.every != MONTHLY or start.day <= EVERY_MONTH:
            return ""
        days = ",".join(str(day) for day in range(EVERY_MONTH, start.day + 1))
        return f";BYMONTHDAY={days};BYSETPOS=-1"

    def dates(self, day: str) -> list[date]:
        """The days the rule falls on."""
        start, last = date.fromisoformat(day), date.fromisoformat(self.until)
        if self.every == MONTHLY:
            return list(_monthly(start, last))
        days = range(0, (last - start).days + 1, _STEPS[self.every])
        return [start + timedelta(days=away) for away in days]


def from_form(fields: Mapping[str, str]) -> Repeat:
    """As posted; what the form does not offer means no recurrence."""
    every, on_clash = fields.get("berulang", ONCE), fields.get("bila-bentrok", "")
    return Repeat(
        every=every if every in CHOICES else ONCE,
        until=fields.get("sampai", ""),
        on_clash=on_clash if on_clash in ON_CLASH else "refuse",
    )


def clashing(
    days: Iterable[date], begins: datetime, ends: datetime | None, conflicts: list[Row]
) -> list[date]:
    """Of the days of a series those on which one of `conflicts` is in the way."""
    length = ends - begins if ends else None
    taken = [
        (words.instant(row["starts_at"]), _until(row["starts_at"], row["ends_at"]))
        for row in conflicts
    ]
    found = []
    for day in days:
        start = datetime.combine(day, begins.time(), ZONE)
        end = start + length if length else _midnight(day)
        if any(start < until and since < end for since, until in taken):
            found.append(day)
    return found


def _until(starts_at: str, ends_at: str | None) -> datetime:
    """Until finished: until the day is over at most, as far as a page can tell."""
    return words.instant(ends_at) if ends_at else _midnight(words.day_of(starts_at))


def _midnight(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def _monthly(start: date, last: date) -> Iterator[date]:
    for month in range(start.month - 1, (last.year - start.year) * 12 + last.month):
        year, month_index = start.year + month // 12, month % 12 + 1
        longest = monthrange(year, month_index)[1]
        day = date(year, month_index, min(start.day, longest))
        if day <= last:
            yield day


def _problem(message: str) -> forms.Problem:
    return {"field": "sampai", "message": message}
