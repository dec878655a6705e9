"""A series that clashes is told when all of it would fit."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.schedule import Recurrence
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.test_series import starts, weekly
from tests.unit.schedule.offices import at, request

FOUR = "FREQ=WEEKLY;COUNT=4"


def test_all_of_the_series_fits_where_it_says(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati", starts=9, ends=10))
    desk.create("ajudan", request("bupati", starts=10, ends=11, day=14))
    desk.create("ajudan", request("bupati", starts=8, ends=9, day=700))

    found = refused(lambda: desk.create("ajudan", weekly("bupati")))
    slots = found.facts["alternatives"]

    assert len(slots) == 3
    for slot in slots:
        begins, ends = (
            datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at")
        )
        away = begins - at(9)
        assert ends - begins == timedelta(hours=1)
        days = round(away.total_seconds() // 86_400)
        hour = 9 + (away.total_seconds() - 86_400 * days) / 3600
        every = Recurrence(rrule="FREQ=WEEKLY")
        again = request(
            "bupati", starts=hour, ends=hour + 1, day=days, recurrence=every
        )
        made = desk.create("ajudan", again)
        assert len(starts(desk, made)) >= 104
        desk.cancel("ajudan", made.activity_id, "all")


def test_what_goes_by_the_day_changes_its_hour_only(desk: Desk) -> None:
    daily = weekly("bupati", rrule="FREQ=DAILY;COUNT=4")
    desk.create("ajudan", daily)

    found = refused(lambda: desk.create("ajudan", daily))

    assert [each["starts_at"] for each in found.facts["alternatives"]] == [
        at(hour).isoformat() for hour in (8, 10, 10.5)
    ]


def test_a_series_that_moves_or_is_confirmed_is_told_as_well(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    loose = desk.create("ajudan", weekly("bupati", rrule=FOUR, state="tentative"))
    desk.create("ajudan", request("bupati", starts=13, ends=14, day=14))

    moved = refused(
        lambda: desk.update(
            "ajudan", made.activity_id, scope="all", starts_at=at(13), ends_at=at(14)
        )
    )
    confirmed = refused(lambda: desk.confirm("ajudan", loose.activity_id, scope="all"))

    assert [each["starts_at"] for each in moved.facts["alternatives"]] == [
        at(hour).isoformat() for hour in (11.5, 12, 14)
    ]
    assert len(confirmed.facts["alternatives"]) == 3
