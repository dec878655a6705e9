"""Buckets of login tries, counted naively beside them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.people import masked
from services.directory.domain.throttle import Limit, bucket, normalised
from tests.unit.directory.organisations import NOW

LIMIT = Limit(burst=5, step=timedelta(seconds=60))


@given(st.lists(st.integers(0, 200), max_size=60))
def test_no_window_ever_holds_more_tries_than_burst_and_refill(pauses):
    now, free_at, taken = NOW, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if free_at <= LIMIT.latest(now):
            free_at = max(free_at, now) + LIMIT.step
            taken.append(now)
        else:
            wait = LIMIT.retry_after(free_at, now)
            assert free_at <= LIMIT.latest(now + timedelta(seconds=wait))

    for index, first in enumerate(taken):
        for count, last in enumerate(taken[index:], start=1):
            assert count <= LIMIT.burst + (last - first) / LIMIT.step


def test_same_name_from_another_address_is_another_bucket():
    assert bucket("name", "bupati", "10.0.0.1") != bucket("name", "bupati", "10.0.0.2")


def test_bucket_does_not_show_what_was_typed():
    assert "rahasia" not in bucket("name", "rahasia", "10.0.0.1")


def test_names_differ_neither_by_case_nor_by_blanks():
    assert normalised("  Kadis.Kominfo ") == "kadis.kominfo"


def test_only_the_end_of_a_nip_is_shown():
    assert masked("198001012005011003") == "•" * 14 + "1003"
    assert masked(None) is None
