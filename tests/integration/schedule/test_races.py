"""Real concurrency on the constraint: exactly one wins, nobody waits for ever.

Nothing here retries: a deadlock would fail the test.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet
import pytest

from contracts.errors import Conflict, RakatError
from contracts.schedule_requests import OverrideRequest
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.keeping import approve, block, change, enter
from tests.integration.schedule.post import Letter, deliver
from tests.unit.schedule.offices import at, key, request


def race(*acts: Callable[[], Any]) -> Counter[str]:
    """Run all at once; how each ended: ``done`` or the code it was refused with."""

    def attempt(act: Callable[[], Any]) -> str:
        try:
            act()
        except RakatError as error:
            return error.code
        return "done"

    pool = eventlet.GreenPool(len(acts))
    return Counter(pool.imap(attempt, acts))


@pytest.mark.parametrize("round_", range(3))
def test_one_of_32_gets_the_hour(desk: Desk, round_: int) -> None:
    book = [lambda: desk.create("ajudan", request("bupati")) for _ in range(32)]

    assert race(*book) == {"done": 1, "schedule_conflict": 31}
    assert desk.double_bookings() == []
    assert desk.count("activity") == 1


def test_five_people_named_in_any_order_never_deadlock(desk: Desk) -> None:
    offices = ["bupati", "wabup", "sekda", "kadis", "kadinkes", "camat"]
    chance = random.Random(5)

    def book() -> None:
        desk.create("protokol", request(*chance.sample(offices, 5)))

    for _ in range(5):
        desk.clear()
        assert race(*[book] * 24)["done"] == 1
        assert desk.double_bookings() == []


def test_partly_overlapping_hours_leave_no_double_booking(desk: Desk) -> None:
    chance = random.Random(7)

    def book() -> None:
        start = 8 + chance.randrange(0, 12) / 2
        desk.create(
            "protokol", request("bupati", "wabup", starts=start, ends=start + 1)
        )

    found = race(*[book] * 32)

    assert found["done"] >= 3
    assert set(found) == {"done", "schedule_conflict"}
    assert desk.double_bookings() == []


def test_of_two_confirmations_one_wins(desk: Desk) -> None:
    made = [
        desk.create("staf.dinkes", request("bupati", state="proposed"))
        for _ in range(12)
    ]

    found = race(
        *(lambda key=each.activity_id: desk.confirm("ajudan", key) for each in made)
    )

    assert found == {"done": 1, "schedule_conflict": 11}


def test_confirm_against_represent(desk: Desk) -> None:
    for _ in range(8):
        desk.clear()
        made = desk.create("ajudan", request("bupati"))
        other = desk.create("wabup", request("wabup", state="proposed"))

        found = race(
            lambda made=made: desk.respond(
                "ajudan", made.activity_id, "bupati", "represented", "wabup"
            ),
            lambda other=other: desk.confirm("wabup", other.activity_id),
        )

        assert found == {"done": 1, "schedule_conflict": 1}
        assert desk.double_bookings() == []


def test_override_against_confirm(desk: Desk) -> None:
    for _ in range(8):
        desk.clear()
        made = desk.create("ajudan", request("bupati", "wabup", state="proposed"))
        urgent = request("bupati", override=OverrideRequest(reason="Darurat"))

        found = race(
            lambda urgent=urgent: desk.create("protokol", urgent),
            lambda made=made: desk.confirm("protokol", made.activity_id),
        )

        assert found["done"] >= 1
        assert found["done"] + found["schedule_conflict"] == 2
        assert desk.double_bookings() == []


def test_overrides_booking_and_moves_at_once(desk: Desk) -> None:
    """Two overrides, bookings in opposite order and a move of the same people."""
    urgent = request("bupati", "wabup", override=OverrideRequest(reason="Darurat"))
    for _ in range(6):
        desk.clear()
        made = desk.create("protokol", request("bupati", "wabup", starts=13, ends=14))

        found = race(
            lambda: desk.create("protokol", urgent),
            lambda: desk.create("protokol", request("wabup", "bupati")),
            lambda made=made: desk.update(
                "protokol", made.activity_id, starts_at=at(9), ends_at=at(10)
            ),
            lambda: desk.create("protokol", urgent),
            lambda: desk.create("protokol", request("bupati", starts=13, ends=14)),
        )

        assert set(found) <= {"done", "schedule_conflict"}
        assert desk.double_bookings() == []


def test_two_moves_of_one_leader_into_each_others_hour(desk: Desk) -> None:
    """Each move waits for the other's hour: one is refused, none hangs."""
    for _ in range(6):
        desk.clear()
        first = desk.create("ajudan", request("bupati", starts=9, ends=10))
        second = desk.create("ajudan", request("bupati", starts=10, ends=11))

        found = race(
            lambda first=first: desk.update(
                "ajudan", first.activity_id, starts_at=at(10), ends_at=at(11)
            ),
            lambda second=second: desk.update(
                "ajudan", second.activity_id, starts_at=at(9), ends_at=at(10)
            ),
        )

        assert found["schedule_conflict"] >= 1
        assert desk.double_bookings() == []


