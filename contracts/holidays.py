"""Days off of the regency, as letters and schedule count working days.

What is decreed is data, one file for both: holidays and joint leave (*cuti bersama*)
after the joint decree of the three ministers, and days of the province or regency. Of
a year that no decree names yet holidays are reckoned, and provisional; those with a
fixed date are certain in every year.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

SATURDAY, FIRST_YEAR = 5, 2026
DEMO = Path(__file__).parents[1] / "deploy" / "demo" / "days_off.csv"
_COLUMNS = frozenset({"date", "name", "kind"})
_FIXED = {
    (1, 1): ("Tahun Baru Masehi", "New Year's Day"),
    (5, 1): ("Hari Buruh Internasional", "Labour Day"),
    (6, 1): ("Hari Lahir Pancasila", "Pancasila Day"),
    (8, 17): ("Proklamasi Kemerdekaan", "Independence Day"),
    (12, 25): ("Kelahiran Yesus Kristus (Natal)", "Christmas Day"),
}


class DayKind(StrEnum):
    NATIONAL = "national"
    JOINT = "joint"
    REGIONAL = "regional"


class DayOff(NamedTuple):
    date: date
    label_id: str
    label_en: str
    kind: DayKind = DayKind.NATIONAL
    provisional: bool = False


class Calendar:
    """The days off of a file, and of the years it does not decree what is reckoned. A
    year is decreed when a national holiday of it is named."""

    def __init__(self, given: Iterable[DayOff]) -> None:
        self._given = sorted(given)
        self.decreed = frozenset(
            each.date.year for each in self._given if each.kind is DayKind.NATIONAL
        )
        self._of_year = lru_cache(maxsize=256)(self._reckon)

    def days_off(self, year: int) -> list[DayOff]:
        """In order; the file's word on a day counts."""
        return list(self._of_year(year).values())

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and nobody is off."""
        return day.weekday() < SATURDAY and day not in self._of_year(day.year)

    def _reckon(self, year: int) -> dict[date, DayOff]:
        known = {} if year in self.decreed else {d.date: d for d in _reckoned(year)}
        known |= {each.date: each for each in self._given if each.date.year == year}
        return dict(sorted(known.items()))


def _reckoned(year: int) -> Iterator[DayOff]:
    # reads the calendars of all the world: not before somebody needs it
    from holidays import country_holidays

    names = country_holidays("ID", years=year, language="id")
    english = country_holidays("ID", years=year, language="en_US")
    for day, name in names.items():
        yield DayOff(day, name, english.get(day, name), provisional=True)
    for (month, number), labels in _FIXED.items():
        yield DayOff(date(year, month, number), *labels)


def read(path: Path) -> Calendar:
    """Of a CSV file with the columns date, name, kind and, if need be, name_en.

    Raises: ValueError, naming the line.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return Calendar(_rows(path.name, csv.DictReader(lines)))


def _rows(name: str, lines: csv.DictReader[str]) -> Iterator[DayOff]:
    if not set(lines.fieldnames or ()) >= _COLUMNS:
        raise ValueError(f"{name}: kolom date, name, dan kind harus ada")
    seen: set[date] = set()
    for row in lines:
        try:
            found = _row({key: (row.get(key) or "").strip() for key in row if key})
        except ValueError as error:
            raise ValueError(f"{name}, baris {lines.line_num}: {error}") from error
        if found.date in seen:
            raise ValueError(
                f"{name}, baris {lines.line_num}: tanggal disebut dua kali"
            )
        seen.add(found.date)
        yield found


def _row(cells: dict[str, str]) -> DayOff:
    if not cells["name"]:
        raise ValueError("nama hari libur kosong")
    english = cells.get("name_en") or cells["name"]
    day, kind = date.fromisoformat(cells["date"]), DayKind(cells["kind"])
    return DayOff(day, cells["name"], english, kind)


_current: list[Calendar] = []


def use(calendar: Calendar) -> None:
    """From now on in this process."""
    _current[:] = [calendar]


def current() -> Calendar:
    """The one in use; until one is given, that of the demo's file."""
    if not _current:
        use(read(DEMO) if DEMO.exists() else Calendar(()))
    return _current[0]


def days_off(year: int) -> list[DayOff]:
    """The days off known for a year, in order."""
    return current().days_off(year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and nobody is off."""
    return current().is_working_day(day)


def prepare() -> None:
    """Before the first call needs it: reckoning the first year takes a third of a
    second, while every other call waits."""
    current().days_off(max(current().decreed, default=FIRST_YEAR) + 1)
