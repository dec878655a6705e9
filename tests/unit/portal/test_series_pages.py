"""Activities that recur, and who goes instead, around a fake bus."""

from __future__ import annotations

import base64
from uuid import UUID

import msgspec
import pytest

from contracts.errors import Conflict, Unavailable, invalid
from gateway.app import create_app
from gateway.config import GatewayConfig
from gateway.csrf import token_for
from gateway.portal.flash import COOKIE
from tests.unit.gateway.fakes import TOKEN, FakeBus, done
from tests.unit.portal.desk import page, pid, seat

ACTIVITY = str(UUID(int=0x700))
PATH = f"/kegiatan/{ACTIVITY}"
AT = {
    "starts_at": "2026-11-24T09:00:00+08:00",
    "ends_at": "2026-11-24T10:00:00+08:00",
}
CLASH = {
    "kind": "person",
    "position_id": pid("kadis"),
    "name": "kadis",
    "activity_title": "rapat anggaran",
    "starts_at": "2026-12-01T09:30:00+08:00",
    "ends_at": "2026-12-01T11:00:00+08:00",
    "state": "confirmed",
}
FORM = {
    "judul": "Apel pagi",
    "jenis": "rapat",
    "tanggal": "2026-11-24",
    "mulai": "09:00",
    "selesai": "10:00",
    "keadaan": "confirmed",
    "peserta": pid("kadis"),
    "berulang": "pekanan",
    "sampai": "2026-12-22",
    "bila-bentrok": "refuse",
    "aksi": "simpan",
}


def activity(**more):
    return {
        "activity_id": ACTIVITY,
        "title": "Apel pagi",
        "kind": "rapat",
        **AT,
        "assumed_ends_at": AT["ends_at"],
        "organiser_unit_name": "Diskominfo",
        "state": "confirmed",
        "place": None,
        "resources": [],
        "participants": [
            {
                "position_id": pid("kadis"),
                "title": "Kepala Dinas Kominfo",
                "role": "required",
                "response": "pending",
                "standing": "binding",
                "represented_by": None,
                "represents": None,
                "kept_by_me": True,
            }
        ],
        "allowed": ["cancel", "update"],
        "version": 7,
        "series_id": str(UUID(int=0x701)),
        "recurrence": {"rrule": "FREQ=WEEKLY;UNTIL=20261222"},
        "series": None,
        **more,
    }


def candidate(code, *, available=True, participates=False, conflicts=()):
    return {
        "position_id": pid(code),
        "title": f"Jabatan {code}",
        "person": {"person_id": pid(code), "name": code},
        "available": available,
        "participates": participates,
        "conflicts": list(conflicts),
    }


def failing(error):
    def answer(_call):
        raise error

    return answer


@pytest.fixture
def bus() -> FakeBus:
    bus = seat(FakeBus(), "kadis")
    bus.answers["schedule.list_resources"] = page()
    bus.answers["schedule.list_activities"] = page()
    bus.answers["schedule.get_activity"] = lambda _call: activity()
    bus.answers["schedule.list_representatives"] = lambda _call: {"items": []}
    return bus


@pytest.fixture
async def browser(aiohttp_client, tmp_path, bus):
    config = GatewayConfig(amqp_uri="", blob_url=f"file://{tmp_path}/blobs")
    return await aiohttp_client(
        create_app(config, bus=bus), cookies={"rakat_session": TOKEN}
    )


async def get(browser, path):
    answer = await browser.get(path, allow_redirects=False)
    return answer.status, await answer.text()


async def post(browser, path, fields):
    data = {**fields, "csrf_token": token_for(TOKEN)}
    answer = await browser.post(path, data=data, allow_redirects=False)
    return answer, await answer.text()


def said(answer):
    raw = answer.cookies[COOKIE].value
    return msgspec.json.decode(base64.urlsafe_b64decode(raw))["text"]


async def test_a_series_is_sent_with_its_rule_and_told_with_what_was_skipped(
    browser, bus
):
    report = {"occurrences": 4, "skipped": [{**CLASH, "conflicts": [CLASH]}]}
    bus.answers["schedule.create_activity"] = done(activity(series=report))

    answer, _ = await post(browser, "/kegiatan/baru", {**FORM, "bila-bentrok": "skip"})

    (call,) = bus.of("create_activity")
    assert call.kwargs["body"]["recurrence"] == {
        "rrule": "FREQ=WEEKLY;UNTIL=20261222",
        "on_clash": "skip",
    }
    assert answer.status == 303
    assert "4 kali. Dilewati karena bentrok (1): Sel, 1 Des" in said(answer)


