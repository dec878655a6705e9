"""What others hide is taken time on every page, whatever else is not told of it."""

from __future__ import annotations

import pytest

from tests.unit.gateway.fakes import FakeBus
from tests.unit.portal.desk import page, pid, seat
from tests.unit.portal.test_resource_pages import ACTIVITY, ACTIVITY_ID, ROOM, ROOM_ID

LINE = {
    "position_id": pid("kadis"),
    "code": "kadis",
    "title": "Kepala Dinas Kominfo",
    "unit_name": "Dinas Kominfo",
    "person": None,
    "role": None,
    "response": None,
    "kept_by_me": False,
    "standing": "binding",
}
HIDDEN = {
    **ACTIVITY,
    "title": "Kegiatan",
    "kind": "lainnya",
    "masked": True,
    "organiser_unit_id": None,
    "organiser_unit_name": "",
    "place": None,
    "letter_id": None,
    "participants": [],
    "resources": [],
    "resource_ids": [],
    "allowed": [],
    "travel_minutes_before": 0,
    "all_day": False,
    "dress_code": None,
    "contact": None,
}


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.get_activity"] = lambda _call: HIDDEN
    bus.answers["schedule.list_activities"] = page({**HIDDEN, "participants": [LINE]})
    bus.answers["schedule.list_resources"] = page(ROOM)
    return bus


async def test_its_page_says_that_it_is_hidden(portal):
    answer, text = await portal(f"/kegiatan/{ACTIVITY_ID}")

    assert answer.status == 200
    assert "Rincian kegiatan ini disembunyikan." in text


@pytest.mark.parametrize("board", ["/jadwal", "/jadwal/pekan"])
async def test_a_board_asks_for_the_time_of_all_its_rows(portal, bus, board):
    day = ACTIVITY["starts_at"][:10]

    answer, text = await portal(f"{board}?tanggal={day}")

    assert answer.status == 200
    assert "Sibuk" in text
    (call,) = bus.of("list_activities")
    assert {ROOM_ID, pid("kadis")} <= set(call.kwargs["query"]["busy_of"])


async def test_an_agenda_shows_the_taken_time(portal):
    address = f"/agenda/{ACTIVITY['starts_at'][:10]}"

    answer, text = await portal(f"{address}?jabatan={pid('kadis')}")

    assert answer.status == 200
    assert "Kegiatan" in text
