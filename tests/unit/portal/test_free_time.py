"""*Cari waktu* around a fake bus: what is asked, and what is shown."""

from __future__ import annotations

from datetime import date

import pytest
from multidict import MultiDict

from contracts.errors import Unavailable, invalid
from gateway.app import create_app
from gateway.config import GatewayConfig
from gateway.portal import free_time
from gateway.portal.free_time import Wish
from tests.unit.gateway.fakes import TOKEN, FakeBus
from tests.unit.portal.desk import page, pid, positions, seat

DAY = date(2026, 11, 26)
ROOM = {"resource_id": pid("tu"), "name": "Aula Ramu", "kind": "room", "capacity": 200}


def slot(begins: str, ends: str) -> dict[str, str]:
    return {
        "starts_at": f"2026-11-26T{begins}:00+08:00",
        "ends_at": f"2026-11-26T{ends}:00+08:00",
    }


def activity(code: str, standing: str, begins: str, ends: str):
    return {
        **slot(begins, ends),
        "assumed_ends_at": slot(begins, ends)["ends_at"],
        "state": "confirmed",
        "participants": [
            {
                "position_id": pid(code),
                "person": {"person_id": pid(code), "name": code},
                "standing": standing,
            }
        ],
        "resources": [],
    }


def failing(error):
    def answer(_call):
        raise error

    return answer


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.list_resources"] = page(ROOM)
    bus.answers["schedule.list_free_slots"] = lambda _call: {
        "slots": [
            slot("08:00", "10:00"),
            slot("08:30", "10:30"),
            slot("13:30", "15:30"),
        ],
        "more": False,
    }
    bus.answers["schedule.list_activities"] = page(
        activity("kadis", "binding", "10:00", "13:00"),
        activity("kabid", "tentative", "16:00", "18:00"),
    )
    return bus


@pytest.fixture
async def show(aiohttp_client, tmp_path, bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    client = await aiohttp_client(
        create_app(config, bus=bus), cookies={"rakat_session": TOKEN}
    )

    async def get(path):
        answer = await client.get(path, allow_redirects=False)
        return answer.status, await answer.text()

    return get


async def test_at_first_a_week_of_my_own_office_is_searched(show, bus):
    status, text = await show("/cari-waktu")

    query = bus.of("list_free_slots")[0].kwargs["query"]
    assert status == 200
    assert query["position_ids"] == [pid("kadis")]
    assert query["working_hours"] is True
    assert "2 waktu cocok" in text
    assert "13.30–15.30" in text
    assert "08.30–10.30" not in text


async def test_the_form_is_asked_as_sent_and_a_slot_fills_the_activity(show, bus):
    chosen = f"peserta={pid('kadis')}&peserta={pid('kabid')}&ruang={pid('tu')}"
    _, text = await show(
        f"/cari-waktu?{chosen}&lama=90&dari=2026-11-26&sampai=2026-11-27"
    )

    query = bus.of("list_free_slots")[0].kwargs["query"]
    assert query["duration_minutes"] == 90
    assert query["working_hours"] is False
    assert query["resource_ids"] == [pid("tu")]
    assert "Terpakai 10.00–13.00" in text
    assert "Tentatif 16.00–18.00" in text
    link = free_time.address(
        Wish(offices=[pid("kadis"), pid("kabid")], resources=[pid("tu")]),
        slot("08:00", "10:00"),
    )
    assert link.replace("&", "&amp;") in text
    bus.answers["schedule.list_activities"] = page()
    _, form = await show(link)
    assert 'name="mulai" value="08:00"' in form
    assert 'name="selesai" value="10:00"' in form
    assert f'name="peserta" value="{pid("kabid")}"' in form


async def test_once_there_are_slots_the_long_lists_are_folded_away(show, bus):
    asked = f"peserta={pid('kadis')}&ruang={pid('tu')}"
    _, found = await show(f"/cari-waktu?{asked}&lama=60")
    _, searching = await show(f"/cari-waktu?{asked}&lama=60&cari=hukum")
    bus.answers["schedule.list_free_slots"] = lambda _: {"slots": []}
    _, none = await show(f"/cari-waktu?{asked}&lama=60")

    folded, opened = "data-desk-open>", "data-desk-open open>"
    assert folded in found
    assert opened in searching
    assert opened in none
    assert 'action="/cari-waktu#hasil"' in found
    summary = found.partition(folded)[2].partition("</summary>")[0]
    assert "1 jam" in summary
    assert found.index("waktu cocok") > found.index('id="hasil"')


async def test_a_wrong_range_is_said_at_its_field(show, bus):
    bus.answers["schedule.list_free_slots"] = failing(
        invalid("/to", "Paling lama 31 hari")
    )

    status, text = await show("/cari-waktu?peserta=" + pid("kadis"))

    assert status == 422
    assert 'id="sampai-salah"' in text


async def test_without_the_schedule_the_form_stays(show, bus):
    bus.answers["schedule.list_free_slots"] = failing(Unavailable())

    status, text = await show("/cari-waktu")

    assert status == 200
    assert "Cari waktu bersama" in text


async def test_nobody_chosen_asks_nothing(show, bus):
    _, text = await show(f"/cari-waktu?peserta={pid('kadis')}&hapus={pid('kadis')}")

    assert bus.of("list_free_slots") == []
    assert "Pilih peserta" in text


def test_bars_are_cut_to_the_shown_hours():
    late = activity("kabid", "tentative", "16:00", "18:00")

    (bar,) = free_time.bars([late], [pid("kabid")], DAY)

    assert (bar.x, bar.width, bar.binds) == (88.9, 11.1, False)
    assert free_time.bars([late], [pid("kadis")], DAY) == []


def test_who_sits_there_for_another_office_is_taken():
    known = free_time.Offices({row["position_id"]: row for row in positions()}, {})
    busy = activity("kabid", "binding", "09:00", "10:00")
    busy["participants"][0]["position_id"] = pid("kabag")

    keys = free_time.keys_of(known, pid("kabid"))

    assert len(free_time.bars([busy], keys, DAY)) == 1
    assert free_time.bars([busy], free_time.keys_of(known, pid("kadis")), DAY) == []


def test_office_hours_are_meant_unless_the_form_says_otherwise():
    known = free_time.Offices({}, {})
    asked = MultiDict({"lama": "60"})

    assert free_time.wish_of(MultiDict(), known, None, DAY).office_hours
    assert not free_time.wish_of(asked, known, None, DAY).office_hours
