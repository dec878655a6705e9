"""*Impor kalender* around a fake bus: looked at, booked, told event by event."""

from __future__ import annotations

import pytest

from contracts.errors import Forbidden, Unavailable, invalid
from gateway.calendar_files import LIMIT
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, pid, seat
from tests.unit.portal.test_calendar_pages import failing

HERE = "/kalender/impor"
FILE = "BEGIN:VCALENDAR\nEND:VCALENDAR"
FORM = {"untuk": f"jabatan:{pid('kadis')}", "ics": FILE, "kunci": "k1"}
UNTIL = "2028-11-24T09:00:00+08:00"
CLASH = {
    "activity_title": "Rapat anggaran",
    "starts_at": "2026-11-26T09:00:00+08:00",
    "ends_at": "2026-11-26T10:00:00+08:00",
}


def event(title: str, outcome: str, **more):
    return {
        "uid": title,
        "recurrence_id": None,
        "title": title,
        "starts_at": "2026-11-26T08:30:00+08:00",
        "ends_at": "2026-11-26T09:30:00+08:00",
        "outcome": outcome,
        "activity_id": None,
        "reason": None,
        "conflicts": [],
        "warnings": [],
        **more,
    }


def report(*, dry_run: bool):
    return done(
        {
            "position_id": pid("kadis"),
            "dry_run": dry_run,
            "read_from": "2026-10-24T09:00:00+08:00",
            "read_until": UNTIL,
            "outside": 0,
            "counts": {"created": 1, "clash": 1, "skipped": 1},
            "items": [
                event("Sarapan", "created", activity_id=None if dry_run else LETTER),
                event("Ulang tahun", "skipped", reason="Tidak menyita waktu"),
                event("Rapat luar", "clash", conflicts=[CLASH]),
            ],
        }
    )


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.import_activities"] = report(dry_run=True)
    return bus


async def test_the_form_asks_for_an_office_and_a_file(portal, bus):
    answer, text = await portal(HERE)

    assert answer.status == 200
    assert f'value="jabatan:{pid("kadis")}"' in text
    assert 'name="ics"' in text
    assert 'value="simpan"' not in text
    assert bus.of("import_activities") == []


async def test_a_look_stores_nothing_and_keeps_the_file(portal, bus):
    answer, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    (call,) = bus.of("import_activities")
    assert answer.status == 200
    assert call.kwargs["query"] == {"position_id": pid("kadis"), "dry_run": True}
    assert call.kwargs["content"] == FILE
    assert "Belum ada yang disimpan" in text
    assert "Masukkan 1 kegiatan" in text
    assert "Akan dimasukkan" in text
    assert FILE in text


async def test_what_is_left_out_stands_first_with_its_reason(portal):
    _, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert "Bentrok dengan Rapat anggaran, 09.00–10.00." in text
    assert "Tidak menyita waktu" in text
    assert text.index("Rapat luar") < text.index("Sarapan")


async def test_what_cannot_be_read_says_why(portal, bus):
    told = report(dry_run=True)(None)
    told["body"]["counts"]["invalid"] = 1
    why = "Zona waktu tidak dikenal: Mars"
    told["body"]["items"].append(
        event("Jauh", "invalid", starts_at=None, ends_at=None, reason=why)
    )
    bus.answers["schedule.import_activities"] = lambda _call: told

    answer, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert answer.status == 200
    assert "Tidak terbaca, tidak akan dimasukkan: 1." in text
    assert f"{why}." in text
    assert "Waktu tidak terbaca" in text
    assert text.index("Jauh") < text.index("Sarapan")
    assert "Masukkan 1 kegiatan" in text


