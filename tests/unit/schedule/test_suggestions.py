"""Working hours, holidays, and the free slots nearest to a wanted time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.schedule.domain.calendar import (
    holidays,
    is_working_day,
    working_hours,
)
from services.schedule.domain.slots import WANTED, Claim, nearest
from services.schedule.domain.span import Span, local_date
from tests.unit.schedule.offices import NOW, at

HOUR = Span(at(9), at(10))


def test_the_holidays_of_2026() -> None:
    days = holidays(2026)

    assert len([day for day in days if not day.joint_leave]) == 17
    assert len([day for day in days if day.joint_leave]) == 8
    assert len({day.date for day in days}) == len(days)
    assert days == sorted(days, key=lambda day: day.date)
    assert [day.date for day in holidays(2027) if not day.provisional] == [
        date(2027, *key) for key in ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25))
    ]


def test_weekends_holidays_and_joint_leave_are_no_working_days() -> None:
    assert not is_working_day(date(2026, 11, 28))
    assert not is_working_day(date(2026, 12, 24))
    assert not is_working_day(date(2026, 12, 25))
    assert is_working_day(date(2026, 11, 27))


def test_friday_prayer_parts_the_day() -> None:
    before, after = working_hours(date(2026, 11, 27))

    assert (before.end, after.start) == (at(11.5, day=1), at(13.5, day=1))


def test_the_nearest_three_free_slots_in_order_of_time() -> None:
    found = nearest(HOUR, [Claim(1)], {1: [HOUR]}, NOW)

    assert [slot.start for slot in found] == [at(8), at(10), at(10.5)]


def test_a_suggestion_avoids_friday_prayer() -> None:
    friday = Span(at(11, day=1), at(12, day=1))

    found = nearest(friday, [Claim(1)], {1: [friday]}, NOW, count=40)

    prayer = Span(at(11.5, day=1), at(13.5, day=1))
    assert not any(slot.overlaps(prayer) for slot in found)


def test_travel_is_kept_free_for_persons_and_not_for_rooms() -> None:
    busy = {1: [Span(at(11), at(12))], 2: [Span(at(8), at(9))]}
    person, room = Claim(1, before=30, after=30), Claim(2)

    found = nearest(HOUR, [person, room], busy, NOW, count=3)

    assert at(9.5) in [slot.start for slot in found]
    assert at(10) not in [slot.start for slot in found]


def test_nothing_past_is_suggested() -> None:
    found = nearest(HOUR, [], {}, at(13), count=20)

    assert min(slot.start for slot in found) == at(13)


def test_what_is_longer_than_a_day_begins_in_the_morning() -> None:
    journey = Span(at(9), at(9, day=2))

    found = nearest(journey, [], {}, NOW)

    assert {slot.start.astimezone(at(0).tzinfo).hour for slot in found} == {8}


def test_what_is_longer_than_a_friday_stretch_may_lie_over_prayer() -> None:
    long = Span(at(8, day=1), at(15, day=1))

    found = nearest(long, [Claim(1)], {1: [Span(at(8), at(16))]}, NOW, count=1)

    assert found


hours = st.integers(0, 40)
taken = st.lists(
    st.tuples(hours, st.integers(1, 6)).map(
        lambda pair: Span(at(8 + pair[0]), at(8 + pair[0] + pair[1]))
    ),
    max_size=12,
)


@given(first=taken, second=taken, start=st.integers(8, 15))
def test_suggestions_are_free_distinct_and_in_working_hours(
    first: list[Span], second: list[Span], start: int
) -> None:
    wanted = Span(at(start), at(start + 1))
    busy = {1: first, 2: second}

    found = nearest(wanted, [Claim(1), Claim(2)], busy, NOW)

    assert len(found) == len(set(found)) == WANTED
    for slot in found:
        assert slot.length == timedelta(hours=1)
        assert not any(slot.overlaps(span) for span in first + second)
        assert any(
            span.start <= slot.start and slot.end <= span.end
            for span in working_hours(local_date(slot.start))
        )


@settings(max_examples=200, deadline=None)
@given(
    taken=st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 120), st.integers(1, 12)),
        max_size=25,
    ),
    travel=st.tuples(st.sampled_from([0, 15, 30]), st.sampled_from([0, 45])),
    start=st.integers(32, 60),
    length=st.integers(1, 12),
)
def test_slots_are_those_a_naive_search_finds(
    taken: list[tuple[int, int, int]], travel: tuple[int, int], start: int, length: int
) -> None:
    busy: dict[int, list[Span]] = {}
    for who, first, quarters in taken:
        line = Span(at(first / 4), at((first + quarters) / 4))
        busy.setdefault(who, []).append(line)
    claims = [Claim(1, *travel), Claim(2), Claim(3, *travel)]
    wanted = Span(at(start / 4), at((start + length) / 4))

    found = nearest(wanted, claims, busy, NOW, count=10_000)

    everywhere = nearest(wanted, claims, {}, NOW, count=10_000)
    assert found == [
        slot
        for slot in everywhere
        if not any(
            claim.span(slot).overlaps(line)
            for claim in claims
            for line in busy.get(claim.key, ())
        )
    ]
