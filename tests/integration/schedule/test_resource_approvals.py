"""What waits for the keeper of a room: listed, and answered for a whole series."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Conflict, Forbidden, Invalid
from contracts.schedule import Activity
from services.schedule.use_cases.series_scope import Scope
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import approve, change, enter, waiting
from tests.integration.schedule.test_races import race
from tests.integration.schedule.test_series import weekly
from tests.unit.schedule.offices import assignment, at, key, organisation, request

FOUR = "FREQ=WEEKLY;COUNT=4"


def room_of(desk: Desk) -> UUID:
    return enter(desk, "kadis", needs_approval=True).resource_id


def series_in(desk: Desk, room: UUID, rrule: str = FOUR) -> Activity:
    return desk.create("kadinkes", weekly("kadinkes", rrule=rrule, resource_ids=[room]))


def dates_of(desk: Desk, made: Activity) -> list[UUID]:
    series_id = made.series_id
    assert series_id is not None
    found = desk.run(lambda uow: uow.activities.of_series(series_id, desk.now))
    return [each.activity_id for each in sorted(found, key=lambda each: each.starts_at)]


def agreed_dates(desk: Desk, room: UUID) -> int:
    return desk.count("booking", f"binds AND resource_id = '{room}'")


def test_the_keeper_sees_what_waits_and_a_series_once(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room)
    single = desk.create("sekda", request("sekda", day=1, resource_ids=[room]))
    desk.create("sekda", request("sekda", day=2, resource_ids=[key("aula")]))

    found = waiting(desk, "tu.kominfo").items

    assert [(row.activity.activity_id, row.dates) for row in found] == [
        (made.activity_id, 4),
        (single.activity_id, 1),
    ]
    assert found[0].last_starts_at == at(9, 21)
    assert found[0].resource.name == "Pendopo"
    for stranger in ("kadinkes", "protokol", "kabid"):
        assert waiting(desk, stranger).items == []


def test_what_is_over_called_off_or_answered_waits_no_more(desk: Desk) -> None:
    room = room_of(desk)
    over, off, answered, open_ = (
        desk.create("sekda", request("sekda", day=day, resource_ids=[room]))
        for day in range(4)
    )
    desk.cancel("sekda", off.activity_id)
    approve(desk, "kadis", answered.activity_id, room)
    desk.now = at(11)

    found = waiting(desk, "kadis").items

    assert over.activity_id not in {row.activity.activity_id for row in found}
    assert [row.activity.activity_id for row in found] == [open_.activity_id]


def test_pages_of_what_waits_follow_each_other(desk: Desk) -> None:
    room = room_of(desk)
    made = [
        desk.create("sekda", request("sekda", day=day, resource_ids=[room])).activity_id
        for day in range(3)
    ]

    first = waiting(desk, "kadis", limit=2, resource_id=str(room))
    rest = waiting(desk, "kadis", limit=2, cursor=first.next_cursor)

    assert [row.activity.activity_id for row in (*first.items, *rest.items)] == made
    assert rest.next_cursor is None
    assert waiting(desk, "kadis", resource_id=str(key("aula"))).items == []


@pytest.mark.parametrize(
    ("scope", "bound"), [("this", 1), ("following", 3), ("all", 4)]
)
def test_one_word_reaches_as_far_as_its_scope(
    desk: Desk, scope: Scope, bound: int
) -> None:
    room = room_of(desk)
    made = series_in(desk, room)
    second = dates_of(desk, made)[1]

    approve(desk, "kadis", second, room, scope=scope)

    assert agreed_dates(desk, room) == bound
    assert len(desk.events("activity.changed.v1")) == 1
    assert sum(row.dates for row in waiting(desk, "kadis").items) == 4 - bound


def test_a_date_that_is_taken_stays_waiting_and_is_told(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room)
    desk.create("kadis", request("kadis", day=7, resource_ids=[room]))

    answer = approve(desk, "kadis", made.activity_id, room, scope="all")

    assert answer.series is not None
    assert answer.series.occurrences == 3
    (left,) = answer.series.skipped
    assert (left.starts_at, len(left.conflicts)) == (at(9, 7), 1)
    assert agreed_dates(desk, room) == 4
    (still,) = waiting(desk, "kadis").items
    assert (still.dates, still.activity.starts_at) == (1, at(9, 7))
    assert still.resource.standing == "proposed"
    again = refused(
        lambda: approve(desk, "kadis", still.activity.activity_id, room, scope="all")
    )
    assert (again.code, again.facts["total"]) == ("schedule_conflict", 1)


def test_no_takes_the_room_out_of_all_dates_and_of_those_to_come(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room, "FREQ=WEEKLY")

    answer = approve(desk, "kadis", made.activity_id, room, agreed=False, scope="all")

    assert (answer.resources, answer.reason, answer.state) == (
        [],
        "Dipakai",
        "confirmed",
    )
    assert len(desk.events("activity.changed.v1")) == 1
    assert desk.count("booking", "binds") == 105
    desk.now = at(9, 30)
    assert desk.extend() == 4
    assert waiting(desk, "kadis").items == []


def test_a_series_of_nothing_but_the_room_is_called_off(desk: Desk) -> None:
    room = room_of(desk)
    made = desk.create("kadinkes", weekly(rrule="FREQ=WEEKLY", resource_ids=[room]))

    answer = approve(desk, "kadis", made.activity_id, room, agreed=False, scope="all")

    assert answer.state == "cancelled"
    assert desk.count("activity", "state = 'cancelled'") == 105
    assert desk.count("booking") == 0
    assert len(desk.events("activity.cancelled.v1")) == 1
    desk.now = at(9, 30)
    assert desk.extend() == 0


def test_only_the_keeper_and_only_what_waits(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room)
    single = desk.create("sekda", request("sekda", day=1, resource_ids=[room]))

    with pytest.raises(Forbidden):
        approve(desk, "kadinkes", made.activity_id, room, scope="all")
    with pytest.raises(Invalid):
        approve(desk, "kadis", single.activity_id, room, scope="all")
    change(desk, "kadis", room, active=False)
    closed = refused(
        lambda: approve(desk, "kadis", made.activity_id, room, scope="all")
    )
    assert closed.code == "resource_closed"
    change(desk, "kadis", room, active=True)
    approve(desk, "kadis", made.activity_id, room, scope="all")
    with pytest.raises(Conflict, match="illegal_transition"):
        approve(desk, "kadis", made.activity_id, room, scope="all")


def test_two_keepers_and_a_booking_at_once(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        room = room_of(desk)
        made = series_in(desk, room)

        found = race(
            lambda m=made, r=room: approve(
                desk, "kadis", m.activity_id, r, scope="all"
            ),
            lambda m=made, r=room: approve(
                desk, "tu.kominfo", m.activity_id, r, agreed=False, scope="all"
            ),
            lambda r=room: desk.create(
                "kadis", request("kadis", day=7, resource_ids=[r])
            ),
            lambda m=made: desk.cancel("kadinkes", m.activity_id, "all"),
        )

        assert set(found) <= {
            "done",
            "schedule_conflict",
            "illegal_transition",
            "not_found",
        }
        assert desk.double_bookings() == []


def test_a_yes_to_the_series_holds_for_the_nights_to_come(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room, "FREQ=WEEKLY")
    approve(desk, "kadis", made.activity_id, room, scope="all")
    told = len(desk.events())
    desk.now = at(9, 8)

    assert desk.extend() == 1
    assert waiting(desk, "kadis").items == []
    assert agreed_dates(desk, room) == 106
    assert len(desk.events()) == told


def test_a_yes_is_withdrawn_for_the_nights_to_come_and_its_dates_stand(
    desk: Desk,
) -> None:
    room = room_of(desk)
    made = series_in(desk, room, "FREQ=WEEKLY")
    approve(desk, "kadis", made.activity_id, room, scope="all")
    assert [x.agreed_ahead for x in desk.get("kadis", made.activity_id).resources] == [
        True
    ]

    with pytest.raises(Forbidden):
        approve(
            desk, "kadinkes", made.activity_id, room, agreed=False, scope="following"
        )
    answer = approve(
        desk, "tu.kominfo", made.activity_id, room, agreed=False, scope="following"
    )

    assert answer.series is not None
    assert answer.series.occurrences == 0
    assert agreed_dates(desk, room) == 105
    assert not desk.get("kadis", made.activity_id).resources[0].agreed_ahead
    desk.now = at(9, 8)
    assert desk.extend() == 1
    (row,) = waiting(desk, "kadis").items
    assert row.dates == 1
    assert agreed_dates(desk, room) == 105
    with pytest.raises(Conflict, match="illegal_transition"):
        approve(desk, "kadis", made.activity_id, room, agreed=False, scope="all")


@pytest.mark.parametrize("way", ["this", "moved", "another room"])
def test_a_yes_to_other_dates_is_none_for_those_to_come(desk: Desk, way: str) -> None:
    room = room_of(desk)
    made = series_in(desk, room, "FREQ=WEEKLY")
    scope: Scope = "this" if way == "this" else "all"
    approve(desk, "kadis", made.activity_id, room, scope=scope)
    if way == "moved":
        desk.update(
            "kadinkes",
            made.activity_id,
            scope="all",
            starts_at=at(13),
            ends_at=at(14),
        )
    if way == "another room":
        for things in ([key("aula")], [room]):
            desk.update("kadinkes", made.activity_id, scope="all", resource_ids=things)
    before = agreed_dates(desk, room)
    desk.now = at(9, 8)

    assert desk.extend() == 1
    assert agreed_dates(desk, room) == before


def test_who_confirms_a_series_in_his_own_room_agrees_for_good(desk: Desk) -> None:
    room = room_of(desk)
    wanted = weekly("kadis", state="proposed", resource_ids=[room])
    made = desk.create("kadinkes", wanted)
    desk.confirm("kadis", made.activity_id, scope="all")
    desk.now = at(9, 8)

    assert desk.extend() == 1
    assert agreed_dates(desk, room) == 106


def test_a_yes_ends_with_its_keeper(desk: Desk) -> None:
    room = room_of(desk)
    made = series_in(desk, room, "FREQ=WEEKLY")
    approve(desk, "kadis", made.activity_id, room, scope="all")
    org = desk.org
    desk.org = organisation(assignment("kadis", "sekda", "plt"))
    change(desk, "kadis", room, unit_id=str(key("setda")))
    desk.org, desk.now = org, at(9, 8)

    assert desk.extend() == 1
    assert agreed_dates(desk, room) == 105
