"""A draft saved while it is written: what is sent, what is said, who was faster."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict, NotFound, Stale, Unavailable, invalid
from tests.unit.gateway.fakes import ALICE, FakeBus, done
from tests.unit.portal.desk import LETTER, NOW, letter, page, pid, ref, seat
from tests.unit.portal.test_outgoing_pages import FORM

HERE = f"/surat/{LETTER}/konsep"
WRITTEN = {**FORM, "versi": "3", "keamanan": "biasa", "lampiran": "f1"}


@pytest.fixture
def bus() -> FakeBus:
    made = seat(FakeBus(), "staf")
    saved = {"letter_id": LETTER, "version": 4, "revision": 1, "saved_at": NOW}
    made.answers["letters.save_draft"] = done(saved)
    made.answers["letters.list_letter_revisions"] = revisions("Budi Santoso")
    return made


def revisions(name: str, person_id: str = "another"):
    person = {"person_id": person_id, "name": name}
    return page(
        {"revision": 1, "by": ref("staf"), "at": NOW},
        {"revision": 2, "by": {**ref("staf"), "person": person}, "at": NOW},
    )


def fail(error):
    def answer(_call):
        raise error

    return answer


async def test_what_is_written_is_sent_and_nothing_of_who_goes_over_it(portal, bus):
    answer, _ = await portal(f"{HERE}/otomatis", WRITTEN)
    assert answer.status == 200
    assert await answer.json() == {"versi": 4, "pukul": "08.00"}
    (call,) = bus.of("save_draft")
    assert call.kwargs["expected_version"] == 3
    assert call.kwargs["body"] == {
        "subject": "Permintaan data",
        "body_html": "<p>Dengan &lt;b&gt;hormat&lt;/b&gt;</p>",
        "file_ids": ["f1"],
        "invitation": None,
    }
    assert not bus.of("correct_letter")


async def test_the_time_of_another_kind_waits_for_the_button(portal, bus):
    await portal(f"{HERE}/otomatis", {**WRITTEN, "jenis": "undangan"})
    assert "invitation" not in bus.of("save_draft")[0].kwargs["body"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"keamanan": "rahasia"}, "Sifatnya berubah"),
        ({"keamanan": "terbatas"}, "Sifatnya berubah"),
        ({"cara": "berkas"}, "Berkas jadi disimpan"),
        ({"perihal": " "}, "Isi perihal surat."),
        ({"isi": ""}, "Tulis isi surat."),
    ],
)
async def test_what_waits_for_the_button_is_not_sent(portal, bus, changes, said):
    answer, _ = await portal(f"{HERE}/otomatis", {**WRITTEN, **changes})
    assert answer.status == 422
    assert said in (await answer.json())["kenapa"]
    assert not bus.of("save_draft")


async def test_a_date_that_is_none_is_said(portal, bus):
    seat(bus, "staf", letter(kind="undangan"))
    fields = {**WRITTEN, "jenis": "undangan", "mulai": "2026-13-40T99:00"}
    answer, _ = await portal(f"{HERE}/otomatis", fields)
    assert answer.status == 422
    assert "Tanggal atau jam" in (await answer.json())["kenapa"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (invalid("/subject", "Terlalu panjang"), 422),
        (Conflict("illegal_transition"), 422),
        (Unavailable(service="letters", retry_after=2), 503),
    ],
)
async def test_a_refusal_says_that_nothing_is_saved(portal, bus, error, status):
    bus.answers["letters.save_draft"] = fail(error)
    answer, _ = await portal(f"{HERE}/otomatis", WRITTEN)
    assert answer.status == status
    assert (await answer.json())["kenapa"].startswith("Belum tersimpan.")


async def test_a_draft_that_is_none_any_more_says_so(portal, bus):
    for shown in (letter("in_review"), NotFound()):
        given = fail(shown) if isinstance(shown, NotFound) else lambda _: shown  # noqa: B023
        bus.answers["letters.get_letter"] = given
        answer, _ = await portal(f"{HERE}/otomatis", WRITTEN)
        assert answer.status == 404
        assert "sudah diajukan atau dibatalkan" in (await answer.json())["kenapa"]


@pytest.mark.parametrize("address", [f"{HERE}/otomatis", HERE])
async def test_who_was_faster_is_named_and_the_choice_is_offered(portal, bus, address):
    for method in ("save_draft", "correct_letter"):
        bus.answers[f"letters.{method}"] = fail(Stale(version=7))
    seat_version(bus, 7)
    answer, text = await portal(address, {**WRITTEN, "aksi": "simpan"})
    assert answer.status == (422 if address == HERE else 409)
    assert "sudah diubah oleh <b>Budi Santoso</b>" in text
    assert 'value="timpa:7"' in text
    assert "naskah Budi Santoso tetap ada di riwayat" in text
    if address == HERE:
        assert "Dengan &lt;b&gt;hormat&lt;/b&gt;</textarea>" in text


async def test_another_page_of_ones_own_is_called_that(portal, bus):
    bus.answers["letters.list_letter_revisions"] = revisions("Alice", str(ALICE))
    bus.answers["letters.save_draft"] = fail(Stale(version=7))
    _, text = await portal(f"{HERE}/otomatis", WRITTEN)
    assert "Anda sendiri di halaman lain" in text


async def test_mine_is_saved_over_the_version_that_was_shown(portal, bus):
    answer, _ = await portal(HERE, {**WRITTEN, "aksi": "timpa:7"})
    assert answer.status == 303
    assert bus.of("correct_letter")[0].kwargs["expected_version"] == 7
    answer, _ = await portal(HERE, {**WRITTEN, "aksi": "timpa:x"})
    assert bus.of("correct_letter")[1].kwargs["expected_version"] == 3


async def test_only_a_draft_that_exists_is_saved_by_itself(portal, bus):
    _, text = await portal(HERE)
    assert f'data-simpan="{HERE}/otomatis"' in text
    assert f'data-tempat="{HERE}"' in text
    _, text = await portal(f"/surat/keluar/baru?balas={LETTER}")
    assert "data-simpan" not in text
    assert f'data-tempat="/surat/keluar/baru?balas={LETTER}"' in text
    assert f'data-orang="{ALICE}"' in text
    assert pid("kadis") in text


def seat_version(bus: FakeBus, version: int) -> None:
    bus.answers["letters.get_letter"] = lambda _: letter(version=version)
