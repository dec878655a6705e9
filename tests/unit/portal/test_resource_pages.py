"""*Ruang dan kendaraan* around a fake bus: listed, kept, closed, agreed to."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Conflict, Stale, Unavailable
from gateway.portal import opening
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, NOW, page, pid, seat, uid

ROOM_ID, ACTIVITY_ID = pid("tu"), LETTER
HERE = "/ruang"
EDIT, CLOSE = f"{HERE}/{ROOM_ID}/ubah", f"{HERE}/{ROOM_ID}/tutup"
ANSWER = f"/kegiatan/{ACTIVITY_ID}/ruang/{ROOM_ID}"
ROOM = {
    "resource_id": ROOM_ID,
    "code": "AULA-1",
    "name": "Aula Ramu",
    "kind": "room",
    "unit_id": uid("kominfo"),
    "capacity": 200,
    "place": "Lantai 2",
    "active": True,
    "needs_approval": True,
    "bookable_hours": [{"weekday": 1, "opens": "08:00", "closes": "16:00"}],
    "version": 4,
}
FORM = {
    "nama": "Aula Besar",
    "kode": "AULA-1",
    "unit": uid("kominfo"),
    "kapasitas": "250",
    "aktif": "ya",
    "jam-1": "08.00-12.00, 13–16",
    "versi": "4",
    "kunci": "k1",
}
BLOCK = {
    "mulai": "2026-11-26",
    "jam-mulai": "08:00",
    "selesai": "2026-11-26",
    "jam-selesai": "12:00",
    "alasan": "Perbaikan atap",
}
TIMES = {
    "starts_at": "2026-11-26T08:00:00+08:00",
    "ends_at": "2026-11-26T12:00:00+08:00",
}
ACTIVITY = {
    **TIMES,
    "activity_id": ACTIVITY_ID,
    "title": "Rapat",
    "kind": "rapat",
    "organiser_unit_name": "Setda",
    "assumed_ends_at": TIMES["ends_at"],
    "state": "confirmed",
    "participants": [],
    "resources": [
        {"resource_id": ROOM_ID, "name": "Aula Ramu", "kind": "room", "approved": False}
    ],
    "allowed": [],
    "created_at": NOW,
}
CLASH = Conflict(
    "schedule_conflict",
    conflicts=[{**TIMES, "name": "Aula Ramu", "activity_title": "Rapat anggaran"}],
)


def failing(error):
    def answer(_call):
        raise error

    return answer


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers.update(
        {
            "schedule.list_resources": page(ROOM),
            "schedule.get_resource": lambda _: ROOM,
            "schedule.create_resource": done(ROOM),
            "schedule.update_resource": done(ROOM),
            "schedule.block_resource": done(ACTIVITY),
            "schedule.get_activity": lambda _: ACTIVITY,
            "schedule.approve_resource": done(ACTIVITY),
        }
    )
    return bus


async def test_the_list_says_what_holds_for_each(portal, bus):
    answer, text = await portal(f"{HERE}?jenis=room")

    assert answer.status == 200
    assert bus.of("list_resources")[0].kwargs["query"]["kind"] == "room"
    for words in ("200 orang", "Sen 08.00–16.00", "Perlu persetujuan", "Dipakai"):
        assert words in text
    assert EDIT in text


async def test_who_keeps_nothing_only_looks(portal, bus):
    seat(bus, "kabid")

    _, text = await portal(HERE)
    answer, _ = await portal(EDIT)
    new, _ = await portal(f"{HERE}/baru")

    assert "Aula Ramu" in text
    assert EDIT not in text
    assert (answer.status, new.status) == (403, 403)


async def test_a_room_is_entered_with_its_hours(portal, bus):
    answer, _ = await portal(f"{HERE}/baru", {**FORM, "jenis": "vehicle"})

    (call,) = bus.of("create_resource")
    body = call.kwargs["body"]
    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    assert call.idempotency.key == "k1"
    assert (body["kind"], body["capacity"], body["active"]) == ("vehicle", 250, True)
    assert body["needs_approval"] is False
    assert body["bookable_hours"] == [
        {"weekday": 1, "opens": "08:00", "closes": "12:00"},
        {"weekday": 1, "opens": "13:00", "closes": "16:00"},
    ]


async def test_what_is_wrong_is_said_and_nothing_is_lost(portal, bus):
    fields = {**FORM, "nama": "", "kapasitas": "banyak", "jam-2": "siang"}

    answer, text = await portal(f"{HERE}/baru", fields)

    assert answer.status == 422
    for name in ("nama", "kapasitas", "jam-2"):
        assert f'id="{name}-salah"' in text
    assert 'value="banyak"' in text
    assert 'value="siang"' in text
    assert bus.of("create_resource") == []


async def test_a_taken_code_is_said_at_the_code(portal, bus):
    bus.answers["schedule.create_resource"] = failing(Conflict("resource_code_taken"))

    answer, text = await portal(f"{HERE}/baru", FORM)

    assert answer.status == 409
    assert 'id="kode-salah"' in text


async def test_a_change_is_of_the_version_seen(portal, bus):
    _, form = await portal(EDIT)
    assert 'name="versi" value="4"' in form
    assert 'value="08.00–16.00"' in form

    answer, _ = await portal(EDIT, {**FORM, "tempat": ""})

    (call,) = bus.of("update_resource")
    assert answer.status == 303
    assert call.kwargs["expected_version"] == 4
    assert call.kwargs["body"]["place"] is None
    assert "kind" not in call.kwargs["body"]


async def test_an_overtaken_change_is_asked_again(portal, bus):
    bus.answers["schedule.update_resource"] = failing(Stale(version=5))
    bus.answers["schedule.get_resource"] = lambda _: {**ROOM, "version": 5}

    answer, text = await portal(EDIT, FORM)

    assert answer.status == 412
    assert "Sudah diubah orang lain" in text
    assert 'name="versi" value="5"' in text
    assert 'value="Aula Besar"' in text


async def test_a_room_is_closed_for_a_time(portal, bus):
    answer, _ = await portal(CLOSE, BLOCK)

    (call,) = bus.of("block_resource")
    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    assert call.kwargs["body"] == {**TIMES, "reason": "Perbaikan atap"}


async def test_what_is_booked_is_shown(portal, bus):
    bus.answers["schedule.block_resource"] = failing(CLASH)

    answer, text = await portal(CLOSE, BLOCK)

    assert answer.status == 409
    assert "Sudah terpakai: Rapat anggaran" in text
    assert 'value="Perbaikan atap"' in text


async def test_closing_needs_times_and_a_reason(portal, bus):
    fields = {**BLOCK, "jam-mulai": "", "alasan": ""}

    answer, text = await portal(CLOSE, fields)

    assert answer.status == 422
    assert 'id="mulai-salah"' in text
    assert 'id="alasan-salah"' in text
    assert bus.of("block_resource") == []


async def test_the_keeper_answers_on_the_page_of_the_activity(portal, bus):
    _, text = await portal(f"/kegiatan/{ACTIVITY_ID}")
    assert ANSWER in text

    answer, _ = await portal(ANSWER, {"jawaban": "setuju", "alasan": "x"})

    (call,) = bus.of("approve_resource")
    assert answer.headers["Location"] == f"/kegiatan/{ACTIVITY_ID}"
    assert call.kwargs["body"] == {"approved": True}
    assert call.kwargs["resource_id"] == ROOM_ID


async def test_a_refusal_takes_its_reason_along(portal, bus):
    answer, _ = await portal(ANSWER, {"jawaban": "tolak", "alasan": "Dipakai sendiri"})

    (call,) = bus.of("approve_resource")
    assert answer.headers["Location"] == "/jadwal?tanggal=2026-11-26"
    assert call.kwargs["body"] == {"approved": False, "reason": "Dipakai sendiri"}


async def test_a_yes_to_the_nights_to_come_is_withdrawn_on_the_page(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _: _agreed_ahead()

    _, text = await portal(f"/kegiatan/{ACTIVITY_ID}")
    answer, _ = await portal(ANSWER, {"jawaban": "tarik", "kunci": "k1"})

    (call,) = bus.of("approve_resource")
    assert "Disetujui, juga untuk tanggal yang ditambahkan nanti." in text
    assert 'value="tarik"' in text
    assert call.kwargs["body"] == {"approved": False}
    assert call.kwargs["query"] == {"scope": "following"}
    assert answer.headers["Location"] == f"/kegiatan/{ACTIVITY_ID}"


async def test_others_do_not_withdraw_it(portal, bus):
    seat(bus, "kabag")
    bus.answers["schedule.get_activity"] = lambda _: _agreed_ahead()

    answer, text = await portal(f"/kegiatan/{ACTIVITY_ID}")

    assert answer.status == 200
    assert 'value="tarik"' not in text


def _agreed_ahead():
    (asked,) = ACTIVITY["resources"]
    agreed = {**asked, "approved": True, "agreed_ahead": True}
    return {**ACTIVITY, "series_id": pid("kabid"), "resources": [agreed]}


@pytest.mark.parametrize("error", [CLASH, Conflict("illegal_transition")])
async def test_what_cannot_be_agreed_to_is_said(portal, bus, error):
    bus.answers["schedule.approve_resource"] = failing(error)

    answer, _ = await portal(ANSWER, {"jawaban": "setuju"})

    assert answer.status == 303
    assert "rakat_kabar" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("code", ["kabid", "kabag"])
async def test_others_see_that_it_waits(portal, bus, code):
    seat(bus, code)

    _, text = await portal(f"/kegiatan/{ACTIVITY_ID}")

    assert "Menunggu persetujuan pengelola" in text
    assert ANSWER not in text


async def test_without_the_schedule_the_page_says_so(portal, bus):
    bus.answers["schedule.list_resources"] = failing(Unavailable(service="schedule"))

    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "Layanan jadwal sedang terganggu" in text


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ("", []),
        ("8-16", [("08:00", "16:00")]),
        ("00.00–24.00", [("00:00", "24:00")]),
        ("08.00 - 12.30, 13:00 – 16:00", [("08:00", "12:30"), ("13:00", "16:00")]),
    ],
)
def test_hours_are_read_as_people_write_them(line, spans):
    hours, problems = opening.hours_of({"jam-3": line})

    assert problems == []
    assert [(row["opens"], row["closes"]) for row in hours] == spans
    assert all(row["weekday"] == 3 for row in hours)


@pytest.mark.parametrize(
    "line", ["pagi", "08.00", "16–08", "25–26", "08.70–09", "24–24"]
)
def test_hours_that_cannot_be_meant_are_said_with_their_day(line):
    _, problems = opening.hours_of({"jam-3": line})

    assert [problem["field"] for problem in problems] == ["jam-3"]
    assert problems[0]["message"].startswith("Rabu: ")


def test_hours_come_back_as_they_were_written():
    fields = {"jam-1": "08.00–12.00, 13.00–16.00", "jam-7": "00.00–24.00"}

    hours, _ = opening.hours_of(fields)

    assert opening.lines_of(hours) == fields
    assert opening.said_of(hours) == "Sen 08.00–12.00, 13.00–16.00; Min 00.00–24.00"
    assert opening.said_of([]) == "Setiap waktu"
    workdays = [
        {"weekday": day, "opens": "08:00", "closes": "16:00"} for day in range(1, 5)
    ]
    friday = {"weekday": 5, "opens": "08:00", "closes": "11:00"}
    said = "Sen–Kam 08.00–16.00; Jum 08.00–11.00"
    assert opening.said_of([*workdays, friday]) == said


async def test_the_form_of_an_activity_offers_every_thing_with_its_hours(portal, bus):
    hall = {**ROOM, "needs_approval": True, "capacity": 200}
    car = {
        **ROOM,
        "resource_id": str(UUID(int=0x900)),
        "kind": "vehicle",
        "name": "Minibus",
    }
    pages = {None: ([hall], "next"), "next": ([car], None)}

    def listed(call):
        rows, cursor = pages[call.kwargs["query"].get("cursor")]
        return {"items": rows, "next_cursor": cursor}

    bus.answers["schedule.list_resources"] = listed
    bus.answers["schedule.list_activities"] = page()
    answer, text = await portal(f"/kegiatan/baru?ruang={car['resource_id']}")

    assert answer.status == 200
    assert "200 orang · Sen 08.00–16.00 · perlu persetujuan" in text
    assert f'name="ruang" value="{car["resource_id"]}" checked' in text
    assert "1 dipilih" in text
