"""Which dates a rule says, and which rules are refused."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import ZONE
from contracts.errors import Invalid
from contracts.schedule import Recurrence
from services.schedule.domain.recurrence import AHEAD, LONGEST, expand, rule_of


def local(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def dates(start: datetime, rrule: str | None, **more: object) -> list[date]:
    rule = rule_of(start, Recurrence(rrule=rrule, **more))  # type: ignore[arg-type]
    found = expand(rule, start, start + LONGEST).starts
    return [at.astimezone(ZONE).date() for at in found]


def test_a_leap_day_comes_every_four_years() -> None:
    assert dates(local(2028, 2, 29), "FREQ=YEARLY;COUNT=2") == [
        date(2028, 2, 29),
        date(2032, 2, 29),
    ]


def test_a_week_runs_over_the_change_of_the_year() -> None:
    assert dates(local(2026, 12, 28), "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3") == [
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 1, 4),
    ]


def test_the_day_is_the_local_one() -> None:
    """07:00 in Makassar is the day before in Greenwich."""
    start = local(2026, 11, 30, 7).astimezone(UTC)

    found = dates(start, "FREQ=WEEKLY;BYDAY=MO;COUNT=2")

    assert found == [date(2026, 11, 30), date(2026, 12, 7)]


def test_the_last_friday_of_the_month() -> None:
    assert dates(local(2027, 1, 29), "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3") == [
        date(2027, 1, 29),
        date(2027, 2, 26),
        date(2027, 3, 26),
    ]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261203", 3),
        ("20261203T090000", 3),
        ("20261203T085959", 2),
        ("20261203T010000Z", 3),
        ("20261203T005959Z", 2),
    ],
)
def test_until_is_inclusive_and_local_unless_it_says_otherwise(
    until: str, last: int
) -> None:
    found = dates(local(2026, 12, 1), f"FREQ=DAILY;UNTIL={until}")

    assert found[-1] == date(2026, 12, last)


def test_dates_are_added_once_and_left_out() -> None:
    start = local(2026, 12, 1)
    added = [local(2026, 12, 2), local(2026, 12, 9)]

    found = dates(
        start, "FREQ=DAILY;COUNT=3", rdates=added, exdates=[local(2026, 12, 3)]
    )

    assert [day.day for day in found] == [1, 2, 9]


def test_without_a_rule_the_dates_are_the_start_and_the_added_ones() -> None:
    found = dates(local(2026, 12, 1), None, rdates=[local(2027, 1, 1)])

    assert found == [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1;UNTIL=20270101",
        "FREQ=DAILY;COUNT=3990",
        "FREQ=YEARLY;COUNT=200",
        "FREQ=YEARLY;UNTIL=22261201",
        "FREQ=DAILY;UNTIL=20261301",
        "FREQ=DAILY;UNTIL=20251201",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYMONTH=3",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=MONTHLY;BYMONTHDAY=x",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=20",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;FREQ=DAILY",
        "DTSTART:20261201\nRRULE:FREQ=DAILY",
        "FREQ=DAILY\nFREQ=WEEKLY",
        "FREQ=",
        "",
        ";;;",
    ],
)
def test_other_rules_are_refused_at_once(rrule: str) -> None:
    began = time.monotonic()

    with pytest.raises(Invalid) as refused:
        dates(local(2026, 12, 1), rrule)

    assert refused.value.errors[0]["field"] == "/recurrence/rrule"
    assert time.monotonic() - began < 1


def test_a_start_that_is_not_on_the_rule_is_refused() -> None:
    with pytest.raises(Invalid):
        dates(local(2026, 12, 1), "FREQ=WEEKLY;BYDAY=MO")


def test_a_rule_that_never_comes_again_costs_nothing() -> None:
    """From the 1 December on, every 1000 days, on Tuesdays: rarely. Never late."""
    began = time.monotonic()

    for rrule in (
        "FREQ=DAILY;INTERVAL=1000;BYDAY=TU",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1;BYDAY=TU",
        "FREQ=YEARLY;INTERVAL=1000",
    ):
        rule = rule_of(local(2026, 12, 1), Recurrence(rrule=rrule))
        expand(rule, rule.starts_at, rule.starts_at + AHEAD)

    assert time.monotonic() - began < 1


_DAYS = st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1)
_RULES = st.one_of(
    st.builds(
        "FREQ={};INTERVAL={}".format,
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        st.integers(1, 9),
    ),
    st.builds(lambda days: f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}", _DAYS),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-31, 31).filter(bool)),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.integers(1, 5), st.just("TU")),
)
_STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)


@settings(deadline=None)
@given(rrule=_RULES, start=_STARTS, out=st.sets(st.integers(0, 20)))
def test_the_dates_are_those_of_the_library(
    rrule: str, start: datetime, out: set[int]
) -> None:
    """Without the journey into the far future, and whatever dates are left out."""
    first = rrulestr(rrule, dtstart=start)[0].replace(tzinfo=ZONE)
    naive = rrulestr(rrule, dtstart=first.replace(tzinfo=None))
    end = first + AHEAD
    said = [
        at.replace(tzinfo=ZONE)
        for at in naive.between(
            first.replace(tzinfo=None),
            end.replace(tzinfo=None) - timedelta(seconds=1),
            inc=True,
        )
    ]
    left_out = [said[index] for index in out if index < len(said)]

    rule = rule_of(first, Recurrence(rrule=rrule, exdates=left_out))
    found = expand(rule, first, end)

    assert list(found.starts) == [at for at in said if at not in left_out]
    assert not found.finished


@settings(deadline=None)
@given(rrule=_RULES, start=_STARTS, cut=st.integers(1, 730))
def test_a_stretch_in_two_parts_is_the_whole(
    rrule: str, start: datetime, cut: int
) -> None:
    first = rrulestr(rrule, dtstart=start)[0].replace(tzinfo=ZONE)
    rule = rule_of(first, Recurrence(rrule=rrule))
    middle, end = first + timedelta(days=cut), first + AHEAD

    parts = (expand(rule, first, middle).starts, expand(rule, middle, end).starts)

    assert parts[0] + parts[1] == expand(rule, first, end).starts
