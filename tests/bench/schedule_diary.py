"""What a regency of 500 offices has on: made up, day by day, without a database.

A working day is cut into stretches, and within one an office and a room sit in one
meeting at most: nobody is promised twice. Everything follows from the day, so that two
diaries are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from contracts.codec import ZONE
from contracts.schedule import ActivityKind, ActivityState
from tests.bench.schedule_regency import LEADERS, OFFICES, unit_of

ROOMS, VEHICLES = 70, 30
LINES_A_WEEK = 19.3  # of an office, things and wishes included

_FRIDAY = 4
_EARLY = ((8, 0, 60), (9, 0, 90))
_LATE = ((13, 30, 90), (15, 0, 60))
_STRETCHES = {
    False: (*_EARLY, (10, 30, 90), (12, 30, 60), *_LATE),
    True: (*_EARLY, *_LATE),  # Friday prayer
}
_SIZES, _OFTEN = (1, 2, 3, 4, 6, 8), (25, 20, 20, 15, 12, 8)
_BUSY, _BUSY_LEADERS = 0.56, 0.8
_AWAY, _OPEN, _CANCELLED, _MIXED, _WITH_THING = 0.03, 0.08, 0.03, 0.15, 0.35
_AWAY_DAYS = 3
_KINDS = (ActivityKind.RAPAT, ActivityKind.RAPAT, ActivityKind.UNDANGAN)
_MORE_KINDS = (ActivityKind.SOSIALISASI, ActivityKind.KUNJUNGAN, ActivityKind.AUDIENSI)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Its first office is the host; `guest`: the last one is invited only."""

    starts_at: datetime
    ends_at: datetime
    travel: int  # minutes, on both sides
    state: ActivityState
    kind: ActivityKind
    offices: tuple[int, ...]
    guest: bool
    thing: int | None  # a room or, from ROOMS on, a vehicle

    @property
    def unit(self) -> int:
        return unit_of(self.offices[0])


def weeks_for(lines: int, offices: int) -> int:
    return max(1, round(lines / (offices * LINES_A_WEEK)))


def diary(monday: date, weeks: int, offices: int = OFFICES) -> Iterator[list[Meeting]]:
    """A list a week, `monday` in the middle, of the first `offices` offices."""
    first = monday - timedelta(weeks=weeks // 2)
    for number in range(weeks):
        yield list(_week(first + timedelta(weeks=number), offices))


def _week(monday: date, offices: int) -> Iterator[Meeting]:
    dice = Random(monday.toordinal())
    away = {office for office in range(offices) if dice.random() < _AWAY}
    for office in sorted(away):
        yield _journey(monday, office)
    for weekday in range(5):
        there = [
            office
            for office in range(offices)
            if weekday >= _AWAY_DAYS or office not in away
        ]
        day = monday + timedelta(days=weekday)
        for stretch in _STRETCHES[weekday == _FRIDAY]:
            yield from _stretch(dice, day, stretch, there)


def _journey(monday: date, office: int) -> Meeting:
    return Meeting(
        starts_at=_at(monday, time(6)),
        ends_at=_at(monday + timedelta(days=_AWAY_DAYS - 1), time(22)),
        travel=0,
        state=ActivityState.CONFIRMED,
        kind=ActivityKind.DINAS_LUAR,
        offices=(office,),
        guest=False,
        thing=None,
    )


def _stretch(
    dice: Random, day: date, stretch: tuple[int, int, int], there: list[int]
) -> Iterator[Meeting]:
    """What is on in a part of a day, and what else somebody would like to have."""
    start = _at(day, time(*stretch[:2]))
    things = dice.sample(range(ROOMS + VEHICLES), ROOMS + VEHICLES)
    for group in _groups(dice, there):
        busy = _BUSY_LEADERS if group[0] < LEADERS else _BUSY
        if dice.random() >= busy:
            continue
        state = ActivityState.CONFIRMED
        if dice.random() < _CANCELLED:
            state = ActivityState.CANCELLED
        thing = things.pop() if things and dice.random() < _WITH_THING else None
        yield _meeting(dice, start, stretch[2], group, state, thing)
    for group in _groups(dice, there):
        if dice.random() < _OPEN:
            open_ = (ActivityState.TENTATIVE, ActivityState.PROPOSED)
            state = dice.choice(open_)
            yield _meeting(dice, start, stretch[2], group, state, None)


def _groups(dice: Random, there: list[int]) -> Iterator[tuple[int, ...]]:
    """Everybody once; most sit with their own agency, some with anybody's."""
    mixed = [office for office in there if dice.random() < _MIXED]
    apart = set(mixed)
    by_unit: dict[int, list[int]] = {}
    for office in there:
        if office not in apart:
            by_unit.setdefault(unit_of(office), []).append(office)
    for table in [mixed, *by_unit.values()]:
        dice.shuffle(table)
        place = 0
        while place < len(table):
            size = dice.choices(_SIZES, _OFTEN)[0]
            yield tuple(table[place : place + size])
            place += size


def _meeting(
    dice: Random,
    start: datetime,
    minutes: int,
    group: Sequence[int],
    state: ActivityState,
    thing: int | None,
) -> Meeting:
    """Travel lies within the stretch, so that nobody is late for the next one."""
    travel = 15 if dice.random() < 0.2 else 0
    shorter = 0 if travel else dice.choice((0, 0, 15, 30))
    return Meeting(
        starts_at=start + timedelta(minutes=travel),
        ends_at=start + timedelta(minutes=minutes - travel - shorter),
        travel=travel,
        state=state,
        kind=dice.choice(_KINDS if dice.random() < 0.8 else _MORE_KINDS),
        offices=tuple(group),
        guest=len(group) > 1 and dice.random() < 0.25,
        thing=thing,
    )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE)
