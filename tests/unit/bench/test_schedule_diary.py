"""The made-up diary promises nobody twice, and is the same each time."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, datetime, timedelta

from contracts.schedule import ActivityState
from tests.bench import schedule_regency as regency
from tests.bench.schedule_diary import LINES_A_WEEK, Meeting, diary, weeks_for

MONDAY = date(2026, 11, 23)
WEEKS = 3


def meetings() -> list[Meeting]:
    return [each for week in diary(MONDAY, WEEKS) for each in week]


def test_no_office_and_no_room_is_promised_twice() -> None:
    taken: dict[object, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in meetings():
        if each.state is not ActivityState.CONFIRMED:
            continue
        travel = timedelta(minutes=each.travel)
        span = (each.starts_at - travel, each.ends_at + travel)
        for office in each.offices:
            taken["office", office].append(span)
        if each.thing is not None:
            taken["thing", each.thing].append(span)
    assert len(taken) > regency.OFFICES
    for spans in taken.values():
        spans.sort()
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_it_is_as_busy_as_reckoned() -> None:
    lines = sum(
        len(each.offices) + (each.thing is not None)
        for each in meetings()
        if each.state is not ActivityState.CANCELLED
    )
    assert abs(lines / (regency.OFFICES * WEEKS) - LINES_A_WEEK) < 1
    assert weeks_for(1_000_000, regency.OFFICES) == 104


def test_two_diaries_are_the_same() -> None:
    assert meetings() == meetings()


def test_every_office_has_its_place() -> None:
    rows = regency.snapshot()
    assert len({row.position_id for row in rows.positions}) == regency.OFFICES == 500
    assert regency.unit_of(regency.registrar_of(12)) == 12
