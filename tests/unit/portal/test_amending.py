"""An activity changed in one form around a fake bus, and an answer taken back."""

from __future__ import annotations

import pytest
from multidict import MultiDict

from contracts.errors import Conflict, Stale
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, page, pid, seat, uid

ACTIVITY = f"/kegiatan/{LETTER}"
HERE = f"{ACTIVITY}/sunting"
FORM = {
    "judul": "Rapat jembatan",
    "jenis": "rapat",
    "tanggal": "2199-01-02",
    "mulai": "22:00",
    "tanggal-selesai": "2199-01-04",
    "selesai": "02:00",
    "tempat": "Aula",
    "daring": "https://rapat.example/1",
    "terlihat": "internal",
    "sebelum": "30",
    "pakaian": "Batik",
    "penyelenggara": uid("kominfo"),
    "peserta": pid("kadis"),
    f"peran-{pid('kadis')}": "host",
    "versi": "3",
    "kunci": "k1",
    "aksi": "simpan",
}


def line(code="kadis", **more):
    return {
        "position_id": pid(code),
        "title": "Kepala Dinas Kominfo",
        "role": "host",
        "response": "attending",
        "represented_by": None,
        "represents": None,
        "standing": "binding",
        "kept_by_me": True,
        **more,
    }


def activity(**more):
    return {
        "activity_id": LETTER,
        "title": "Rapat jembatan",
        "kind": "rapat",
        "starts_at": "2199-01-02T22:00:00+08:00",
        "ends_at": "2199-01-04T02:00:00+08:00",
        "assumed_ends_at": "2199-01-04T02:00:00+08:00",
        "all_day": False,
        "organiser_unit_id": uid("kominfo"),
        "organiser_unit_name": "Diskominfo",
        "state": "confirmed",
        "visibility": "internal",
        "place": {"name": "Aula", "online_url": "https://rapat.example/1"},
        "participants": [line()],
        "resource_ids": [],
        "resources": [],
        "travel_minutes_before": 30,
        "travel_minutes_after": 0,
        "dress_code": "Batik",
        "contact": None,
        "series_id": None,
        "outcome": None,
        "allowed": ["update"],
        "version": 3,
        **more,
    }


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.get_activity"] = lambda _call: activity()
    bus.answers["schedule.update_activity"] = done(activity(version=4))
    for listed in ("list_activities", "list_resources", "list_representatives"):
        bus.answers[f"schedule.{listed}"] = page()
    return bus


def patches(bus):
    return [call for call in bus.calls if call.method == "update_activity"]


async def test_the_page_leads_to_a_form_that_holds_all_of_the_activity(portal, bus):
    _, text = await portal(ACTIVITY)
    assert f'href="{HERE}"' in text
    answer, text = await portal(HERE)
    assert answer.status == 200
    for value in FORM.values():
        assert f'value="{value}"' in text or value in ("k1", "simpan")


async def test_without_the_right_no_form_is_offered_or_shown(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _call: activity(allowed=[])
    _, text = await portal(ACTIVITY)
    assert HERE not in text
    answer, _ = await portal(HERE)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("changed", "patch"),
    [
        ({"judul": "Rapat jalan"}, {"title": "Rapat jalan"}),
        ({"sebelum": ""}, {"travel_minutes_before": 0}),
        (
            {"tempat": "", "daring": ""},
            {"place": {"name": None, "online_url": None, "region_code": None}},
        ),
        (
            {"tanggal-selesai": "", "selesai": ""},
            {"starts_at": "2199-01-02T22:00:00+08:00", "ends_at": None},
        ),
        (
            {"sepanjang-hari": "1"},
            {
                "all_day": True,
                "starts_at": "2199-01-02T00:00:00+08:00",
                "ends_at": "2199-01-05T00:00:00+08:00",
            },
        ),
        (
            {"peserta": pid("kabid")},
            {"participants": [{"position_id": pid("kabid"), "role": "required"}]},
        ),
    ],
)
async def test_only_what_differs_is_sent_under_the_version_that_was_read(
    portal, bus, changed, patch
):
    answer, _ = await portal(HERE, FORM | changed)
    assert answer.status == 303
    assert answer.headers["Location"] == ACTIVITY
    (call,) = patches(bus)
    assert call.kwargs["body"] == patch
    assert call.kwargs["expected_version"] == 3


async def test_a_form_that_changes_nothing_asks_nobody(portal, bus):
    answer, _ = await portal(HERE, FORM)
    assert answer.status == 303
    assert not patches(bus)


