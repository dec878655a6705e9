"""*Langganan kalender* around a fake bus: made, shown once, taken back."""

from __future__ import annotations

import re

import pytest

from contracts.errors import Invalid, NotFound, Unavailable, invalid
from gateway.auth import token_key
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, NOW, page, pid, seat, uid

HERE = "/kalender"
ROOM = {"resource_id": pid("tu"), "name": "Aula Ramu", "kind": "room"}
FEED = {
    "feed_id": LETTER,
    "detail": "busy",
    "position_id": pid("kadis"),
    "name": "Kepala Dinas Kominfo",
    "created_at": NOW,
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
    bus.answers["schedule.list_calendar_feeds"] = page(FEED)
    bus.answers["schedule.create_calendar_feed"] = done({"feed_id": LETTER})
    bus.answers["schedule.delete_calendar_feed"] = done(None)
    return bus


async def test_the_page_lists_mine_and_offers_offices_and_rooms(portal):
    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "Hanya sibuk · dibuat" in text
    assert f'value="jabatan:{pid("kadis")}"' in text
    assert f'value="jabatan:{pid("kabid")}"' in text
    assert f'value="ruang:{pid("tu")}"' in text
    assert "/calendars/" not in text


async def test_an_address_is_shown_once_and_only_its_hash_is_sent(portal, bus):
    fields = {"untuk": f"ruang:{pid('tu')}", "rincian": "busy", "aksi": "buat"}

    answer, text = await portal(HERE, fields)

    (call,) = bus.of("create_calendar_feed")
    (token,) = re.findall(r"/calendars/([\w-]{43})\.ics", text)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert call.kwargs["body"] == {"detail": "busy", "resource_id": pid("tu")}
    assert call.kwargs["token_sha256"] == token_key(token)
    assert 'data-copy="#alamat-kalender"' in text


async def test_a_search_chooses_the_nearest_and_makes_nothing(portal, bus):
    fields = {"untuk": f"jabatan:{pid('kadis')}", "rincian": "busy"}

    _, text = await portal(HERE, {**fields, "cari": "hukum", "aksi": "cari"})

    assert f'value="jabatan:{pid("kabag")}" selected' in text
    assert 'value="busy" checked' in text
    assert bus.of("create_calendar_feed") == []


async def test_nothing_chosen_is_said_at_the_field(portal, bus):
    answer, text = await portal(HERE, {"untuk": "jabatan:", "aksi": "buat"})

    assert answer.status == 422
    assert 'id="untuk-salah"' in text
    assert bus.of("create_calendar_feed") == []


async def test_a_refusal_keeps_what_was_chosen(portal, bus):
    bus.answers["schedule.create_calendar_feed"] = failing(
        invalid("/position_id", "Tidak dikenal")
    )
    fields = {"untuk": f"jabatan:{pid('kabid')}", "rincian": "busy", "aksi": "buat"}

    answer, text = await portal(HERE, fields)

    assert answer.status == 422
    assert "Tidak dikenal" in text
    assert f'value="jabatan:{pid("kabid")}" selected' in text
    assert 'value="busy" checked' in text


async def test_an_address_is_taken_back_after_a_question(portal, bus):
    _, asked = await portal(f"{HERE}/{LETTER}/cabut")
    assert "Cabut alamat kalender?" in asked
    assert bus.of("delete_calendar_feed") == []

    answer, _ = await portal(f"{HERE}/{LETTER}/cabut", {})

    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    assert bus.of("delete_calendar_feed")[0].kwargs == {"feed_id": LETTER}


async def test_an_address_taken_back_twice_is_no_error(portal, bus):
    bus.answers["schedule.delete_calendar_feed"] = failing(NotFound())

    answer, _ = await portal(f"{HERE}/{LETTER}/cabut", {})

    assert answer.status == 303


async def test_somebody_elses_is_not_found(portal):
    answer, _ = await portal(f"{HERE}/{pid('tu')}/cabut")

    assert answer.status == 404


async def test_without_the_schedule_the_form_stays(portal, bus):
    bus.answers["schedule.list_calendar_feeds"] = failing(Unavailable())

    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "Buat alamat" in text


async def test_a_feed_of_ones_unit_or_one_looked_for(portal, bus):
    _, text = await portal(HERE)
    _, found = await portal(HERE, {"cari": "sekretariat daerah", "aksi": "cari"})

    fields = {"untuk": f"unit:{uid('kominfo')}", "rincian": "full", "aksi": "buat"}
    answer, _ = await portal(HERE, fields)

    (call,) = bus.of("create_calendar_feed")
    assert f'value="unit:{uid("kominfo")}"' in text
    assert f'value="unit:{uid("setda")}"' not in text
    assert f'value="unit:{uid("setda")}" selected' in found
    assert "Hasilnya ada di daftar" in found
    assert answer.status == 200
    assert call.kwargs["body"] == {"detail": "full", "unit_id": uid("kominfo")}


async def test_more_addresses_than_one_may_have_are_refused(portal, bus):
    bus.answers["schedule.create_calendar_feed"] = failing(
        Invalid("too_many_feeds", most=20)
    )

    fields = {"untuk": f"unit:{uid('kominfo')}", "rincian": "full", "aksi": "buat"}
    answer, text = await portal(HERE, fields)

    assert answer.status == 422
    assert "Cabut alamat yang tidak dipakai lagi" in text


async def test_sent_twice_the_form_shows_the_same_address(portal, bus):
    fields = {"untuk": f"ruang:{pid('tu')}", "rincian": "busy", "aksi": "buat"}
    _, form = await portal(HERE)
    (key,) = re.findall(r'name="kunci" value="([^"]+)"', form)

    pages = [(await portal(HERE, {**fields, "kunci": key}))[1] for _ in range(2)]

    addresses = [re.findall(r"/calendars/([\w-]{43})\.ics", page) for page in pages]
    assert addresses[0] == addresses[1]
    assert [call.idempotency.key for call in bus.of("create_calendar_feed")] == [
        key
    ] * 2