async def test_the_import_books_once_and_links_what_it_made(portal, bus):
    bus.answers["schedule.import_activities"] = report(dry_run=False)

    answer, text = await portal(HERE, {**FORM, "aksi": "simpan"})

    (call,) = bus.of("import_activities")
    assert answer.status == 200
    assert call.kwargs["query"]["dry_run"] is False
    assert call.idempotency.key == "k1"
    assert f'href="/kegiatan/{LETTER}"' in text
    assert 'name="ics"' not in text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"ics": ""}, "ics"), ({"untuk": ""}, "untuk"), ({"untuk": "unit:1"}, "untuk")],
)
async def test_what_is_missing_is_said_at_its_field(portal, bus, fields, wrong):
    answer, text = await portal(HERE, {**FORM, **fields, "aksi": "periksa"})

    assert answer.status == 422
    assert f'id="{wrong}-salah"' in text
    assert bus.of("import_activities") == []


@pytest.mark.parametrize(
    ("error", "wrong", "status"),
    [
        (invalid("/tzid", "Zona waktu tidak dikenal: Mars"), "ics", 422),
        (invalid("", "Berkas ini bukan kalender"), "ics", 422),
        (Forbidden("not_schedule_keeper"), "untuk", 403),
    ],
)
async def test_a_refused_file_is_kept_and_explained(portal, bus, error, wrong, status):
    bus.answers["schedule.import_activities"] = failing(error)

    answer, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert answer.status == status
    assert f'id="{wrong}-salah"' in text
    assert FILE in text


async def test_a_search_keeps_the_file(portal, bus):
    _, text = await portal(HERE, {**FORM, "cari": "hukum", "aksi": "cari"})

    assert f'value="jabatan:{pid("kabag")}" selected' in text
    assert FILE in text
    assert bus.of("import_activities") == []


async def test_without_the_schedule_it_says_so(portal, bus):
    bus.answers["schedule.import_activities"] = failing(Unavailable())

    answer, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert answer.status == 503
    assert "terganggu" in text
    assert FILE in text


async def test_what_was_not_read_is_said(portal, bus):
    told = report(dry_run=True)(None)
    told["body"]["outside"] = 1204
    told["body"]["items"] = [
        event("Apel", "created", read_until=UNTIL),
        event("Apel", "created", read_until=UNTIL),
        event("Sekali", "created"),
    ]
    bus.answers["schedule.import_activities"] = lambda _call: told

    _, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert text.count("Apel: dibaca sampai Jumat, 24 November 2028") == 1
    assert "Sekali: dibaca" not in text
    assert "1.204 acara di luar Sabtu, 24 Oktober 2026" in text


async def test_what_was_read_whole_says_nothing_more(portal):
    _, text = await portal(HERE, {**FORM, "aksi": "periksa"})

    assert "Tidak seluruh berkas dibaca" not in text


async def test_two_megabytes_are_taken_as_by_the_api(portal, bus):
    file = ";" * LIMIT  # three octets each on its way

    answer, _ = await portal(HERE, {**FORM, "ics": file, "aksi": "periksa"})

    (call,) = bus.of("import_activities")
    assert answer.status == 200
    assert call.kwargs["content"] == file


async def test_a_larger_file_is_refused_with_what_to_do(portal, bus):
    file = "x" * LIMIT + "y"

    answer, text = await portal(HERE, {**FORM, "ics": file, "aksi": "periksa"})

    assert answer.status == 413
    assert 'id="ics-salah"' in text
    assert "Ekspor rentang waktu yang lebih pendek" in text
    assert file in text
    assert bus.of("import_activities") == []


async def test_twenty_megabytes_are_not_even_read(portal, bus):
    answer, text = await portal(HERE, {**FORM, "ics": "x" * 20_000_000})

    assert answer.status == 413
    assert "Ekspor rentang waktu yang lebih pendek" in text
    assert bus.of("import_activities") == []


async def test_other_forms_stay_small(portal):
    answer, text = await portal("/kalender", {"untuk": "x" * LIMIT})

    assert answer.status == 413
    assert "Isian lebih dari 1 MB" in text
    assert "Pindai" not in text
