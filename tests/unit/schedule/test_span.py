"""How long an activity claims time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.schedule import ActivityKind
from services.schedule.domain.span import Span, parse_when, span_of, whole_days
from tests.unit.schedule.offices import at

moments = st.integers(0, 48).map(at)


def test_an_open_end_is_held_for_its_kind() -> None:
    assert span_of(ActivityKind.RAPAT, at(9), None).end == at(12)
    assert span_of(ActivityKind.UPACARA, at(7), None).end == at(9)


def test_a_journey_without_end_lasts_until_the_local_day_ends() -> None:
    assert span_of(ActivityKind.DINAS_LUAR, at(22), None).end == at(24)
    late = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # 23:30 in Kandangan
    assert span_of(ActivityKind.CUTI, late, None) == Span(late, at(0))


@pytest.mark.parametrize("ends", [at(9), at(8), at(9, day=367)])
def test_an_end_must_follow_the_start_within_a_year(ends: datetime) -> None:
    with pytest.raises(Invalid) as caught:
        span_of(ActivityKind.RAPAT, at(9), ends)

    assert caught.value.errors[0]["field"] == "/ends_at"


@given(a=moments, b=moments, length=st.integers(1, 5))
def test_overlap_is_symmetric_and_half_open(
    a: datetime, b: datetime, length: int
) -> None:
    hours = timedelta(hours=length)
    first, second = Span(a, a + hours), Span(b, b + hours)

    assert first.overlaps(second) == second.overlaps(first)
    assert not first.overlaps(first.moved_to(first.end))


def test_a_date_means_the_local_day_and_as_an_end_all_of_it() -> None:
    assert parse_when("2026-11-26", "/from") == at(0)
    assert parse_when("2026-11-26", "/to", end=True) == at(24)
    assert parse_when(None, "/to") is None


def test_an_unescaped_plus_is_read_as_the_offset_it_was() -> None:
    assert parse_when("2026-11-26T09:00:00 08:00", "/from") == at(9)
    assert parse_when("2026-11-26T01:00:00Z", "/from") == at(9)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-11-26T25:00", "0001-01-01T00:00:00+08:00", "x"]
)
def test_other_texts_are_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        parse_when(text, "/from")


def test_whole_days_are_those_the_times_name() -> None:
    assert whole_days(at(9), None) == (at(0), at(24))
    assert whole_days(at(9), at(8)) == (at(0), at(24))
    assert whole_days(at(9), at(24)) == (at(0), at(24))
    assert whole_days(at(9), at(25)) == (at(0), at(48))
    with pytest.raises(Invalid):
        whole_days(at(9), at(-1))
    with pytest.raises(Invalid):
        whole_days(datetime.max.replace(tzinfo=UTC), None)
