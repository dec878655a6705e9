"""Numbers, grades and titles of officials, recorded by an administrator."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Forbidden, Stale, Unavailable, invalid
from gateway.csrf import token_for
from gateway.portal import officials
from tests.unit.gateway.fakes import TOKEN, FakeBus, done
from tests.unit.portal import desk
from tests.unit.portal.desk import page, seat

PERSON = str(UUID(int=0x700))
HERE = f"/pejabat/{PERSON}"
BUDI = {
    "person_id": PERSON,
    "name": "Budi Santoso",
    "nip": "••••••••••••••5678",
    "username": "kadis",
    "positions": [{"title": "Kepala Dinas Kominfo"}],
}
FACTS = {
    **BUDI,
    "grade": "IV/b",
    "degrees_before": None,
    "degrees_after": "M.Si.",
    "version": 8,
}


def sit(bus: FakeBus, duty: str, capacity: str = "definitive") -> FakeBus:
    seat(bus, "tu")
    held = desk.me("tu")
    held["positions"][0] |= {"duty": duty, "capacity": capacity}
    bus.answers["directory.get_me"] = lambda _: held
    bus.answers["directory.list_people"] = page(BUDI)
    bus.answers["directory.get_person"] = lambda _: FACTS
    bus.answers["directory.update_person"] = done(FACTS)
    return bus


@pytest.fixture
def bus() -> FakeBus:
    return sit(FakeBus(), "administrator")


async def test_people_are_listed_with_the_end_of_their_number(portal, bus):
    answer, text = await portal("/pejabat?q=budi")
    assert answer.status == 200
    assert "Kepala Dinas Kominfo" in text
    assert "Nomor berakhiran 5678" in text
    assert bus.of("list_people")[0].kwargs["query"] == {"limit": 50, "q": "budi"}


@pytest.mark.parametrize(("q", "said"), [("x", "cocok dengan “x”"), ("", "Belum ada")])
async def test_nobody_found_is_said(portal, bus, q, said):
    bus.answers["directory.list_people"] = page()
    _, text = await portal(f"/pejabat?q={q}")
    assert said in text


async def test_a_directory_that_is_away_is_said(portal, bus):
    def away(_call):
        raise Unavailable(service="directory", retry_after=1)

    bus.answers["directory.list_people"] = away
    answer, text = await portal("/pejabat")
    assert answer.status == 200
    assert "Layanan direktori" in text


async def test_the_form_shows_what_is_recorded_and_no_whole_number(portal, bus):
    answer, text = await portal(HERE)
    assert answer.status == 200
    assert '<option value="IV/b" selected>Pembina Tingkat I (IV/b)</option>' in text
    assert '<optgroup label="PPPK"><option value="I">Golongan I</option>' in text
    assert 'name="nip" value=""' in text
    assert 'name="gelar-belakang" value="M.Si."' in text
    assert 'name="versi" value="8"' in text


@pytest.mark.parametrize(
    ("given", "nip"),
    [
        ({"nip": "19860926 201505 1 001"}, {"nip": "19860926 201505 1 001"}),
        ({"nip": ""}, {}),
        ({"nip": "", "hapus-nip": "ya"}, {"nip": None}),
    ],
)
async def test_an_empty_number_stays_and_a_tick_takes_it_away(portal, bus, given, nip):
    fields = {"golongan": "IX", "gelar-depan": "", "versi": "8", "kunci": "k1", **given}
    answer, _ = await portal(HERE, fields)
    assert (answer.status, answer.headers["Location"]) == (303, "/pejabat")
    (call,) = bus.of("update_person")
    rest = {"grade": "IX", "degrees_before": None, "degrees_after": None}
    assert call.kwargs["body"] == {**rest, **nip}
    assert call.kwargs["expected_version"] == 8


async def test_whoever_acts_as_another_office_still_records_as_administrator(
    portal, bus
):
    both = [
        *desk.me("staf")["positions"],
        *bus.answers["directory.get_me"](None)["positions"],
    ]
    bus.answers["directory.get_me"] = lambda _: {**desk.me("tu"), "positions": both}
    answer, _ = await portal(HERE, {"golongan": "IX", "versi": "8"})
    assert answer.status == 303
    acting = bus.of("update_person")[0].context.actor.acting_as
    assert str(acting) == desk.pid("tu")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (invalid("/nip", "NIP terdiri atas 18 angka"), 'id="nip-salah"'),
        (invalid("/grade", "Tidak dikenal"), 'id="golongan-salah"'),
        (Stale(version=9), "Sudah diubah orang lain"),
    ],
)
async def test_a_refusal_keeps_what_was_typed(portal, bus, error, words):
    def refuse(_call):
        raise error

    bus.answers["directory.update_person"] = refuse
    nip = "198609262015051001"
    answer, text = await portal(HERE, {"nip": nip, "golongan": "III/a"})
    assert answer.status == error.status
    assert words in text
    assert f'name="nip" value="{nip}"' in text
    assert 'value="III/a" selected' in text


@pytest.mark.parametrize("nip", ["123", "19860926201505100A", "1986092620150510011"])
async def test_what_is_no_number_is_said_before_anything_is_sent(portal, bus, nip):
    answer, text = await portal(HERE, {"nip": nip, "golongan": "IX"})
    assert answer.status == 422
    assert "NIP terdiri atas 18 angka." in text
    assert f'name="nip" value="{nip}"' in text
    assert not bus.of("update_person")


async def test_a_refused_form_comes_back_alone_for_htmx(portal_client, bus):
    def refuse(_call):
        raise invalid("/nip", "NIP terdiri atas 18 angka")

    bus.answers["directory.update_person"] = refuse
    headers = {"HX-Request": "true", "X-CSRF-Token": token_for(TOKEN)}
    answer = await portal_client.post(HERE, data={"nip": "0" * 18}, headers=headers)
    text = await answer.text()
    assert answer.status == 422
    assert "NIP terdiri atas 18 angka" in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("duty", "capacity"), [("registrar", "definitive"), ("administrator", "delegate")]
)
async def test_others_find_neither_page_nor_link(portal, bus, duty, capacity):
    sit(bus, duty, capacity)
    for path, fields in (("/pejabat", None), (HERE, None), (HERE, {"golongan": ""})):
        answer, _ = await portal(path, fields)
        assert answer.status == Forbidden.status
    assert not bus.of("list_people") + bus.of("get_person") + bus.of("update_person")
    _, text = await portal("/lainnya")
    assert "/pejabat" not in text


async def test_an_administrator_finds_the_page(portal, bus):
    _, text = await portal("/lainnya")
    assert 'href="/pejabat"' in text


async def test_an_address_that_is_none_is_not_found(portal, bus):
    answer, _ = await portal("/pejabat/siapa")
    assert answer.status == 404
    assert not bus.of("get_person")


def test_every_grade_is_offered_once():
    (civil, first), (contract, second) = officials.groups()
    assert (civil, len(first)) == ("PNS", 17)
    assert (contract, len(second)) == ("PPPK", 17)
