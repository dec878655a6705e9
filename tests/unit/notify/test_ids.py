"""Ids order by the time of what happened, and are proper UUIDv7."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.notify.ids import first_id_of, id_at

AT = datetime(2026, 11, 24, 1, 2, 3, 456_789, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = id_at(AT)

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(AT.timestamp() * 1000)


def test_ids_ascend_with_the_microseconds() -> None:
    moments = [AT + timedelta(microseconds=n) for n in range(2_000)]

    made = [id_at(moment) for moment in moments]

    assert made == sorted(made)


def test_ids_of_one_moment_differ() -> None:
    assert len({id_at(AT) for _ in range(1_000)}) == 1_000


def test_the_first_id_of_a_moment_is_not_above_any_of_it() -> None:
    assert id_at(AT - timedelta(milliseconds=1)) < first_id_of(AT) < id_at(AT)
