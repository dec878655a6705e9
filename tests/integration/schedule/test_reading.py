"""Lists, the monitor, conflict checks: what each reader gets."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from contracts import schedule
from contracts.actor import Actor
from contracts.errors import Invalid
from contracts.paging import Page
from contracts.schedule import ConflictCheck, Visibility
from contracts.schedule_requests import (
    ActivitiesQuery,
    CheckConflicts,
    OverrideRequest,
    ResourcesQuery,
)
from services.schedule.use_cases.checking import check_conflicts
from services.schedule.views.listing import list_activities, list_resources
from tests.integration.schedule.desk import Desk, monitored
from tests.unit.schedule.offices import at, client, key, request


def listed(desk: Desk, who: str | Actor, **query: Any) -> Page[schedule.Activity]:
    wanted = msgspec.convert(query, ActivitiesQuery)
    caller = desk.caller(who)
    return desk.run(lambda uow: list_activities(uow, caller, wanted))


def checked(desk: Desk, who: str | Actor, **fields: Any) -> ConflictCheck:
    caller = desk.caller(who)
    wanted = CheckConflicts(**fields)
    return desk.run(lambda uow: check_conflicts(uow, caller, wanted))


def titles(page: Page[schedule.Activity]) -> list[str]:
    return [item.title for item in page.items]


def test_lists_filter_by_time_office_unit_thing_and_state(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", title="A", resource_ids=[key("aula")]))
    desk.create("kadis", request("kadis", title="B", starts=11, ends=12))
    desk.create("wabup", request("wabup", title="C", day=1, state="proposed"))

    assert titles(listed(desk, "kadis")) == ["A", "B", "C"]
    day = {"from": "2026-11-26", "to": "2026-11-26"}
    assert titles(listed(desk, "kadis", **day)) == ["A", "B"]
    assert titles(listed(desk, "kadis", **{"from": "2026-11-26T10:00:00+08:00"})) == [
        "B",
        "C",
    ]
    assert titles(listed(desk, "kadis", position_id=str(key("bupati")))) == ["A"]
    assert titles(listed(desk, "kadis", unit_id=str(key("kominfo")))) == ["B"]
    assert titles(listed(desk, "kadis", resource_id=str(key("aula")))) == ["A"]
    assert titles(listed(desk, "kadis", state="proposed")) == ["C"]
    assert titles(listed(desk, "kadis", q="b")) == ["B"]


def test_pages_are_complete_and_without_repeats(desk: Desk) -> None:
    for hour in range(7):
        desk.create("ajudan", request("bupati", starts=8 + hour, ends=9 + hour))

    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = listed(desk, "ajudan", limit=3, **more)
        seen += [item.starts_at for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == [at(8 + hour) for hour in range(7)]


def test_bad_windows_and_cursors_are_invalid(desk: Desk) -> None:
    backwards = {"from": "2026-11-27", "to": "2026-11-20"}
    for query in (
        {"from": "2026-13-40"},
        {"cursor": "zzz"},
        {"cursor": "WzFd"},
        backwards,
    ):
        with pytest.raises(Invalid):
            listed(desk, "ajudan", **query)
    for ask in (listed, monitored):
        with pytest.raises(Invalid) as caught:
            ask(desk, "ajudan", **backwards)
        assert caught.value.errors[0]["field"] == "/to"
    one_day = {"from": "2026-11-27", "to": "2026-11-27"}
    assert listed(desk, "ajudan", **one_day).items == []


def test_a_search_does_not_tell_what_a_title_hides(desk: Desk) -> None:
    desk.create(
        "ajudan",
        request("bupati", title="Berobat", visibility=Visibility.BUSY_ONLY),
    )
    desk.create("ajudan", request("bupati", title="Berobat massal", starts=13, ends=14))

    assert titles(listed(desk, "staf.dinkes", q="berobat")) == ["Berobat massal"]
    assert len(listed(desk, "protokol", q="berobat").items) == 2
    assert titles(listed(desk, "staf.dinkes")) == ["Kegiatan", "Berobat massal"]


def test_a_client_reads_titles_of_its_own_units_only(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", title="Rapat inti"))
    desk.create("kadis", request("kadis", title="Rapat kominfo"))
    desk.create(
        "wabup", request("wabup", title="Upacara", visibility=Visibility.PUBLIC)
    )

    assert sorted(titles(listed(desk, client()))) == [
        "Kegiatan",
        "Rapat kominfo",
        "Upacara",
    ]
    assert sorted(titles(listed(desk, client(), q="a"))) == ["Rapat kominfo", "Upacara"]


def test_a_check_stores_nothing_and_proposes_slots_free_for_all(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", starts=9, ends=11))
    desk.create("wabup", request("wabup", starts=11, ends=12))
    desk.create("staf.dinkes", request("wabup", starts=9, ends=10, state="tentative"))

    answer = checked(
        desk,
        "staf.dinkes",
        starts_at=at(9),
        ends_at=at(10),
        position_ids=[key("bupati"), key("wabup")],
        resource_ids=[key("aula")],
    )

    assert [clash.position_id for clash in answer.conflicts] == [key("bupati")]
    assert [clash.position_id for clash in answer.warnings] == [key("wabup")]
    assert len(answer.alternatives) >= 3
    for slot in answer.alternatives:
        again = checked(
            desk,
            "staf.dinkes",
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            position_ids=[key("bupati"), key("wabup")],
        )
        assert again.conflicts == []
    assert desk.count("activity") == 3
    assert desk.count("bookable", f"ref = '{key('aula')}'") == 0


def test_a_check_leaves_out_the_activity_that_would_move(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))

    answer = checked(
        desk,
        "ajudan",
        starts_at=at(9),
        ends_at=at(10),
        position_ids=[key("bupati")],
        exclude_activity_id=made.activity_id,
    )

    assert answer.conflicts == []


def test_for_a_time_long_past_the_slots_nearest_to_now_are_shown(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", day=-300))

    answer = checked(
        desk,
        "ajudan",
        starts_at=at(9, day=-300),
        ends_at=at(10, day=-300),
        position_ids=[key("bupati")],
    )

    assert len(answer.alternatives) >= 3
    assert all(slot.starts_at >= desk.now for slot in answer.alternatives)


def test_a_check_names_the_unknown_office(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        checked(desk, "ajudan", starts_at=at(9), position_ids=[key("nobody")])

    assert caught.value.errors[0]["field"] == "/position_ids/0"


def test_the_monitor_shows_displaced_and_overlapping_tentative_lines(
    desk: Desk,
) -> None:
    beaten = desk.create("ajudan", request("bupati", title="Kalah"))
    desk.create(
        "protokol", request("bupati", override=OverrideRequest(reason="Darurat"))
    )
    desk.create("kadis", request("kadis", title="Tetap", starts=13, ends=14))
    loose = desk.create(
        "kadis", request("kadis", starts=13, ends=15, state="tentative")
    )
    desk.create("kadis", request("kadis", starts=20, ends=21, state="tentative"))

    lines = monitored(desk, "staf.dinkes").items

    assert [(line.activity_id, line.standing) for line in lines] == [
        (beaten.activity_id, "displaced"),
        (loose.activity_id, "tentative"),
    ]
    assert [clash.activity_title for clash in lines[1].overlaps] == ["Tetap"]
    assert lines[1].unit_name == "Unit kominfo"
    only = monitored(desk, "kadis", unit_id=str(key("kominfo"))).items
    assert [line.activity_id for line in only] == [loose.activity_id]
    page = monitored(desk, "kadis", limit=1)
    rest = monitored(desk, "kadis", limit=1, cursor=page.next_cursor)
    assert [x.activity_id for x in (*page.items, *rest.items)] == [
        beaten.activity_id,
        loose.activity_id,
    ]
    assert monitored(desk, "kadis", to="2026-11-25").items == []


def test_the_monitor_hides_titles_like_everything_else(desk: Desk) -> None:
    desk.create(
        "ajudan", request("bupati", title="Berobat", visibility=Visibility.BUSY_ONLY)
    )
    desk.create("ajudan", request("bupati", title="Rapat", state="tentative"))

    (line,) = monitored(desk, "staf.dinkes").items

    assert line.activity_title == "Rapat"
    assert [clash.activity_title for clash in line.overlaps] == ["sibuk"]


def test_resources_are_listed_by_code(desk: Desk) -> None:
    caller = desk.caller("kadis")

    def codes(**query: Any) -> list[str]:
        wanted = msgspec.convert(query, ResourcesQuery)
        page = desk.run(lambda uow: list_resources(uow, caller, wanted))
        return [item.code for item in page.items]

    assert codes() == ["aula", "mobil", "ruang"]
    assert codes(kind="vehicle") == ["mobil"]
    assert codes(unit_id=str(key("pemkab"))) == ["aula", "mobil", "ruang"]
    assert codes(q="RUANG") == ["ruang"]
