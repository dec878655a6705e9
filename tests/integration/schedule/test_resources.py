"""Rooms and vehicles: who keeps them, their hours, blocks and approvals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from contracts.codec import ZONE
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from contracts.schedule import Activity, ConflictCheck
from contracts.schedule_requests import CheckConflicts
from services.schedule.domain.lines import resource_bookable
from services.schedule.use_cases.checking import check_conflicts
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import approve, block, change, enter
from tests.integration.schedule.post import Letter, activity_of, deliver
from tests.unit.schedule.offices import at, key, request

OFFICE_HOURS = [
    {"weekday": day, "opens": "08:00", "closes": "16:00"} for day in range(1, 6)
]


def standing_of(activity: Activity) -> tuple[str | None, bool]:
    (thing,) = activity.resources
    return (thing.standing.value if thing.standing else None, thing.approved)


@pytest.mark.parametrize("who", ["kadis", "sekretaris", "tu.kominfo"])
def test_a_unit_keeps_its_rooms(desk: Desk, who: str) -> None:
    made = enter(desk, who, capacity=40, bookable_hours=OFFICE_HOURS)
    kept = change(desk, "kadis", made.resource_id, 1, capacity=None, name="Pendopo II")

    assert (kept.version, kept.capacity, kept.name) == (2, None, "Pendopo II")
    assert kept.bookable_hours == made.bookable_hours
    assert desk.run(lambda uow: uow.resources.get(made.resource_id)) == kept


def test_others_and_stale_readers_are_refused(desk: Desk) -> None:
    made = enter(desk, "kadis")

    for who in ("kabid", "staf.dinkes", "protokol", "ajudan"):
        with pytest.raises(Forbidden):
            enter(desk, who, code="lain")
        with pytest.raises(Forbidden):
            change(desk, who, made.resource_id, name="X")
        with pytest.raises(Forbidden):
            block(desk, who, made.resource_id)
    with pytest.raises(Forbidden):  # nobody gives his room to a unit he does not keep
        change(desk, "kadis", made.resource_id, unit_id=str(key("dinkes")))
    with pytest.raises(Stale):
        change(desk, "kadis", made.resource_id, 7, name="X")
    with pytest.raises(NotFound):
        change(desk, "kadis", UUID(int=7), name="X")
    assert desk.run(lambda uow: uow.resources.get(made.resource_id)) == made


def test_codes_are_unique_and_bad_fields_named(desk: Desk) -> None:
    made = enter(desk, "kadis")

    for act in (
        lambda: enter(desk, "kadinkes", unit_id=str(key("dinkes"))),
        lambda: change(desk, "kadis", made.resource_id, code="aula"),
    ):
        assert refused(act).code == "resource_code_taken"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(UUID(int=7))}, "/unit_id"),
        (
            {"bookable_hours": [{"weekday": 1, "opens": "09:00", "closes": "08:00"}]},
            "/bookable_hours/0/closes",
        ),
    ]
    for fields, field in wrong:
        with pytest.raises(Invalid) as caught:
            enter(desk, "kadis", code="lain", **fields)
        assert caught.value.errors[0]["field"] == field


def test_nobody_books_what_is_out_of_use(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    with_room = {"resource_ids": [room]}
    booked = desk.create("kadis", request("kadis", starts=9, ends=10, **with_room))
    asked = desk.create("kadis", request("kadis", state="proposed", **with_room))
    change(desk, "kadis", room, active=False)

    for act in (
        lambda: desk.create("kadis", request("kadis", day=1, **with_room)),
        lambda: desk.create("kadis", request(day=1, state="proposed", **with_room)),
        lambda: desk.confirm("kadis", asked.activity_id),
        lambda: desk.update("kadis", booked.activity_id, ends_at=at(11)),
        lambda: block(desk, "kadis", room, 13, 14),
    ):
        error = refused(act)
        assert error.code == "resource_closed"
        assert error.facts["resource_ids"] == [str(room)]
    assert desk.update("kadis", booked.activity_id, title="Lain").title == "Lain"
    assert standing_of(desk.get("kadis", booked.activity_id)) == ("binding", True)


def test_bookable_hours_hold_for_all_but_its_keepers(desk: Desk) -> None:
    room = enter(desk, "kadis", bookable_hours=OFFICE_HOURS).resource_id
    late = request("kadinkes", starts=17, ends=18, resource_ids=[room])

    assert refused(lambda: desk.create("kadinkes", late)).code == "resource_closed"
    made = desk.create("kadinkes", request("kadinkes", resource_ids=[room]))
    moved = refused(lambda: desk.update("kadinkes", made.activity_id, ends_at=at(16.5)))
    assert moved.code == "resource_closed"
    own = desk.create(
        "kadis", request("kadis", starts=17, ends=18, resource_ids=[room])
    )
    assert standing_of(own) == ("binding", True)


def test_a_check_names_what_is_closed_and_when_it_is_open(desk: Desk) -> None:
    room = enter(desk, "kadis", bookable_hours=OFFICE_HOURS[3:4]).resource_id
    wanted = CheckConflicts(
        starts_at=at(17), ends_at=at(18), position_ids=[key("wabup")]
    )
    wanted.resource_ids = [room]

    def checked(who: str) -> ConflictCheck:
        caller = desk.caller(who)
        return desk.run(lambda uow: check_conflicts(uow, caller, wanted))

    answer = checked("wabup")

    assert (answer.conflicts, answer.closed_resource_ids) == ([], [room])
    assert len(answer.alternatives) == 3
    for slot in answer.alternatives:
        assert slot.starts_at.astimezone(ZONE).isoweekday() == 4
    assert checked("kadis").closed_resource_ids == []


def test_a_check_offers_no_hour_of_what_is_out_of_use(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    change(desk, "kadis", room, active=False)
    wanted = CheckConflicts(starts_at=at(9), ends_at=at(10), resource_ids=[room])
    caller = desk.caller("kadis")

    answer = desk.run(lambda uow: check_conflicts(uow, caller, wanted))

    assert (answer.closed_resource_ids, answer.alternatives) == ([room], [])


def test_a_block_collides_like_any_activity(desk: Desk) -> None:
    room = enter(desk, "kadis", bookable_hours=OFFICE_HOURS).resource_id
    made = desk.create("kadinkes", request("kadinkes", resource_ids=[room]))

    error = refused(lambda: block(desk, "kadis", room, 8, 20))
    blocked = block(desk, "kadis", room, 10, 20)
    later = request("kadinkes", starts=15, ends=16, resource_ids=[room])
    met = refused(lambda: desk.create("kadinkes", later))

    assert error.code == "schedule_conflict"
    assert [x["activity_id"] for x in error.facts["conflicts"]] == [
        str(made.activity_id)
    ]
    assert met.facts["conflicts"][0]["activity_title"] == "Perbaikan"
    desk.cancel("kadis", blocked.activity_id)
    assert desk.create("kadinkes", later).state == "confirmed"


def test_the_owner_of_a_room_agrees_before_it_binds(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id

    made = desk.create("kadinkes", request("kadinkes", resource_ids=[room]))
    assert (made.state, standing_of(made)) == ("confirmed", ("proposed", False))
    asked = desk.events("activity.proposed.v1")[-1]["data"]
    assert str(key("tu.kominfo")) in asked["keeper_position_ids"]
    for who in ("kadinkes", "protokol"):
        with pytest.raises(Forbidden):
            approve(desk, who, made.activity_id, room)
    agreed = approve(desk, "tu.kominfo", made.activity_id, room)

    assert standing_of(agreed) == ("binding", True)
    with pytest.raises(Conflict, match="illegal_transition"):
        approve(desk, "tu.kominfo", made.activity_id, room)
    own = request("kadis", resource_ids=[room])
    assert refused(lambda: desk.create("kadis", own)).code == "schedule_conflict"


def test_another_time_must_be_agreed_to_again(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    made = desk.create("kadinkes", request("kadinkes", resource_ids=[room]))
    approve(desk, "kadis", made.activity_id, room)

    renamed = desk.update("kadinkes", made.activity_id, title="Lain")
    moved = desk.update("kadinkes", made.activity_id, starts_at=at(9.5))
    own = desk.create("kadis", request("kadis", resource_ids=[room]))

    assert standing_of(renamed) == ("binding", True)
    assert standing_of(moved) == ("proposed", False)
    assert standing_of(own) == ("binding", True)
    late = refused(lambda: approve(desk, "kadis", made.activity_id, room))
    assert late.code == "schedule_conflict"
    out = approve(desk, "kadis", made.activity_id, room, agreed=False)
    assert (out.resources, out.reason, out.state) == ([], "Dipakai", "confirmed")


def test_a_refused_booking_of_nothing_else_is_called_off(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    made = desk.create("kadinkes", request(state="tentative", resource_ids=[room]))

    out = approve(desk, "kadis", made.activity_id, room, agreed=False)

    assert (out.state, out.reason) == ("cancelled", "Dipakai")
    assert desk.count("booking") == 0


def test_a_keeper_who_confirms_agrees(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    asked = request("kadis", state="proposed", resource_ids=[room])
    made = desk.create("staf.dinkes", asked)

    assert standing_of(made) == ("proposed", False)
    assert standing_of(desk.confirm("kadis", made.activity_id)) == ("binding", True)


def test_a_letter_confirms_people_and_not_a_room_nobody_agreed_to(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    letter = Letter()
    deliver(desk, letter.disposition("bupati", "kadinkes", minute=1))
    made = activity_of(desk, letter)
    assert made is not None
    desk.update("kadinkes", made.activity_id, resource_ids=[room])

    deliver(desk, letter.attendance("bupati", "attend", minute=2))

    found = desk.get("ajudan", made.activity_id)
    assert (found.state, standing_of(found)) == ("confirmed", ("proposed", False))


def test_a_room_in_nobodys_hands_has_no_line(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id

    known = desk.run(lambda uow: uow.bookings.known_keys([resource_bookable(room)]))

    assert known == {}