async def test_who_was_overtaken_keeps_his_words_and_learns_what_they_replace(
    portal, bus
):
    def stale(_call):
        bus.answers["schedule.get_activity"] = lambda _call: activity(
            kind="audiensi", version=7
        )
        raise Stale

    bus.answers["schedule.update_activity"] = stale
    answer, text = await portal(HERE, FORM | {"judul": "Rapat jalan"})
    assert answer.status == 412
    assert "yang berganti: nama dan jenis." in text
    assert 'value="Rapat jalan"' in text
    assert 'name="versi" value="7"' in text


async def test_a_clash_offers_the_ways_out_of_something_saved_already(portal, bus):
    clash = {
        "kind": "person",
        "position_id": pid("kadis"),
        "name": "Kepala Dinas",
        "activity_id": LETTER,
        "activity_title": "Paripurna",
        "starts_at": "2199-01-02T22:00:00+08:00",
        "ends_at": "2199-01-02T23:00:00+08:00",
        "state": "confirmed",
    }
    slot = {
        "starts_at": "2199-01-05T22:00:00+08:00",
        "ends_at": "2199-01-07T02:00:00+08:00",
    }

    def refused(_call):
        raise Conflict(
            "schedule_conflict", conflicts=[clash], alternatives=[slot], total=1
        )

    bus.answers["schedule.update_activity"] = refused
    bus.answers["schedule.check_conflicts"] = lambda _call: {"conflicts": []}
    answer, text = await portal(HERE, FORM | {"judul": "Rapat jalan"})
    assert answer.status == 409
    assert "Pindah waktu" in text
    assert "Simpan sebagai tentatif" not in text
    assert f'action="{HERE}"' in text
    assert 'value="Rapat jalan"' in text
    bus.answers["schedule.update_activity"] = done(activity())
    way = {"jalan": "pindah", "slot": f"{slot['starts_at']}/{slot['ends_at']}"}
    answer, _ = await portal(HERE, FORM | {"judul": "Rapat jalan"} | way)
    assert answer.status == 303
    assert patches(bus)[-1].kwargs["body"] == {"title": "Rapat jalan", **slot}


async def test_a_series_is_changed_as_far_as_is_said(portal, bus):
    one = activity(series_id=LETTER)
    bus.answers["schedule.get_activity"] = lambda _call: one
    _, text = await portal(HERE)
    assert 'name="lingkup"' in text
    assert 'name="berulang"' not in text
    await portal(HERE, FORM | {"tempat": "Balai", "lingkup": "following"})
    assert patches(bus)[-1].kwargs["query"] == {"scope": "following"}


async def test_looking_for_people_loses_nothing_that_was_typed(portal, bus):
    typed = MultiDict(FORM | {"aksi": "ubah", "cari": "bupati", "judul": "Baru"})
    answer, text = await portal(HERE, dict(typed))
    assert answer.status == 200
    for value in ("Baru", "2199-01-04", "https://rapat.example/1", "Batik"):
        assert f'value="{value}"' in text
    assert not patches(bus)


@pytest.mark.parametrize(
    ("starts_at", "response", "offered"),
    [
        ("2199-01-02T22:00:00+08:00", "attending", {"not_attending"}),
        ("2199-01-02T22:00:00+08:00", "not_attending", {"attending"}),
        ("2199-01-02T22:00:00+08:00", "pending", {"attending", "not_attending"}),
        ("2020-01-02T22:00:00+08:00", "attending", set()),
    ],
)
async def test_an_answer_can_be_taken_back_while_it_is_ahead(
    portal, bus, starts_at, response, offered
):
    one = activity(starts_at=starts_at, participants=[line(response=response)])
    bus.answers["schedule.get_activity"] = lambda _call: one
    _, text = await portal(ACTIVITY)
    buttons = ("attending", "not_attending")
    assert {it for it in buttons if f'value="{it}"' in text} == offered
    assert ("Ubah jawaban" in text) is (bool(offered) and response != "pending")


async def test_the_day_has_the_text_of_its_sheet_and_the_way_to_the_paper(
    portal, portal_client, bus
):
    bus.answers["schedule.list_activities"] = page(activity(masked=False))
    _, text = await portal("/agenda/2199-01-03")
    assert f'href="/api/v1/day-sheets/{pid("kadis")}/2199-01-03"' in text
    assert "1. 02-01-2199 22.00 s.d. 04-01-2199 02.00 WITA" in text
    assert "Pakaian: Batik" in text
    bus.answers["schedule.get_day_sheet"] = lambda _call: {
        "position_id": pid("kadis"),
        "title": "Kepala Dinas Kominfo",
        "person_name": None,
        "date": "2199-01-03",
        "items": [],
    }
    wanted = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    path = f"/api/v1/day-sheets/{pid('kadis')}/2199-01-03"
    paper = await portal_client.get(path, headers=wanted)
    assert (paper.status, paper.content_type) == (200, "application/pdf")
