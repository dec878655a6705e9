"""When things of the demo happen: always told relative to now, in the regency's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.codec import ZONE

_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@dataclass(frozen=True)
class Moments:
    """A story's clock: `now` is when the demo is seeded."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def past(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An office hour `days` working days ago (0 = today, but never later than now)."""
        day = self.workday(-days)
        told = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        return min(told, self.now - timedelta(minutes=2))

    def coming(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour on the working day `days` from today; negative: before it."""
        day = self.workday(days)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)

    def workday(self, distance: int) -> date:
        """The working day so many working days away from today."""
        day, step = self.today, 1 if distance > 0 else -1
        for _ in range(abs(distance)):
            day += timedelta(days=step)
            while day.weekday() > 4:
                day += timedelta(days=step)
        return day


def in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def with_weekday(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {in_words(day)}"
