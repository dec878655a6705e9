"""Working hours, Friday prayer and holidays: they shape suggestions, never refusals.

National holidays and joint leave (*cuti bersama*) of 2026 after the joint decree of
the three ministers; holidays with a fixed date hold in every year.
"""

from __future__ import annotations

from datetime import date, datetime, time

from contracts.codec import ZONE
from contracts.schedule import Holiday
from services.schedule.domain.span import Span

MORNING, EVENING = time(8), time(16)
FRIDAY_PRAYER = (time(11, 30), time(13, 30))
FRIDAY, SATURDAY = 4, 5

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


def holidays(year: int) -> list[Holiday]:
    """The days off known for a year, in order."""
    known = {**_FIXED, **(_MOVING_2026 if year == 2026 else {})}
    leave = _JOINT_LEAVE_2026 if year == 2026 else {}
    rows = [_holiday(year, day, names, False) for day, names in known.items()]
    rows += [_holiday(year, day, names, True) for day, names in leave.items()]
    return sorted(rows, key=lambda row: row.date)


def _holiday(
    year: int, day: tuple[int, int], names: tuple[str, str], joint_leave: bool
) -> Holiday:
    on = date(year, *day)
    return Holiday(
        code=on.isoformat(),
        date=on,
        label_id=names[0],
        label_en=names[1],
        joint_leave=joint_leave,
    )


def is_working_day(day: date) -> bool:
    if day.weekday() >= SATURDAY:
        return False
    key = (day.month, day.day)
    moving = day.year == 2026 and (key in _MOVING_2026 or key in _JOINT_LEAVE_2026)
    return key not in _FIXED and not moving


def working_hours(day: date) -> tuple[Span, ...]:
    """The stretches of a day in which a suggestion may lie."""
    if not is_working_day(day):
        return ()
    if day.weekday() == FRIDAY:
        before, after = FRIDAY_PRAYER
        return (_stretch(day, MORNING, before), _stretch(day, after, EVENING))
    return (_stretch(day, MORNING, EVENING),)


def _stretch(day: date, start: time, end: time) -> Span:
    return Span(
        datetime.combine(day, start, ZONE),
        datetime.combine(day, end, ZONE),
    )
