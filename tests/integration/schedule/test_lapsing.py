"""Pencilled in and never settled: it ends with its hour."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict
from tests.integration.schedule.desk import Desk, monitored
from tests.integration.schedule.post import Letter, activity_of, deliver
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import at, request


def test_what_was_only_pencilled_in_ends_with_its_hour(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", state="tentative"))
    later = desk.create(
        "ajudan", request("bupati", starts=10, ends=11, state="tentative")
    )
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadis", minute=1))
    desk.now = at(9.5)
    assert desk.lapse() == 0

    desk.now = at(10)
    race(desk.lapse, desk.lapse)

    gone = desk.get("ajudan", made.activity_id)
    assert (gone.state, gone.reason) == (
        "cancelled",
        "Waktunya lewat sebelum ditetapkan",
    )
    of_letter = activity_of(desk, letter)
    assert of_letter is not None
    assert of_letter.state == "cancelled"
    assert desk.get("ajudan", later.activity_id).state == "tentative"
    causes = [row["data"]["cause"] for row in desk.events("activity.cancelled.v1")]
    assert causes == ["lapsed", "lapsed"]
    assert monitored(desk, "protokol", **{"from": str(at(0).date())}).items == []


def test_what_binds_or_was_entered_afterwards_stays(desk: Desk) -> None:
    kept = desk.create("ajudan", request("bupati"))
    desk.now = at(12)
    record = desk.create("wabup", request("wabup", state="tentative"))

    assert desk.lapse() == 0

    assert desk.get("ajudan", kept.activity_id).state == "confirmed"
    assert desk.confirm("wabup", record.activity_id).state == "confirmed"


def test_a_request_ends_as_a_request(desk: Desk) -> None:
    asked = desk.create("staf.dinkes", request("bupati", state="proposed"))
    desk.now = at(12)

    assert (desk.lapse(), desk.expire()) == (0, 1)

    (told,) = desk.events("activity.cancelled.v1")
    assert told["data"]["cause"] == "expired"
    with pytest.raises(Conflict):
        desk.confirm("ajudan", asked.activity_id)


def test_the_hour_may_be_settled_while_it_lapses(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        desk.now = at(9.5)
        made = desk.create("ajudan", request("bupati", state="tentative"))
        desk.now = at(10)

        found = race(
            desk.lapse, lambda made=made: desk.confirm("ajudan", made.activity_id)
        )

        state = desk.get("ajudan", made.activity_id).state
        assert (found["done"], state) in ((2, "confirmed"), (1, "cancelled"))
        assert desk.count("booking", "binds") == (state == "confirmed")
