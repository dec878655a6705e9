"""What a disposition asks of one recipient alone, beside what it asks of all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from contracts.codec import ZONE
from gateway.portal import dispositions
from gateway.portal.particulars import Particulars
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, TASK, letter, page, pid, seat, task
from tests.unit.portal.test_dispositions import KNOWN, NOW, posted
from tests.unit.portal.test_dispositions import TASK as GIVEN

SHEET = f"/tugas/{TASK}/disposisi"
OWN = {
    f"instruksi-{pid('kabag')}": "saran",
    f"tenggat-{pid('kabag')}": "2030-01-03T10:00",
    f"catatan-{pid('kabag')}": "Cukup <pendapat> hukum",
}


def both(*more: tuple[str, str]) -> dispositions.Draft:
    chosen = (("penerima", "pupr"), ("penerima", "bpbd"), ("instruksi", "laporkan"))
    return posted(*chosen, *more)


def test_who_is_asked_nothing_else_gets_what_all_get():
    body = dispositions.body_of(both(), GIVEN, prepared=False)
    assert [set(line) for line in body["recipients"]] == [
        {"position_id", "role", "instructions"}
    ] * 2


def test_his_own_words_stand_in_place_of_the_common_ones():
    draft = both(
        ("tenggat", "pilih"),
        ("tanggal", "2026-11-26T10:00"),
        ("instruksi-bpbd", "saran"),
        ("tenggat-bpbd", "2026-11-27T12:00"),
        ("catatan-bpbd", "Hubungi camat"),
        ("catatan-nobody", "Tidak ada"),
    )
    first, second = dispositions.body_of(draft, GIVEN, prepared=False)["recipients"]
    assert first["instructions"] == ["laporkan"]
    assert first["due_at"] == "2026-11-26T10:00:00+08:00"
    assert "note" not in first
    assert second["instructions"] == ["saran"]
    assert second["due_at"] == "2026-11-27T12:00:00+08:00"
    assert second["note"] == "Hubungi camat"


def test_the_foot_says_who_is_asked_something_else():
    draft = both(("tenggat-bpbd", "2026-11-27T12:00"), ("catatan-bpbd", "Ya"))
    (said,) = dispositions.exceptions(draft, KNOWN, NOW)
    assert said == "BPBD sampai Jum, 27 Nov 12.00, catatan sendiri"


def test_absences_are_asked_for_when_it_is_due_there():
    draft = both(("tenggat-bpbd", "2026-11-27T12:00"))
    found = dispositions.dues(draft, ["pupr", "bpbd", "sekda"], GIVEN, NOW)
    own = datetime(2026, 11, 27, 12, tzinfo=ZONE)
    common = datetime(2026, 11, 24, 16, 40, tzinfo=ZONE)
    assert found == {common: ["pupr", "sekda"], own: ["bpbd"]}


def test_errors_go_to_the_fields_of_the_recipient():
    fields = dispositions.error_fields(both(("tenggat-bpbd", "2020-11-27T12:00")))
    assert fields["/recipients/0/due_at"] == "tanggal"
    assert fields["/recipients/1/due_at"] == "tenggat-bpbd"
    assert fields["/recipients/1/note"] == "catatan-bpbd"


def test_half_a_date_says_nothing_yet():
    assert Particulars(due="2026-11-").said(NOW) == ""


@pytest.fixture
def bus() -> FakeBus:
    shown: dict[str, Any] = letter("registered", direction="incoming", outgoing=None)
    shown |= {"agenda_number": "SM/1", "received_at": shown["created_at"]}
    made = seat(FakeBus(), "sekda", shown)
    given = task("sekda", None, urgency="biasa", sender_name="Camat")
    made.answers["letters.get_task"] = lambda _: given
    made.answers["letters.list_absences"] = page()
    made.answers["letters.get_reference"] = page(
        {"code": "saran", "label_id": "Beri saran"},
        {"code": "arsipkan", "label_id": "Arsipkan"},
    )
    made.answers["letters.suggest_disposition"] = lambda _: {"recipients": []}
    made.answers["letters.issue_disposition"] = done(
        {"letter_id": LETTER, "tasks": [given], "warnings": []}
    )
    return made


async def test_what_is_asked_of_one_survives_every_change_of_the_sheet(portal, bus):
    fields = {"penerima": pid("kabag"), "instruksi": "arsipkan", **OWN}
    _, text = await portal(SHEET, {**fields, "aksi": "ubah"})
    assert "Cukup &lt;pendapat&gt; hukum</textarea>" in text
    assert 'value="2030-01-03T10:00"' in text
    assert f'name="instruksi-{pid("kabag")}" value="saran" checked' in text
    assert "Khusus: Kepala Bagian Hukum sampai" in text
    _, text = await portal(f"/tugas/{TASK}/penerima", fields)
    for name, value in OWN.items():
        assert f'type="hidden" name="{name}"' in text, value
    answer, _ = await portal(SHEET, {**fields, "aksi": "kirim"})
    assert answer.status == 303
    (line,) = bus.of("issue_disposition")[0].kwargs["body"]["recipients"]
    assert line["instructions"] == ["saran"]
    assert line["note"] == OWN[f"catatan-{pid('kabag')}"]


async def test_what_is_no_date_is_said_at_that_recipient(portal, bus):
    wrong = {**OWN, f"tenggat-{pid('kabag')}": "besok"}
    answer, text = await portal(SHEET, {"penerima": pid("kabag"), **wrong})
    assert answer.status == 422
    assert f'href="#tenggat-{pid("kabag")}">Isi tanggal dan jam' in text
    assert not bus.of("issue_disposition")


async def test_the_fold_stays_shut_for_who_needs_it_not(portal):
    fields = {"penerima": pid("kabag"), "instruksi": "saran", "aksi": "ubah"}
    _, text = await portal(SHEET, fields)
    assert '<details class="rk-fold bare rk-own">' in text
    assert "Khusus:" not in text
