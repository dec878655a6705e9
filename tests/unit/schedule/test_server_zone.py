"""Days are the regency's, whatever zone the server believes in: elsewhere it is still
yesterday."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.schedule import ActivityKind, Recurrence
from services.schedule.calendars.reading import read_calendar
from services.schedule.domain.calendar import working_hours
from services.schedule.domain.recurrence import expand, rule_of
from services.schedule.domain.span import Span, day_start, local_date, parse_when
from services.schedule.domain.span import span_of as claimed
from tests.unit.schedule.offices import NOW
from tests.unit.schedule.test_calendar_reading import HEAD, TAIL, event

THURSDAY = date(2026, 11, 26)
EARLY = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 07.30 on Thursday, WITA


@pytest.fixture(
    autouse=True, params=["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Jakarta"]
)
def zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_day_begins_at_the_regencys_midnight() -> None:
    midnight = datetime(2026, 11, 25, 16, tzinfo=UTC)

    assert local_date(EARLY) == THURSDAY
    assert day_start(THURSDAY) == midnight
    assert parse_when("2026-11-26", "/from") == midnight
    assert parse_when("2026-11-26T07:30:00", "/from") == EARLY


def test_what_lasts_until_the_day_ends_ends_with_the_regencys() -> None:
    journey = claimed(ActivityKind.DINAS_LUAR, EARLY, None)

    assert journey == Span(EARLY, datetime(2026, 11, 26, 16, tzinfo=UTC))


def test_office_hours_are_the_regencys() -> None:
    assert working_hours(THURSDAY)[0].start == datetime(2026, 11, 26, tzinfo=UTC)


def test_every_thursday_is_a_thursday_there() -> None:
    rule = rule_of(EARLY, Recurrence(rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=3"))

    found = expand(rule, EARLY, EARLY + timedelta(days=60)).starts

    assert found == tuple(EARLY + timedelta(weeks=number) for number in range(3))


def test_files_without_a_zone_mean_the_regencys() -> None:
    floating = event("DTSTART:20261126T073000", "DTEND:20261126T083000")
    whole = event("DTSTART;VALUE=DATE:20261126", uid="b")

    found = read_calendar(HEAD + floating + whole + TAIL, NOW).found

    assert {item.uid: item.starts_at for item in found} == {
        "a": EARLY,
        "b": datetime(2026, 11, 25, 16, tzinfo=UTC),
    }
