"""Two leaders swap their slots: with real concurrency, and in one act."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from contracts.errors import Forbidden, Invalid
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import people, request


def two_leaders(desk: Desk) -> tuple[UUID, UUID]:
    """The regent here and his deputy there, at the same hour."""
    desk.clear()
    made = [desk.create("protokol", request(who)) for who in ("bupati", "wabup")]
    return made[0].activity_id, made[1].activity_id


def who_goes(desk: Desk, *activities: UUID) -> list[list[str]]:
    return [
        [line.code for line in desk.get("protokol", each).participants]
        for each in activities
    ]


def test_two_leaders_swap_their_slots(desk: Desk) -> None:
    """One by one each finds the other's time taken, also at once: neither hangs, and
    nobody is left out or promised twice."""
    for _ in range(6):
        here, there = two_leaders(desk)

        found = race(
            lambda here=here: desk.update(
                "protokol", here, participants=people("wabup")
            ),
            lambda there=there: desk.update(
                "protokol", there, participants=people("bupati")
            ),
            lambda here=here: desk.respond(
                "protokol", here, "bupati", "represented", "wabup"
            ),
            lambda there=there: desk.respond(
                "protokol", there, "wabup", "represented", "bupati"
            ),
        )

        assert found == {"schedule_conflict": 4}
        assert who_goes(desk, here, there) == [["bupati"], ["wabup"]]
        assert desk.count("booking", "binds") == 2


def test_two_leaders_change_places_in_one_act(desk: Desk) -> None:
    """Tried from both sides at once: it is done once, not there and back."""
    for _ in range(6):
        here, there = two_leaders(desk)

        found = race(
            *[partial(desk.exchange, "protokol", here, "bupati", there, "wabup")] * 2,
            *[partial(desk.exchange, "protokol", there, "wabup", here, "bupati")] * 2,
            lambda: desk.create("ajudan", request("bupati")),
            lambda: desk.create("wabup", request("wabup")),
        )

        assert found == {"done": 1, "invalid": 3, "schedule_conflict": 2}
        assert who_goes(desk, here, there) == [["wabup"], ["bupati"]]
        assert desk.count("booking", "binds") == 2
        assert desk.double_bookings() == []


def test_an_exchange_meets_what_was_booked_meanwhile(desk: Desk) -> None:
    """Both or neither: the deputy is busy at the regent's hour."""
    here = desk.create("protokol", request("bupati", starts=9, ends=10))
    there = desk.create("protokol", request("wabup", starts=11, ends=12))
    busy = desk.create("wabup", request("wabup", starts=9, ends=10))

    error = refused(
        lambda: desk.exchange(
            "protokol", here.activity_id, "bupati", there.activity_id, "wabup"
        )
    )

    assert error.facts["conflicts"][0]["activity_id"] == str(busy.activity_id)
    assert len(error.facts["alternatives"]) >= 3
    assert who_goes(desk, here.activity_id, there.activity_id) == [
        ["bupati"],
        ["wabup"],
    ]


def test_only_who_keeps_both_exchanges_them(desk: Desk) -> None:
    here, there = two_leaders(desk)

    for who in ("kadis", "ajudan"):  # the aide keeps the regent's time alone
        with pytest.raises(Forbidden):
            desk.exchange(who, here, "bupati", there, "wabup")
    with pytest.raises(Invalid):
        desk.exchange("protokol", here, "sekda", there, "wabup")
    with pytest.raises(Invalid):
        desk.exchange("protokol", here, "bupati", here, "bupati")