async def test_once_sends_no_rule(browser, bus):
    bus.answers["schedule.create_activity"] = done(activity())

    answer, _ = await post(browser, "/kegiatan/baru", {**FORM, "berulang": "tidak"})

    assert answer.status == 303
    assert "recurrence" not in bus.of("create_activity")[0].kwargs["body"]
    assert "kali" not in said(answer)


async def test_without_a_last_day_nothing_is_sent_and_nothing_is_lost(browser, bus):
    answer, text = await post(browser, "/kegiatan/baru", {**FORM, "sampai": ""})

    assert answer.status == 422
    assert bus.of("create_activity") == []
    assert 'id="sampai-salah"' in text
    assert 'value="pekanan" selected' in text
    assert "Apel pagi" in text


async def test_what_the_schedule_says_of_the_rule_stands_at_its_field(browser, bus):
    bus.answers["schedule.create_activity"] = failing(
        invalid("/recurrence/rrule", "Paling lama sepuluh tahun")
    )

    answer, text = await post(browser, "/kegiatan/baru", FORM)

    assert answer.status == 422
    assert 'id="berulang-salah"' in text


async def test_a_clash_tells_how_many_dates_and_offers_to_skip_them(browser, bus):
    bus.answers["schedule.create_activity"] = failing(
        Conflict("schedule_conflict", conflicts=[CLASH], alternatives=[], total=1)
    )

    answer, text = await post(browser, "/kegiatan/baru", FORM)
    assert answer.status == 409
    assert "1 dari 5 tanggal bentrok" in text
    assert "Selasa, 1 Desember 2026" in text
    assert "Rapat anggaran" in text
    assert 'name="berulang" value="pekanan"' in text

    bus.answers["schedule.create_activity"] = done(activity())
    await post(browser, "/kegiatan/baru", {**FORM, "jalan": "lewati"})
    body = bus.of("create_activity")[-1].kwargs["body"]
    assert body["recurrence"]["on_clash"] == "skip"

    _, form = await post(browser, "/kegiatan/baru", {**FORM, "aksi": "ubah"})
    assert 'name="sampai" value="2026-12-22"' in form


async def test_another_time_at_which_all_dates_are_free_is_a_way_out(browser, bus):
    free = {
        "starts_at": "2026-11-25T10:00:00+08:00",
        "ends_at": "2026-11-25T11:00:00+08:00",
    }
    bus.answers["schedule.create_activity"] = failing(
        Conflict("schedule_conflict", conflicts=[CLASH], alternatives=[free], total=1)
    )

    _, text = await post(browser, "/kegiatan/baru", FORM)
    slot = f"{free['starts_at']}/{free['ends_at']}"
    assert f'value="{slot}" checked' in text
    assert "<b>Pindah waktu</b>" in text

    bus.answers["schedule.create_activity"] = done(activity())
    await post(browser, "/kegiatan/baru", {**FORM, "jalan": "pindah", "slot": slot})
    body = bus.of("create_activity")[-1].kwargs["body"]
    assert (body["starts_at"], body["ends_at"]) == tuple(free.values())
    assert body["recurrence"]["rrule"] == "FREQ=WEEKLY;UNTIL=20261222"


async def test_more_clashes_than_the_schedule_names_are_at_least_these(browser, bus):
    bus.answers["schedule.create_activity"] = failing(
        Conflict("schedule_conflict", conflicts=[CLASH], alternatives=[], total=71)
    )

    _, text = await post(browser, "/kegiatan/baru", {**FORM, "bila-bentrok": "skip"})

    assert "Paling sedikit 1 dari 5 tanggal bentrok" in text
    assert "Dan 70 bentrokan lagi." in text
    assert "Tidak ada tanggal yang tersisa" in text
    assert 'value="lewati"' not in text


async def test_the_page_tells_of_the_series_and_asks_what_to_call_off(browser):
    _, text = await get(browser, PATH)
    status, sheet = await get(browser, f"{PATH}/batalkan")

    assert "Setiap pekan pada hari Selasa, sampai 22 Desember 2026" in text
    assert f'href="{PATH}/batalkan"' in text
    assert 'value="batalkan"' not in text
    assert status == 200
    for scope in ("Hanya ini", "Ini dan sesudahnya", "Semua"):
        assert f"<b>{scope}</b>" in sheet


async def test_one_activity_is_called_off_as_before(browser, bus):
    bus.answers["schedule.get_activity"] = lambda _call: activity(
        series_id=None, recurrence=None
    )

    _, text = await get(browser, PATH)

    assert 'value="batalkan"' in text
    assert "Berulang" not in text


