"""The rule of a series changed from its page, around a fake bus."""

from __future__ import annotations

import base64

import msgspec
import pytest

from contracts.errors import Conflict, Stale, invalid
from gateway.portal.flash import COOKIE
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import page, seat
from tests.unit.portal.test_series_pages import ACTIVITY, CLASH, PATH, activity, failing

HERE = f"{PATH}/aturan"
FIRST = ACTIVITY[:-1] + "9"
FORM = {
    "berulang": "dua-pekan",
    "hari": "WE",
    "sampai": "2027-03-31",
    "lingkup": "following",
    "bila-bentrok": "skip",
    "versi": "7",
    "kunci": "k1",
}
REPORT = {
    "occurrences": 10,
    "kept": 0,
    "called_off": 1,
    "skipped": [{"starts_at": "2027-01-06T09:00:00+08:00", "conflicts": []}],
    "dates": {
        "made": [f"2026-12-{day:02}T09:00:00+08:00" for day in range(1, 11)],
        "kept": [],
        "called_off": ["2026-12-15T09:00:00+08:00"],
    },
    "first_activity_id": FIRST,
}


@pytest.fixture
def bus() -> FakeBus:
    bus = seat(FakeBus(), "kadis")
    bus.answers["schedule.get_activity"] = lambda _: activity()
    bus.answers["schedule.list_representatives"] = page()
    bus.answers["schedule.update_activity"] = done(activity(series=REPORT))
    return bus


async def test_the_form_opens_with_the_rule_as_it_is(portal):
    _, shown = await portal(PATH)
    answer, text = await portal(HERE)

    assert f'href="{HERE}"' in shown
    assert answer.status == 200
    assert "Sekarang: Setiap pekan pada hari Selasa" in text
    assert 'value="pekanan" selected' in text
    assert 'name="hari" value="TU" checked' in text
    assert 'name="sampai" value="2026-12-22"' in text
    assert 'name="versi" value="7"' in text
    assert 'value="following" checked' in text
    assert 'value="this"' not in text
    assert 'value="simpan"' not in text


@pytest.mark.parametrize(
    ("rrule", "every", "days"),
    [
        ("FREQ=DAILY;COUNT=3", "harian", ["TU"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "dua-pekan", ["MO", "FR"]),
        ("FREQ=MONTHLY;BYDAY=-1TH", "bulanan", ["TU"]),
        (None, "pekanan", ["TU"]),
    ],
)
async def test_what_the_form_cannot_say_is_the_nearest_it_can(
    portal, bus, rrule, every, days
):
    recurrence = {"rrule": rrule, "rdates": []}
    bus.answers["schedule.get_activity"] = lambda _: activity(recurrence=recurrence)

    _, text = await portal(HERE)

    assert f'value="{every}" selected' in text
    for code in ("MO", "TU", "FR"):
        assert (f'name="hari" value="{code}" checked' in text) == (code in days)


async def test_a_rule_is_tried_before_it_is_saved(portal, bus):
    answer, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    (call,) = bus.of("update_activity")
    assert call.kwargs["query"] == {"scope": "following", "dry_run": True}
    assert call.kwargs["body"] == {
        "recurrence": {
            "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;UNTIL=20270331",
            "on_clash": "skip",
        }
    }
    assert call.kwargs["expected_version"] == 7
    assert answer.status == 200
    assert "Setiap 2 pekan pada hari Rabu, sampai 31 Maret 2027" in text
    assert "10 tanggal: Sel, 1 Des;" in text
    assert "dan 2 lagi" in text
    assert "1 tanggal: Sel, 15 Des" in text
    assert "Dilewati karena bentrok" in text
    assert "<dt>Tetap</dt>" not in text
    assert 'value="simpan"' in text
    assert 'name="hari" value="WE" checked' in text


async def test_saving_leads_to_the_first_date_of_the_rule(portal, bus):
    answer, _ = await portal(HERE, {**FORM, "aksi": "simpan"})

    (call,) = bus.of("update_activity")
    assert call.kwargs["query"] == {"scope": "following", "dry_run": False}
    assert call.idempotency.key == "k1"
    assert (answer.status, answer.headers["Location"]) == (303, f"/kegiatan/{FIRST}")
    raw = answer.cookies[COOKIE].value
    told = msgspec.json.decode(base64.urlsafe_b64decode(raw))["text"]
    assert told.startswith("Aturan ulang diubah: 0 tanggal tetap, 10 baru, 1 dibatal")


@pytest.mark.parametrize(
    ("typed", "rrule"),
    [
        ({"berulang": "harian", "sampai": ""}, "FREQ=DAILY"),
        ({"berulang": "bulanan", "sampai": ""}, "FREQ=MONTHLY;BYMONTHDAY=24"),
        ({"berulang": "pekanan", "hari": "", "sampai": ""}, "FREQ=WEEKLY;BYDAY=TU"),
    ],
)
async def test_without_a_last_day_it_has_no_end(portal, bus, typed, rrule):
    await portal(HERE, {**FORM, **typed})

    (call,) = bus.of("update_activity")
    assert call.kwargs["body"]["recurrence"]["rrule"] == rrule


async def test_a_clash_is_said_with_days_that_are_free_and_nothing_is_lost(portal, bus):
    free = [
        {"starts_at": f"2026-12-0{day}T09:00:00+08:00", "ends_at": None}
        for day in (3, 4)
    ]
    clash = Conflict("schedule_conflict", conflicts=[CLASH], total=3, alternatives=free)
    bus.answers["schedule.update_activity"] = failing(clash)

    answer, text = await portal(HERE, {**FORM, "lingkup": "all"})

    assert answer.status == 409
    assert "Dan 2 bentrokan lagi" in text
    assert "Semua tanggal baru kosong pada hari Kamis dan Jumat." in text
    assert 'id="berulang-salah"' in text
    assert 'value="all" checked' in text
    assert 'name="hari" value="WE" checked' in text
    assert 'value="2027-03-31"' in text


@pytest.mark.parametrize(
    ("error", "status", "where"),
    [
        (invalid("/recurrence/rrule", "Terlalu banyak"), 422, "berulang-salah"),
        (invalid("/scope", "Tidak ada lagi tanggal"), 422, "lingkup-salah"),
        (Stale(version=8), 412, "Belum terkirim"),
    ],
)
async def test_what_the_schedule_refuses_stands_at_its_field(
    portal, bus, error, status, where
):
    bus.answers["schedule.update_activity"] = failing(error)

    answer, text = await portal(HERE, FORM)

    assert answer.status == status
    assert where in text


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"berulang": "tidak"}, "berulang"),
        ({"sampai": "besok"}, "sampai"),
        ({"sampai": "2020-01-01"}, "sampai"),
        ({"lingkup": "this"}, "lingkup"),
    ],
)
async def test_a_rule_that_is_none_is_not_sent(portal, bus, typed, where):
    answer, text = await portal(HERE, {**FORM, **typed})

    assert answer.status == 422
    assert f'id="{where}-salah"' in text
    assert bus.of("update_activity") == []


async def test_one_activity_has_no_rule_to_change(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _: activity(
        series_id=None, recurrence=None
    )

    _, text = await portal(PATH)

    assert HERE not in text
