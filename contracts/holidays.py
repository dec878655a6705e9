"""Days off of the regency, as letters and schedule count working days: pure data.

National holidays and joint leave (*cuti bersama*) of 2026 after the joint decree of
the three ministers; holidays with a fixed date hold in every year. A new year's
decree is a table more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

SATURDAY = 5
DECREED_YEARS = frozenset({2026})

_FIXED = {
    (1, 1): ("Tahun Baru Masehi", "New Year's Day"),
    (5, 1): ("Hari Buruh Internasional", "Labour Day"),
    (6, 1): ("Hari Lahir Pancasila", "Pancasila Day"),
    (8, 17): ("Proklamasi Kemerdekaan", "Independence Day"),
    (12, 25): ("Kelahiran Yesus Kristus (Natal)", "Christmas Day"),
}

_MOVING_2026 = {
    (1, 16): ("Isra Mikraj Nabi Muhammad saw.", "Ascension of the Prophet"),
    (2, 17): ("Tahun Baru Imlek 2577 Kongzili", "Lunar New Year"),
    (3, 19): ("Hari Suci Nyepi Tahun Baru Saka 1948", "Day of Silence"),
    (3, 21): ("Idulfitri 1447 Hijriah", "Eid al-Fitr"),
    (3, 22): ("Idulfitri 1447 Hijriah (hari kedua)", "Eid al-Fitr, second day"),
    (4, 3): ("Wafat Yesus Kristus", "Good Friday"),
    (4, 5): ("Kebangkitan Yesus Kristus (Paskah)", "Easter Sunday"),
    (5, 14): ("Kenaikan Yesus Kristus", "Ascension Day"),
    (5, 27): ("Iduladha 1447 Hijriah", "Eid al-Adha"),
    (5, 31): ("Hari Raya Waisak 2570 BE", "Vesak"),
    (6, 16): ("Tahun Baru Islam 1448 Hijriah", "Islamic New Year"),
    (8, 25): ("Maulid Nabi Muhammad saw.", "Birthday of the Prophet"),
}

_JOINT_LEAVE_2026 = {
    (2, 16): ("Cuti bersama Imlek", "Joint leave, Lunar New Year"),
    (3, 18): ("Cuti bersama Nyepi", "Joint leave, Day of Silence"),
    (3, 20): ("Cuti bersama Idulfitri", "Joint leave, Eid al-Fitr"),
    (3, 23): ("Cuti bersama Idulfitri", "Joint leave, Eid al-Fitr"),
    (3, 24): ("Cuti bersama Idulfitri", "Joint leave, Eid al-Fitr"),
    (5, 15): ("Cuti bersama Kenaikan Yesus Kristus", "Joint leave, Ascension Day"),
    (5, 28): ("Cuti bersama Iduladha", "Joint leave, Eid al-Adha"),
    (12, 24): ("Cuti bersama Natal", "Joint leave, Christmas"),
}


class DayOff(NamedTuple):
    date: date
    label_id: str
    label_en: str
    joint_leave: bool


def days_off(year: int) -> list[DayOff]:
    """The days off known for a year, in order."""
    return sorted(_days_off(year))


def _days_off(year: int) -> Iterator[DayOff]:
    known = {**_FIXED, **(_MOVING_2026 if year == 2026 else {})}
    for (month, day), names in known.items():
        yield DayOff(date(year, month, day), *names, joint_leave=False)
    for (month, day), names in (_JOINT_LEAVE_2026 if year == 2026 else {}).items():
        yield DayOff(date(year, month, day), *names, joint_leave=True)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and nobody is off."""
    if day.weekday() >= SATURDAY:
        return False
    key = (day.month, day.day)
    moving = day.year == 2026 and (key in _MOVING_2026 or key in _JOINT_LEAVE_2026)
    return key not in _FIXED and not moving
