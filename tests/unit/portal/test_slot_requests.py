"""Requests for a slot around a fake bus: what is asked, answered and shown."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest

from contracts.errors import Conflict, Forbidden, Unavailable, invalid
from gateway.portal import flash
from tests.unit.gateway.fakes import ALICE, FakeBus, done
from tests.unit.portal.desk import LETTER, NOW, page, pid, ref, seat

HERE = f"/permintaan/{LETTER}"
DAY = "2026-12-03"
ROOM = str(UUID(int=0x800))


def at(clock, day=DAY):
    return f"{day}T{clock}:00+08:00"


def line(code, *, kept=False, role="required"):
    return {"position_id": pid(code), "kept_by_me": kept, "role": role}


def asked_for(state="open", waiting=("kadis",), *, kept=("kadis",), by="staf", **more):
    """``staf`` asks for the time of ``kadis``."""
    return {
        "activity_id": LETTER,
        "state": state,
        "asked_starts_at": at("09:00"),
        "asked_ends_at": at("10:00"),
        "expires_at": at("17:00", "2026-12-01"),
        "note": None,
        "waiting_for": [pid(code) for code in waiting],
        "waiting_for_resources": [],
        "activity": {
            "activity_id": LETTER,
            "title": "audiensi penyedia",
            "kind": "audiensi",
            "starts_at": at("09:00"),
            "ends_at": at("10:00"),
            "place": {"name": "Ruang kerja"},
            "resources": [],
            "resource_ids": [],
            "organiser_unit_name": "Dinas Kominfo",
            "participants": [line("kadis", kept="kadis" in kept), line("kabid")],
            "created_by": ref(by),
            "created_at": NOW,
            **more,
        },
    }


CLASH = Conflict(
    "schedule_conflict",
    conflicts=[
        {
            "kind": "person",
            "position_id": pid("kadis"),
            "name": "kadis",
            "activity_title": "rapat lain",
            "starts_at": at("09:30"),
            "ends_at": at("11:00"),
            "state": "confirmed",
        }
    ],
    alternatives=[{"starts_at": at("13:00"), "ends_at": at("14:00")}],
)


def failing(error):
    def answer(_call):
        raise error

    return answer


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.list_slot_requests"] = page(asked_for())
    bus.answers["schedule.get_slot_request"] = lambda _call: asked_for()
    for method in ("accept", "move", "refuse"):
        bus.answers[f"schedule.{method}_slot_request"] = done(asked_for("accepted"))
    return bus


async def test_the_box_shows_who_asks_until_when_and_the_answers(portal, bus):
    answer, text = await portal("/permintaan")

    query = bus.of("list_slot_requests")[0].kwargs["query"]
    assert answer.status == 200
    assert (query["box"], query["open"]) == ("to_me", True)
    assert "Audiensi penyedia" in text
    assert "Staf Bidang Aplikasi" in text
    assert "17.00" in text
    assert 'value="terima"' in text
    assert f"{HERE}?cara=pindah" in text
    assert 'href="/permintaan"' in (await portal("/lainnya"))[1]


async def test_my_own_are_asked_for_with_their_ends_and_the_next_page(portal, bus):
    bus.answers["schedule.list_slot_requests"] = lambda _call: {
        "items": [asked_for("refused", (), by="kadis", kept=())],
        "next_cursor": "c2",
    }
    _, text = await portal("/permintaan?kotak=dari-saya&saring=selesai&lanjut=c1")

    query = bus.of("list_slot_requests")[0].kwargs["query"]
    assert (query["box"], query["open"], query["cursor"]) == ("by_me", False, "c1")
    assert "Ditolak" in text
    assert 'value="terima"' not in text
    assert "kotak=dari-saya&amp;saring=selesai&amp;lanjut=c2" in text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/permintaan", "Tidak ada permintaan yang menunggu"),
        ("/permintaan?kotak=dari-saya", "Tidak ada permintaan Anda yang menunggu"),
        ("/permintaan?saring=selesai", "Belum ada yang selesai"),
    ],
)
async def test_an_empty_box_says_what_comes_there(portal, bus, address, words):
    bus.answers["schedule.list_slot_requests"] = page()
    assert words in (await portal(address))[1]


async def test_without_the_schedule_the_page_says_so(portal, bus):
    bus.answers["schedule.list_slot_requests"] = failing(Unavailable())
    answer, text = await portal("/permintaan")
    assert answer.status == 200
    assert "Coba lagi dalam" in text


@pytest.mark.parametrize(
    ("fields", "method", "body"),
    [
        ({"aksi": "terima"}, "accept_slot_request", {}),
        (
            {"aksi": "terima", "catatan": " Bawa proposalnya "},
            "accept_slot_request",
            {"note": "Bawa proposalnya"},
        ),
        (
            {"aksi": "tolak", "alasan": "Di luar daerah"},
            "refuse_slot_request",
            {"reason": "Di luar daerah"},
        ),
        (
            {"aksi": "pindah", "tanggal": DAY, "mulai": "13:00", "selesai": "14:30"},
            "move_slot_request",
            {"starts_at": at("13:00"), "ends_at": at("14:30")},
        ),
        (
            {"aksi": "pindah", "tanggal": DAY, "mulai": "13.00", "catatan": "Sore"},
            "move_slot_request",
            {"starts_at": at("13:00"), "note": "Sore"},
        ),
        (
            {"aksi": "pindah", "slot": f"{at('13:00')}/{at('14:00')}"},
            "move_slot_request",
            {"starts_at": at("13:00"), "ends_at": at("14:00")},
        ),
    ],
)
async def test_an_answer_is_sent_once(portal, bus, fields, method, body):
    answer, _ = await portal(HERE, {**fields, "kunci": "k1"})

    (call,) = bus.of(method)
    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    assert call.kwargs == {"activity_id": LETTER, "body": body}
    assert call.idempotency.key == "k1"


async def test_nobody_accepts_a_time_his_page_did_not_show(portal, bus):
    assert f'name="waktu" value="{at("09:00")}"' in (await portal("/permintaan"))[1]
    answer, text = await portal(HERE, {"aksi": "terima", "waktu": at("08:00")})
    assert answer.status == 422
    assert "Waktunya berubah" in text
    assert not bus.of("accept_slot_request")


@pytest.mark.parametrize(
    ("state", "words"), [("accepted", "ditetapkan"), ("open", "belum menjawab")]
)
async def test_the_last_yes_confirms_and_others_wait(portal, bus, state, words):
    bus.answers["schedule.accept_slot_request"] = done(asked_for(state))
    answer, _ = await portal(HERE, {"aksi": "terima"})
    raw = answer.cookies[flash.COOKIE].value
    assert words in base64.urlsafe_b64decode(raw).decode()


async def test_an_open_end_stays_open_when_moved_with_one_tap(portal, bus):
    bus.answers["schedule.get_slot_request"] = lambda _call: asked_for(ends_at=None)
    await portal(HERE, {"aksi": "pindah", "slot": f"{at('13:00')}/{at('15:00')}"})
    assert bus.of("move_slot_request")[0].kwargs["body"] == {"starts_at": at("13:00")}


async def test_what_lasts_days_is_moved_with_its_last_day(portal, bus):
    long = asked_for(ends_at=at("12:00", "2026-12-04"))
    bus.answers["schedule.get_slot_request"] = lambda _call: long
    _, text = await portal(f"{HERE}?cara=pindah")
    assert 'name="sampai" value="2026-12-04"' in text

    fields = {"tanggal": DAY, "mulai": "13:00", "selesai": "08:00"}
    await portal(HERE, {**fields, "aksi": "pindah", "sampai": "2026-12-05"})
    body = bus.of("move_slot_request")[0].kwargs["body"]
    assert body["ends_at"] == at("08:00", "2026-12-05")


@pytest.mark.parametrize("way", ["terima", "pindah"])
async def test_a_clash_shows_free_times_to_tap(portal, bus, way):
    for method in ("accept", "move"):
        bus.answers[f"schedule.{method}_slot_request"] = failing(CLASH)
    fields = {"tanggal": DAY, "mulai": "09:30", "selesai": "10:30"}
    answer, text = await portal(HERE, {**fields, "aksi": way, "catatan": "Maaf"})

    assert answer.status == 409
    assert "Rapat lain" in text
    assert f'name="slot" value="{at("13:00")}/{at("14:00")}"' in text
    assert 'value="09:30"' in text
    assert "Maaf" in text


async def test_a_clash_that_came_late_is_looked_up(portal, bus):
    bus.answers["schedule.accept_slot_request"] = failing(Conflict("schedule_conflict"))
    bus.answers["schedule.check_conflicts"] = lambda _call: dict(CLASH.facts)
    answer, text = await portal(HERE, {"aksi": "terima"})

    (call,) = bus.of("check_conflicts")
    assert answer.status == 409
    assert call.kwargs["body"]["exclude_activity_id"] == LETTER
    assert "Rapat lain" in text


@pytest.mark.parametrize(
    ("fields", "field", "kept"),
    [
        ({"aksi": "tolak", "alasan": ""}, "alasan", "Tolak permintaan"),
        ({"aksi": "pindah", "tanggal": "", "catatan": "Sore"}, "mulai", "Sore"),
        (
            {"aksi": "pindah", "tanggal": DAY, "mulai": "13:00", "selesai": "12:00"},
            "selesai",
            'value="13:00"',
        ),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(portal, bus, fields, field, kept):
    answer, text = await portal(HERE, fields)
    assert answer.status == 422
    assert f'id="{field}-salah"' in text
    assert kept in text
    assert not [call for call in bus.calls if call.method.endswith("e_slot_request")]


async def test_what_the_service_finds_wrong_stays_typed(portal, bus):
    wrong = invalid("/starts_at", "Waktu yang ditawarkan sudah lewat")
    bus.answers["schedule.move_slot_request"] = failing(wrong)
    fields = {"aksi": "pindah", "tanggal": "2026-01-02", "mulai": "13:00"}
    answer, text = await portal(HERE, fields)
    assert answer.status == 422
    assert "Waktu yang ditawarkan sudah lewat" in text
    assert 'value="2026-01-02"' in text


async def test_who_came_second_sees_how_it_stands(portal, bus):
    late = Conflict("illegal_transition", state="refused")
    bus.answers["schedule.accept_slot_request"] = failing(late)
    answer, _ = await portal(HERE, {"aksi": "terima"})
    assert (answer.status, answer.headers["Location"]) == (303, HERE)


async def test_who_may_not_is_told_on_the_page(portal, bus):
    bus.answers["schedule.accept_slot_request"] = failing(
        Forbidden("not_schedule_keeper")
    )
    answer, text = await portal(HERE, {"aksi": "terima"})
    assert answer.status == 403
    assert "Bukan pengatur waktunya" in text


@pytest.mark.parametrize(
    ("row", "accept", "change"),
    [
        (asked_for(), True, True),
        (asked_for(waiting=("kabid",)), False, True),
        (asked_for(kept=()), False, False),
        (asked_for("accepted", ()), False, False),
        (asked_for("offered", ()), False, True),
        (asked_for("offered", (), kept=(), by="kadis"), True, False),
        (asked_for("offered", ("kabid",), kept=(), by="kadis"), False, False),
        (asked_for(waiting=("kabid",), by="kadis"), False, False),
    ],
)
async def test_only_answers_that_count_are_offered(portal, bus, row, accept, change):
    bus.answers["schedule.get_slot_request"] = lambda _call: row
    _, text = await portal(HERE)
    assert ('value="terima"' in text) is accept
    assert ('value="pindah"' in text) is change
    assert ('value="tolak"' in text) is change


@pytest.mark.parametrize(
    ("state", "kept", "accept", "change"),
    [
        ("open", True, True, True),
        ("open", False, False, False),
        ("offered", True, False, True),
    ],
)
async def test_who_lends_a_room_answers_for_it(
    portal, bus, state, kept, accept, change
):
    room = {"resource_id": ROOM, "name": "Aula Ramu", "kept_by_me": kept}
    row = asked_for(state, (), participants=[], resources=[room], resource_ids=[ROOM])
    row["waiting_for_resources"] = [ROOM] if state == "open" else []
    bus.answers["schedule.get_slot_request"] = lambda _call: row
    _, text = await portal(HERE)
    assert ("Pengelola Aula Ramu" in text) is (state == "open")
    assert ('value="terima"' in text) is accept
    assert ('value="tolak"' in text) is change


async def test_the_first_time_is_shown_beside_the_offered_one(portal, bus):
    row = asked_for("offered", (), starts_at=at("13:00"), ends_at=at("14:00"))
    row["activity"]["created_by"]["person"] = {"person_id": str(ALICE), "name": "Alice"}
    bus.answers["schedule.get_slot_request"] = lambda _call: row
    _, text = await portal(HERE)
    assert "Semula diminta" in text
    assert "Terima waktu yang ditawarkan" in text