def test_two_letters_and_a_booking_for_one_hour(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        letters = [Letter(), Letter()]

        race(
            *(
                lambda letter=each: deliver(desk, letter.attendance("bupati", "attend"))
                for each in letters
            ),
            lambda: desk.create("ajudan", request("bupati")),
        )

        assert desk.count("booking", "binds") == 1
        assert desk.double_bookings() == []


def test_one_letter_heard_by_many_makes_one_activity(desk: Desk) -> None:
    letter = Letter()
    messages = [
        letter.attendance("bupati", "attend", minute=1),
        letter.disposition("bupati", "kadis", minute=2),
        letter.disposition("bupati", "kadinkes", minute=3),
        letter.disposition("bupati", "camat", minute=4),
    ]

    race(*(lambda message=each: deliver(desk, message) for each in messages))

    assert desk.count("activity") == 1
    assert desk.count("booking", "binds") == 4


def test_the_rows_under_a_refused_booking_are_gone(desk: Desk) -> None:
    desk.create("mertua", request("camat"))

    with pytest.raises(Conflict):
        desk.create("protokol", request("bupati", "camat", "kadis"))

    assert desk.count("booking", f"position_id = '{key('bupati')}'") == 0


def test_a_block_against_bookings_of_the_room(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    book = [
        lambda who=who: desk.create(who, request(who, resource_ids=[room]))
        for who in ("kadis", "kadinkes", "bupati", "wabup")
    ]

    found = race(*book, lambda: block(desk, "kadis", room), *book)

    assert found == {"done": 1, "schedule_conflict": 8}
    assert desk.double_bookings() == []


def test_a_room_taken_out_of_use_while_it_is_booked(desk: Desk) -> None:
    """Either the booking came first and stays, or it finds the room closed."""
    for _ in range(6):
        desk.clear()
        room = enter(desk, "kadis").resource_id

        found = race(
            *(
                lambda hour=hour, room=room: desk.create(
                    "kadis",
                    request("kadis", starts=hour, ends=hour + 1, resource_ids=[room]),
                )
                for hour in range(8, 12)
            ),
            lambda room=room: change(desk, "kadis", room, active=False),
            lambda room=room: change(desk, "kadis", room, name="Lain"),
        )

        assert set(found) <= {"done", "resource_closed"}
        assert desk.count("booking", "resource_id IS NOT NULL") == found["done"] - 2


def test_of_two_approvals_for_one_hour_one_wins(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    made = [
        desk.create(who, request(who, resource_ids=[room]))
        for who in ("kadinkes", "wabup")
    ]

    found = race(
        *(
            lambda key=each.activity_id: approve(desk, "kadis", key, room)
            for each in made
        )
    )

    assert found == {"done": 1, "schedule_conflict": 1}
    assert desk.double_bookings() == []
