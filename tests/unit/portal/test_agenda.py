"""Days, weeks and months of one office."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import NotFound
from gateway.portal import agenda, words
from gateway.portal.views.agenda import parse_day

DAYS = st.dates(min_value=date(1945, 1, 1), max_value=date(2199, 12, 31))


def activity(starts_at: str, ends_at: str, state: str = "confirmed") -> agenda.Row:
    return {
        "starts_at": f"{starts_at}:00+08:00",
        "assumed_ends_at": f"{ends_at}:00+08:00",
        "state": state,
        "participants": [],
    }


@given(DAYS)
def test_the_weeks_of_a_month_hold_each_of_its_days_once_and_no_week_more(day):
    mondays = agenda.mondays_of_month(day)
    first, following = day.replace(day=1), agenda.next_month(day)
    assert mondays[0] <= first < mondays[1]
    assert mondays[-1] < following <= mondays[-1] + timedelta(days=7)
    assert all((b - a).days == 7 for a, b in pairwise(mondays))
    assert following.day == 1
    assert 27 < (following - first).days < 32
    assert len(mondays) * 7 >= (following - mondays[0]).days


def test_the_text_to_send_says_what_to_wear_and_that_it_takes_the_whole_day():
    row = activity("2026-11-24T00:00", "2026-11-25T00:00") | {
        "ends_at": "2026-11-25T00:00:00+08:00",
        "title": "Rakornas",
        "masked": False,
        "place": {"name": "Pendopo"},
        "resources": [],
        "organiser_unit_name": "Setda",
        "travel_minutes_before": 0,
        "all_day": True,
        "dress_code": "Batik",
        "contact": "Rina, 0811",
    }
    text = agenda.as_text("Bupati", [row], "p1", date(2026, 11, 24))
    assert text.splitlines() == [
        "*Agenda Bupati*",
        "Selasa, 24 November 2026",
        "",
        "1. Sepanjang hari",
        "*Rakornas*",
        "Tempat: Pendopo",
        "Pakaian: Batik",
        "Narahubung: Rina, 0811",
        "Penyelenggara: Setda",
    ]


def test_an_activity_of_two_days_is_on_both_and_a_cancelled_one_on_none():
    rows = [
        activity("2026-11-24T09:00", "2026-11-25T12:00"),
        activity("2026-11-26T09:00", "2026-11-26T10:00", "cancelled"),
    ]
    week = agenda.week(rows, date(2026, 11, 25), None)
    assert [one.count for one in week] == [0, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), "23–29 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 Desember 2026"),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "28 Desember 2026 – 3 Januari 2027",
        ),
    ],
)
def test_days_between_say_what_they_share_once(first, last, text):
    assert words.days_between(first, last) == text


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2026-02-30", "besok"])
def test_a_day_of_another_age_is_not_found(text):
    with pytest.raises(NotFound):
        parse_day(text)
