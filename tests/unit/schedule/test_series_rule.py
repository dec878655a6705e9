"""A rule that takes over from another, held against a calendar kept by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from contracts.errors import Invalid
from contracts.schedule import ActivityState, Recurrence
from services.schedule.domain.activity import Activity
from services.schedule.domain.recurrence import expand, rule_of
from services.schedule.domain.series_rule import (
    ended,
    first_of,
    is_open,
    own_date,
    plan,
)
from tests.unit.schedule.offices import NOW, activity, at

S = ActivityState


@pytest.mark.parametrize(
    ("rrule", "begins"),
    [
        ("FREQ=WEEKLY", at(9)),
        ("FREQ=WEEKLY;BYDAY=TU", at(9, 5)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", at(9, 5)),
        ("FREQ=DAILY;INTERVAL=3", at(9)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", at(9, 4)),
        ("FREQ=MONTHLY;INTERVAL=6;BYDAY=1FR", at(9, 8)),
    ],
)
def test_a_rule_begins_on_the_next_day_it_names(rrule: str, begins: datetime) -> None:
    wanted = Recurrence(rrule=rrule)

    assert first_of(wanted, at(9), NOW) == begins
    assert expand(rule_of(begins, wanted), at(0), at(0, 40)).starts[0] == begins


def test_what_is_over_today_begins_another_day() -> None:
    wanted = Recurrence(rrule="FREQ=WEEKLY;BYDAY=TH,FR")

    assert first_of(wanted, at(9), at(9.5)) == at(9, 1)


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
        "FREQ=HOURLY",
    ],
)
def test_a_rule_that_never_falls_or_not_soon_is_refused(rrule: str) -> None:
    with pytest.raises(Invalid) as found:
        first_of(Recurrence(rrule=rrule), at(9), NOW)

    assert found.value.errors[0]["field"] == "/recurrence/rrule"


@pytest.mark.parametrize("end", ["", ";COUNT=40", ";UNTIL=20280101"])
def test_a_rule_is_ended_before_a_date(end: str) -> None:
    wanted = Recurrence(rrule=f"FREQ=WEEKLY{end}", rdates=[at(15), at(15, 30)])

    found = rule_of(at(9), ended(wanted, at(9, 21)))

    assert expand(found, at(0), at(0, 400)).starts == (
        at(9),
        at(15),
        at(9, 7),
        at(9, 14),
    )


def test_the_own_date_of_what_was_moved_alone_or_with_others() -> None:
    hour = timedelta(hours=1)
    for starts, shift, own in (
        (at(9), hour, at(9)),  # those after it were moved
        (at(10), hour, at(10)),
        (at(14, 3), hour, at(10)),
        (at(14), timedelta(), at(9)),
    ):
        one = activity(starts_at=starts, ends_at=None, occurrence_at=at(9))
        assert own_date(one, shift) == own


# ---- the model --------------------------------------------------------------------

dates = st.lists(
    st.tuples(
        st.integers(0, 27),
        st.sampled_from([S.CONFIRMED, S.CONFIRMED, S.CANCELLED, S.POSTPONED]),
        st.sampled_from([0, 0, 4, 30]),  # hours by which it was moved alone
    ),
    unique_by=lambda one: one[0],
    min_size=1,
    max_size=12,
)


def _made(number: int, day: int, state: ActivityState, by: int) -> Activity:
    return activity(
        activity_id=UUID(int=number + 1),
        starts_at=at(9 + by, day),
        ends_at=at(10 + by, day),
        state=state,
        occurrence_at=at(9, day),
    )


@settings(max_examples=300, deadline=None)
@given(
    old=dates,
    weekdays=st.sets(st.sampled_from(range(7)), min_size=1),
    left_out=st.integers(0, 27),
    hour=st.sampled_from([9, 9, 13]),
    now=st.integers(-2, 20),
)
def test_every_date_is_kept_called_off_or_made_as_by_hand(
    old: list[tuple[int, ActivityState, int]],
    weekdays: set[int],
    left_out: int,
    hour: int,
    now: int,
) -> None:
    rows = [_made(number, *one) for number, one in enumerate(old)]
    named = {
        day: at(hour, day)
        for day in range(28)
        if at(0, day).weekday() in weekdays and day != left_out
    }

    found = plan(
        [(row, at(9, day)) for row, (day, _, _) in zip(rows, old, strict=True)],
        list(named.values()),
        [],
        at(0, now),
    )

    taken = {day for day, _, _ in old}
    kept = {row.activity_id: at_ for row, at_ in found.kept}
    assert set(found.made) == {named[day] for day in named if day not in taken}
    for row, (day, state, _) in zip(rows, old, strict=True):
        assert kept.get(row.activity_id) == named.get(day)
        over = state is S.CANCELLED or row.starts_at < at(0, now)
        assert is_open(row, at(0, now)) == (not over)
        assert (row in found.off) == (day not in named and not over)
    assert len({at_ for _, at_ in found.kept}) == len(found.kept)


def test_an_added_date_is_meant_to_its_hour() -> None:
    nine, two = _made(0, 3, S.CONFIRMED, 0), _made(1, 4, S.CONFIRMED, 5)
    dated = [(nine, at(9, 3)), (two, at(14, 4))]

    found = plan(dated, [at(14, 3), at(14, 4)], [at(14, 3), at(14, 4)], NOW)

    assert [each for each, _ in found.kept] == [two]
    assert (found.off, found.made) == ((nine,), (at(14, 3),))