async def test_calling_off_sends_the_scope(browser, bus):
    report = {"occurrences": 3, "skipped": []}
    bus.answers["schedule.cancel_activity"] = done(activity(series=report))

    answer, _ = await post(
        browser, f"{PATH}/batalkan", {"lingkup": "following", "alasan": "Libur"}
    )

    (call,) = bus.of("cancel_activity")
    assert call.kwargs["query"] == {"scope": "following"}
    assert call.kwargs["body"] == {"reason": "Libur"}
    assert answer.status == 303
    assert said(answer).startswith("3 tanggal dibatalkan.")


async def test_a_refused_calling_off_keeps_what_was_typed(browser, bus):
    bus.answers["schedule.cancel_activity"] = failing(Conflict("illegal_transition"))
    typed = {"lingkup": "all", "alasan": "Libur"}

    answer, text = await post(browser, f"{PATH}/batalkan", typed)
    missing, _ = await post(browser, f"{PATH}/batalkan", {"lingkup": "semua saja"})

    assert answer.status == 409
    assert ">Libur</textarea>" in text
    assert 'value="all" checked' in text
    assert missing.status == 422


async def test_another_time_is_asked_for_with_what_is_now(browser):
    status, text = await get(browser, f"{PATH}/waktu")

    assert status == 200
    assert 'name="mulai" value="2026-11-24T09:00"' in text
    assert 'name="selesai" value="2026-11-24T10:00"' in text
    assert 'name="versi" value="7"' in text
    assert "<b>Ini dan sesudahnya</b>" in text


async def test_another_time_is_sent_with_its_scope(browser, bus):
    report = {"occurrences": 4, "skipped": []}
    bus.answers["schedule.update_activity"] = done(activity(series=report))
    typed = {"mulai": "2026-11-24T10:00", "selesai": "", "versi": "7"}

    answer, _ = await post(browser, f"{PATH}/waktu", {**typed, "lingkup": "following"})

    (call,) = bus.of("update_activity")
    assert call.kwargs["body"] == {
        "starts_at": "2026-11-24T10:00:00+08:00",
        "ends_at": None,
    }
    assert call.kwargs["query"] == {"scope": "following"}
    assert call.kwargs["expected_version"] == 7
    assert said(answer).startswith("4 tanggal diubah waktunya.")


async def test_a_taken_time_is_told_at_its_field_and_stays_typed(browser, bus):
    bus.answers["schedule.update_activity"] = failing(
        Conflict("schedule_conflict", conflicts=[CLASH], alternatives=[], total=3)
    )
    typed = {"mulai": "2026-11-24T10:00", "selesai": "2026-11-24T11:00"}

    answer, text = await post(browser, f"{PATH}/waktu", {**typed, "lingkup": "all"})

    assert answer.status == 409
    assert 'id="mulai-salah"' in text
    assert "Dan 2 bentrokan lagi." in text
    assert 'value="2026-11-24T11:00"' in text
    assert 'value="all" checked' in text


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"mulai": "besok"}, "mulai"),
        ({"mulai": "2026-11-24T10:00", "selesai": "nanti"}, "selesai"),
        ({"mulai": "2026-11-24T10:00", "selesai": "2026-11-24T09:00"}, "selesai"),
    ],
)
async def test_a_time_that_is_none_is_not_sent(browser, bus, typed, where):
    answer, text = await post(browser, f"{PATH}/waktu", typed)

    assert answer.status == 422
    assert f'id="{where}-salah"' in text
    assert bus.of("update_activity") == []


async def test_representatives_are_shown_free_first_and_busy_with_why(browser, bus):
    bus.answers["schedule.list_representatives"] = lambda _call: {
        "items": [
            candidate("kabag", participates=True),
            candidate("kabid"),
            candidate("staf", available=False, conflicts=[CLASH]),
        ]
    }

    _, text = await get(browser, PATH)

    (call,) = bus.of("list_representatives")
    assert call.kwargs["query"]["position_id"] == pid("kadis")
    assert f'value="{pid("kabid")}" checked' in text
    assert f'value="{pid("staf")}" disabled' in text
    assert "Sibuk: rapat anggaran" in text
    assert "Sudah menjadi peserta" in text


async def test_unchecked_representatives_are_those_below(browser, bus):
    bus.answers["schedule.list_representatives"] = failing(Unavailable())

    status, text = await get(browser, PATH)

    assert status == 200
    assert "Kepala Bidang Aplikasi" in text
    assert "Belum diketahui kosong atau tidak" in text


async def test_nobody_chosen_is_asked_for(browser, bus):
    answer, _ = await post(
        browser,
        f"{PATH}/jawab",
        {"jabatan": pid("kadis"), "jawaban": "represented"},
    )

    assert answer.status == 303
    assert "Pilih siapa yang mewakili" in said(answer)
    assert bus.of("respond_to_activity") == []
