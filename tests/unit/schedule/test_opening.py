"""Bookable hours: what lies within them, over nights and weekends too."""

from __future__ import annotations

import pytest

from contracts.errors import Invalid
from contracts.schedule import OpenHours
from services.schedule.domain.opening import is_open, require_coherent
from services.schedule.domain.slots import Claim, nearest
from services.schedule.domain.span import Span
from tests.unit.schedule.offices import NOW, at

THURSDAY, FRIDAY = 4, 5


def hours(weekday: int, opens: str, closes: str) -> OpenHours:
    return OpenHours(weekday=weekday, opens=opens, closes=closes)


OFFICE = [hours(day, "08:00", "16:00") for day in range(1, 6)]
ALWAYS = [hours(day, "00:00", "24:00") for day in range(1, 8)]


@pytest.mark.parametrize(
    ("start", "end", "open_"),
    [(8, 16, True), (9, 10, True), (7.5, 9, False), (15, 16.5, False), (9, 33, False)],
)
def test_office_hours_hold_what_lies_within_one_day(
    start: float, end: float, open_: bool
) -> None:
    assert is_open(OFFICE, Span(at(start), at(end))) is open_


def test_no_hours_mean_always_and_full_days_join() -> None:
    week = Span(at(9), at(9, day=7))

    assert is_open([], week)
    assert is_open(ALWAYS, week)
    assert not is_open(ALWAYS[:3], week)


def test_stretches_that_touch_are_one() -> None:
    split = [hours(THURSDAY, "12:00", "16:00"), hours(THURSDAY, "08:00", "12:00")]

    assert is_open(split, Span(at(9), at(15)))
    assert not is_open(split, Span(at(9, 1), at(10, 1)))


def test_a_stretch_ends_after_it_begins() -> None:
    with pytest.raises(Invalid) as caught:
        require_coherent([*OFFICE, hours(FRIDAY, "10:00", "10:00")])

    assert caught.value.errors[0]["field"] == "/bookable_hours/5/closes"


def test_suggested_slots_lie_within_the_hours_of_the_room() -> None:
    afternoon = tuple(hours(day, "14:00", "16:00") for day in range(1, 6))

    found = nearest(Span(at(9), at(10)), [Claim(1), Claim(2, hours=afternoon)], {}, NOW)

    assert found
    assert all(is_open(afternoon, slot) for slot in found)
