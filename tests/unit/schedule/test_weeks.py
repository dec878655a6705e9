"""Whole ISO weeks of a window, over the new year and out of bounds."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.errors import Invalid
from services.schedule.domain.weeks import span_of_week, weeks_of
from tests.unit.schedule.offices import NOW, midnight


def test_a_window_is_rounded_to_whole_weeks() -> None:
    # Tuesday 24 November 2026 is now
    assert list(weeks_of(None, None, NOW)) == [
        date(2026, 11, 23),
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
    ]
    assert list(weeks_of("2026-11-29", "2026-11-30", NOW)) == [
        date(2026, 11, 23),
        date(2026, 11, 30),
    ]
    assert list(weeks_of("2026-11-23", "2026-11-29", NOW)) == [date(2026, 11, 23)]


def test_the_year_ends_within_a_week() -> None:
    (first,) = weeks_of("2027-01-01", "2027-01-03", NOW)

    assert first == date(2026, 12, 28)
    assert first.isocalendar()[:2] == (2026, 53)
    assert span_of_week(first).start == midnight(first)


@pytest.mark.parametrize(
    ("from_", "to", "field"),
    [
        ("2026-11-29", "2026-11-27", "/to"),
        ("2026-01-01", "2026-12-31", "/to"),
        ("0001-01-01", None, "/from"),
        ("9999-12-31T23:59:59Z", None, "/from"),
        (None, "9999-12-30", "/to"),
        ("2026-13-01", None, "/from"),
    ],
)
def test_windows_that_mean_nothing_name_their_field(
    from_: str | None, to: str | None, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        weeks_of(from_, to, NOW)

    assert caught.value.errors[0]["field"] == field
