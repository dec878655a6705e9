"""The sheet that ends a letter: its outcome, and the decision with number and letter."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Conflict, Invalid, NotFound
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import LETTER, letter, page, pid, seat

SHEET = f"/surat/{LETTER}/tutup"
DECREE = str(UUID(int=0x801))
TYPED = {
    "hasil": "decided",
    "catatan": "Ditetapkan <tim> terpadu",
    "nomor-keputusan": "188.4/12/2026",
    "tanggal-keputusan": "2026-11-20",
    "surat-keputusan": DECREE,
}


def decree(**more):
    row = {"letter_id": DECREE, "number": "188.4/12/2026", "subject": "Keputusan tim"}
    return {**row, "state": "dispatched", "dated_on": "2026-11-20", **more}


def _incoming(state="under_disposition", **more):
    return letter(
        state,
        direction="incoming",
        outgoing=None,
        agenda_number="SM/1",
        received_at="2026-11-24T08:00:00+08:00",
        addressees=[pid("kadis")],
        **more,
    )


@pytest.fixture
def bus() -> FakeBus:
    made = seat(FakeBus(), "kadis")

    def find(call):
        found = {LETTER: _incoming(), DECREE: letter(**decree())}
        if call.kwargs["letter_id"] not in found:
            raise NotFound
        return found[call.kwargs["letter_id"]]

    made.answers["letters.get_letter"] = find
    made.answers["letters.close_letter"] = done({"letter_id": LETTER})
    return made


async def test_closing_takes_no_more_than_it_took(portal, bus):
    answer, text = await portal(SHEET)
    assert answer.status == 200
    assert '<details class="rk-fold bare">' in text
    answer, _ = await portal(SHEET, {"hasil": "noted", "catatan": ""})
    assert answer.status == 303
    assert bus.of("close_letter")[0].kwargs["body"] == {
        "outcome": "noted",
        "force": False,
    }


async def test_a_decision_goes_with_number_date_and_letter(portal, bus):
    answer, _ = await portal(SHEET, TYPED)
    assert answer.status == 303
    assert bus.of("close_letter")[0].kwargs["body"]["decision"] == {
        "text": TYPED["catatan"],
        "number": "188.4/12/2026",
        "dated_on": "2026-11-20",
        "letter_id": DECREE,
    }


async def test_a_number_alone_says_not_what_was_decided(portal, bus):
    answer, text = await portal(SHEET, {**TYPED, "catatan": " "})
    assert answer.status == 422
    assert 'href="#catatan">Tulis apa yang diputuskan.' in text
    assert 'value="188.4/12/2026"' in text
    assert not bus.of("close_letter")


async def test_letters_are_searched_and_the_chosen_one_stays(portal, bus):
    other = decree(letter_id=DECREE[:-1] + "2", subject="Undangan rapat")
    gone = decree(letter_id=DECREE[:-1] + "3", subject="Batal", state="void")
    bus.answers["letters.list_letters"] = page(other, gone)
    fields = {**TYPED, "aksi": "cari", "cari-surat": "rapat"}
    answer, text = await portal(SHEET, fields)
    assert answer.status == 200
    assert f'value="{DECREE}" checked' in text
    assert "Undangan rapat" in text
    assert "Batal</b>" not in text
    assert "Ditetapkan &lt;tim&gt; terpadu</textarea>" in text
    assert bus.of("list_letters")[0].kwargs["query"]["q"] == "rapat"
    assert not bus.of("close_letter")


async def test_a_letter_one_may_not_see_is_not_offered(portal):
    hidden = DECREE[:-1] + "9"
    fields = {**TYPED, "aksi": "cari", "surat-keputusan": hidden}
    answer, text = await portal(SHEET, fields)
    assert answer.status == 200
    assert hidden not in text


async def test_letters_that_answer_it_come_first(portal, bus):
    answering = _incoming(replies=[decree(subject="Jawaban kami")])
    bus.answers["letters.get_letter"] = lambda _: answering
    bus.answers["letters.list_letters"] = page(
        decree(letter_id=DECREE[:-1] + "2", subject="Undangan rapat")
    )
    _, text = await portal(SHEET)
    assert text.index("Jawaban kami") < text.index("Undangan rapat")


async def test_what_was_typed_stays_when_others_still_work_on_it(portal, bus):
    def refuse(_call):
        raise Conflict("open_tasks")

    bus.answers["letters.close_letter"] = refuse
    answer, text = await portal(SHEET, {**TYPED, "kunci": "k1"})
    assert answer.status == 409
    assert "Tutup juga tugas yang masih berjalan" in text
    assert 'value="decided" checked' in text
    assert "Ditetapkan &lt;tim&gt; terpadu</textarea>" in text
    assert 'value="k1"' not in text  # what is sent next is another request


async def test_a_date_the_calendar_does_not_have_is_said_at_its_field(portal, bus):
    def refuse(_call):
        error = {"field": "/decision/dated_on", "message": "Tanggal tidak dikenal"}
        raise Invalid(errors=[error])

    bus.answers["letters.close_letter"] = refuse
    answer, text = await portal(SHEET, {**TYPED, "tanggal-keputusan": "31 November"})
    assert answer.status == 422
    assert 'href="#tanggal-keputusan">Tanggal tidak dikenal' in text
    assert '<details class="rk-fold bare" open>' in text


async def test_the_letter_shows_the_whole_decision(portal, bus):
    made = {"text": "Tim terpadu", "number": "188.4/12", "dated_on": "2026-11-20"}
    closed = _incoming(decision={**made, "letter_id": DECREE}, state="closed")
    bus.answers["letters.get_letter"] = lambda _: closed
    _, text = await portal(f"/surat/{LETTER}")
    assert "20 Nov" in text
    assert f'href="/surat/{DECREE}"' in text
