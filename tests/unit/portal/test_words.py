"""Dates, durations and numbers as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from contracts.codec import ZONE
from gateway.portal import words

NOW = datetime(2026, 11, 24, 7, 40, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-11-24T16:40:00+08:00", "hari ini 16.40"),
        ("2026-11-23T16:52:00+08:00", "kemarin 16.52"),
        ("2026-11-25T10:00:00+08:00", "besok 10.00"),
        ("2026-11-26T16:00:00+08:00", "Kam, 26 Nov 16.00"),
        ("2027-01-04T09:00:00+08:00", "Sen, 4 Jan 09.00"),
        ("2025-03-04T09:00:00+08:00", "Sel, 4 Mar 2025 09.00"),
    ],
)
def test_a_moment_is_named_by_word_when_near_and_by_date_else(value, text):
    assert words.moment(value, NOW) == text


def test_an_instant_is_told_in_the_zone_of_the_regency():
    assert words.moment("2026-11-24T16:30:00+00:00", NOW) == "besok 00.30"


def test_days_and_full_moments():
    assert words.day_long(date(2026, 11, 24)) == "Selasa, 24 November 2026"
    assert words.day_long("2026-11-24", year=False) == "Selasa, 24 November"
    assert words.moment_full("2026-11-23T16:40:00+08:00") == "Sen, 23 Nov 2026, 16.40"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=20), "1 menit"),
        (timedelta(minutes=25), "25 menit"),
        (timedelta(hours=1, minutes=25), "1 jam 25 menit"),
        (timedelta(hours=9, minutes=12), "9 jam"),
        (timedelta(hours=47), "47 jam"),
        (timedelta(days=4, hours=5), "4 hari"),
    ],
)
def test_a_duration_is_as_precise_as_anybody_acts_on(length, text):
    assert words.duration(length) == text


def test_spans_have_an_en_dash_and_an_open_end():
    start, end = "2026-11-26T09:00:00+08:00", "2026-11-26T12:00:00+08:00"
    assert words.span(start, end) == "09.00–12.00"
    assert words.span("2026-11-26T19:30:00+08:00", None) == "19.30–selesai"
    assert words.span_day(start, end, NOW) == "Kam, 26 Nov 09.00–12.00"


def test_a_span_over_midnight_names_both_days():
    start, end = "2026-11-24T20:00:00+08:00", "2026-11-25T06:00:00+08:00"
    assert words.span_day(start, end, NOW) == "hari ini 20.00 – besok 06.00"


def test_numbers_sizes_and_lists():
    assert words.number(1204) == "1.204"
    assert words.size(168_000) == "168 kB"
    assert words.size(2_400_000) == "2,4 MB"
    assert words.join(["a"]) == "a"
    assert words.join(["a", "b"]) == "a dan b"
    assert words.join(["a", "b", "c"]) == "a, b, dan c"
    assert words.first_upper("kam, 26 Nov") == "Kam, 26 Nov"
    assert words.sentence("diterima Plh.") == "diterima Plh."
    assert words.sentence("belum ada pejabatnya") == "belum ada pejabatnya."


@pytest.mark.parametrize(
    ("day", "ends", "said"),
    [
        (24, "2026-11-25T02:00:00+08:00", "22.00–Rab 02.00"),
        (25, "2026-11-25T02:00:00+08:00", "00.00–02.00"),
        (24, "2026-11-24T23:00:00+08:00", "22.00–23.00"),
        (24, "2026-11-25T00:00:00+08:00", "22.00–24.00"),
        (25, "2026-11-26T09:00:00+08:00", "00.00–Kam 09.00"),
        (25, None, "00.00–selesai"),
    ],
)
def test_a_line_of_a_day_says_what_of_it_is_that_day(day, ends, said):
    starts = "2026-11-24T22:00:00+08:00"
    assert words.span_on(starts, ends, date(2026, 11, day)) == said


def test_whole_days_are_named_without_hours():
    one = ("2026-11-26T00:00:00+08:00", "2026-11-27T00:00:00+08:00")
    two = ("2026-11-26T00:00:00+08:00", "2026-11-28T00:00:00+08:00")
    assert words.whole_days(*one) == "Kamis, 26 November 2026, sepanjang hari"
    assert words.whole_days(*two) == (
        "Kamis, 26 November 2026 – Jumat, 27 November 2026, sepanjang hari"
    )
    row = {"starts_at": one[0], "ends_at": one[1], "all_day": True}
    assert words.hours_on(row, date(2026, 11, 26)) == "Sepanjang hari"
    row["all_day"] = False
    assert words.hours_on(row, date(2026, 11, 26)) == "00.00–24.00"
