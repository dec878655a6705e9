"""Free slots of several people and things, and who could go instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.schedule import Visibility
from contracts.schedule_slots import (
    FreeSlots,
    FreeSlotsQuery,
    Representative,
    RepresentativesQuery,
)
from services.schedule.views.free_slots import list_free_slots
from services.schedule.views.representatives import list_representatives
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import change, enter
from tests.unit.schedule.offices import (
    assignment,
    at,
    client,
    key,
    organisation,
    people,
    request,
)

DAY = {"from": "2026-11-26", "to": "2026-11-26", "duration_minutes": 60}


def slots(desk: Desk, who: str | Actor, **query: Any) -> FreeSlots:
    wanted = msgspec.convert({**DAY, **query}, FreeSlotsQuery)
    caller = desk.caller(who)
    return desk.run(lambda uow: list_free_slots(uow, caller, wanted))


def starts(found: FreeSlots) -> list[datetime]:
    return [slot.starts_at for slot in found.slots]


def keys(*codes: str) -> list[str]:
    return [str(key(code)) for code in codes]


def stand_ins(
    desk: Desk, who: str, activity_id: UUID, position: str, **query: Any
) -> list[Representative]:
    wanted = RepresentativesQuery(position_id=key(position), **query)
    caller = desk.caller(who)
    return desk.run(
        lambda uow: list_representatives(uow, caller, activity_id, wanted).items
    )


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text)

    engine = desk.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_slots_are_free_for_everybody_and_everything(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", starts=8, ends=11))
    desk.create(
        "kadis", request("kadis", starts=12, ends=14, resource_ids=[key("aula")])
    )
    desk.create("wabup", request("wabup", starts=14, ends=15, state="tentative"))

    found = slots(
        desk,
        "staf.dinkes",
        position_ids=keys("bupati", "wabup"),
        resource_ids=keys("aula"),
    )

    assert starts(found) == [at(11), at(14), at(14.5), at(15)]
    assert not found.more
    assert {slot.ends_at - slot.starts_at for slot in found.slots} == {
        timedelta(hours=1)
    }
    desk.create("ajudan", request("bupati", starts=11, ends=12))


def test_travel_widens_people_and_vehicles_but_not_rooms(desk: Desk) -> None:
    desk.create("kadis", request("kadis", starts=10, ends=15))
    room = request(starts=10, ends=15, resource_ids=[key("aula")])
    desk.create("protokol", room)
    travel = {"travel_minutes_before": 30, "travel_minutes_after": 30}

    person = slots(desk, "kadis", position_ids=keys("kadis"), **travel)
    hall = slots(desk, "kadis", resource_ids=keys("aula"), **travel)

    assert starts(person) == [at(8), at(8.5)]
    assert starts(hall) == [at(8), at(8.5), at(9), at(15)]


def test_a_room_is_free_within_its_hours_and_never_when_out_of_use(
    desk: Desk,
) -> None:
    afternoon = [
        {"weekday": n, "opens": "13:00", "closes": "16:00"} for n in range(1, 8)
    ]
    room = enter(desk, "kadis", bookable_hours=afternoon)

    found = slots(desk, "kadis", resource_ids=[str(room.resource_id)])
    assert starts(found) == [at(13), at(13.5), at(14), at(14.5), at(15)]

    change(desk, "kadis", room.resource_id, active=False)
    closed = slots(desk, "kadis", resource_ids=[str(room.resource_id)])
    assert (closed.slots, closed.more) == ([], False)


def test_any_hour_and_the_days_off(desk: Desk) -> None:
    sunday = {"from": "2026-11-29", "to": "2026-11-29"}

    office = slots(desk, "kadis", position_ids=keys("kadis"), **sunday)
    any_hour = slots(
        desk, "kadis", position_ids=keys("kadis"), working_hours=False, **sunday
    )

    assert office.slots == []
    assert len(any_hour.slots) == 47
    few = slots(desk, "kadis", position_ids=keys("kadis"), limit=2)
    assert (len(few.slots), few.more) == (2, True)


def test_what_is_past_is_not_free(desk: Desk) -> None:
    past = {"from": "2026-11-01", "to": "2026-11-20"}

    assert slots(desk, "kadis", position_ids=keys("kadis"), **past).slots == []


def test_an_office_that_changes_hands_is_asked_by_its_holder_of_the_day(
    desk: Desk,
) -> None:
    friday = at(0, day=1).date()
    desk.org = organisation(assignment("kadinkes", "kadis", "plh", friday, friday))
    desk.create("kadinkes", request("kadinkes", starts=8, ends=11.5, day=1))
    desk.create("sekretaris", request("kadis", starts=8, ends=15))

    found = slots(desk, "kadis", position_ids=keys("kadis"), to="2026-11-27")

    assert starts(found) == [
        at(15),
        *(at(hour, day=1) for hour in (13.5, 14, 14.5, 15)),
    ]


def test_an_application_may_ask_and_the_queries_do_not_grow(desk: Desk) -> None:
    desk.create("protokol", request("bupati", "wabup", "sekda", "kadis"))

    with statements(desk) as few:
        slots(desk, client(), position_ids=keys("kadis"), resource_ids=keys("aula"))
    with statements(desk) as many:
        slots(
            desk,
            client(),
            position_ids=keys("bupati", "wabup", "sekda", "kadis", "kabid"),
            resource_ids=keys("aula", "ruang", "mobil"),
            to="2026-12-20",
        )

    assert len(few) == len(many) <= 4


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "/position_ids"),
        ({"position_ids": keys("nobody")}, "/position_ids/0"),
        ({"position_ids": keys("kadis", "kadis")}, "/position_ids/1"),
        ({"resource_ids": keys("nothing")}, "/resource_ids/0"),
        ({"position_ids": keys("kadis"), "from": "2026-11-27"}, "/to"),
        ({"position_ids": keys("kadis"), "to": "2026-12-27"}, "/to"),
        ({"position_ids": keys("kadis"), "from": "2026-13-40"}, "/from"),
        ({"position_ids": keys("kadis"), "from": "0001-01-01"}, "/from"),
        ({"position_ids": keys("kadis"), "to": "9999-12-30"}, "/to"),
    ],
)
def test_bad_questions_name_their_field(
    desk: Desk, query: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        slots(desk, "kadis", **query)

    assert caught.value.errors[0]["field"] == field


def test_the_alternatives_of_a_refusal_are_slots_of_the_same_search(
    desk: Desk,
) -> None:
    desk.create("ajudan", request("bupati"))

    error = refused(lambda: desk.create("ajudan", request("bupati")))

    free = starts(slots(desk, "ajudan", position_ids=keys("bupati")))
    nearby = [
        datetime.fromisoformat(x["starts_at"]) for x in error.facts["alternatives"]
    ]
    assert set(nearby) <= set(free)


def test_who_could_represent_is_checked_for_that_time(desk: Desk) -> None:
    desk.create("mertua", request("kabid", title="Rapat kabid"))
    made = desk.create("sekretaris", request("kadis"))

    found = stand_ins(desk, "sekretaris", made.activity_id, "kadis")

    codes = [row.code for row in found]
    assert codes[0] == "sekretaris"
    assert codes[-1] == "kabid"
    assert not {"kadis", "vacant", "sekda", "bupati"} & set(codes)
    assert [row.available for row in found] == [True] * (len(found) - 1) + [False]
    assert [clash.activity_title for clash in found[-1].conflicts] == ["Rapat kabid"]
    for row in found:
        if row.available:
            desk.respond("kadis", made.activity_id, "kadis", "represented", row.code)
    with pytest.raises(Conflict):
        desk.respond("kadis", made.activity_id, "kadis", "represented", "kabid")


def test_who_sits_in_it_already_may_represent(desk: Desk) -> None:
    made = desk.create(
        "sekretaris", request(participants=people("kadis", "sekretaris"))
    )

    found = stand_ins(desk, "kadis", made.activity_id, "kadis", limit=2)

    assert [(x.code, x.available, x.participates) for x in found] == [
        ("kabid", True, False),
        ("sekretaris", True, True),
    ]


def test_only_keepers_ask_who_could_represent(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", visibility=Visibility.INTERNAL))
    hidden = desk.create(
        "ajudan", request("bupati", visibility=Visibility.BUSY_ONLY, day=1)
    )

    with pytest.raises(Forbidden):
        stand_ins(desk, "staf.dinkes", made.activity_id, "bupati")
    with pytest.raises(NotFound):
        stand_ins(desk, "staf.dinkes", hidden.activity_id, "bupati")
    with pytest.raises(NotFound):
        stand_ins(desk, "ajudan", made.activity_id, "wabup")
    desk.cancel("ajudan", made.activity_id)
    with pytest.raises(Conflict):
        stand_ins(desk, "ajudan", made.activity_id, "bupati")


def test_who_could_represent_is_asked_by_keys(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati", "kadis"))

    with statements(desk) as few:
        stand_ins(desk, "kadis", made.activity_id, "kadis")
    with statements(desk) as many:
        stand_ins(desk, "protokol", made.activity_id, "bupati")

    assert len(many) <= len(few) + 1 <= 7
