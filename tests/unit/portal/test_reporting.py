"""The sheet that reports on a task: files with it, with scripts and without."""

from __future__ import annotations

import pytest
from aiohttp import FormData

from contracts.errors import Invalid
from gateway.csrf import token_for
from tests.browser.papers import broken, readable
from tests.unit.gateway.fakes import TOKEN, FakeBus, done
from tests.unit.portal.desk import FILE, LETTER, TASK, letter, seat, task

REPORT = f"/tugas/{TASK}/lapor"
OTHER = FILE[:-1] + "1"
HELD = {"lampiran": FILE, f"nama-{FILE}": "foto.jpg"}


def _incoming():
    return letter(
        "under_disposition",
        direction="incoming",
        outgoing=None,
        agenda_number="SM/1",
        received_at="2026-11-24T08:00:00+08:00",
    )


@pytest.fixture
def bus() -> FakeBus:
    made = seat(FakeBus(), "kabid", _incoming())
    made.answers["letters.get_task"] = lambda _: task("kabid", "kadis")
    made.answers["letters.report_task"] = done({"letter_id": LETTER})
    made.answers["letters.record_file"] = lambda call: done(
        {"file_id": OTHER, **call.kwargs["body"]}
    )(call)
    return made


def form(files, **fields) -> FormData:
    data = FormData(default_to_multipart=True)
    data.add_field("csrf_token", token_for(TOKEN))
    for name, value in {"laporan": "Jembatan sudah <b>dicek</b>.", **fields}.items():
        data.add_field(name, value)
    for filename, content in files.items():
        data.add_field("lampiran-kirim", content, filename=filename)
    return data


@pytest.fixture
async def send(portal_client):
    async def post(data):
        answer = await portal_client.post(REPORT, data=data, allow_redirects=False)
        return answer, await answer.text()

    return post


@pytest.fixture
def paper(tmp_path) -> bytes:
    return readable(tmp_path / "foto.pdf").read_bytes()


async def test_the_sheet_offers_files_with_and_without_scripts(portal):
    answer, text = await portal(REPORT)
    assert answer.status == 200
    assert 'data-unggah="banyak"' in text
    assert 'name="lampiran-kirim"' in text
    assert "unggah.js" in text


async def test_a_letter_kept_on_paper_alone_is_reported_in_words(portal, bus):
    told = task("kabid", "kadis", secrecy="sangat_rahasia")
    bus.answers["letters.get_task"] = lambda _: told
    _, text = await portal(REPORT)
    assert "Isi laporan" in text
    assert "lampiran" not in text


async def test_files_that_went_up_by_themselves_go_with_the_report(portal, bus):
    answer, _ = await portal(REPORT, {"laporan": "Selesai.", "akhir": "ya", **HELD})
    assert answer.status == 303
    (call,) = bus.of("report_task")
    assert call.kwargs["body"] == {
        "text": "Selesai.",
        "final": True,
        "file_ids": [FILE],
    }


async def test_a_file_in_the_form_goes_with_the_report(send, bus, paper):
    answer, _ = await send(form({"foto.pdf": paper}, akhir="tidak", **HELD))
    assert answer.status == 303
    body = bus.of("report_task")[0].kwargs["body"]
    assert body["file_ids"] == [FILE, OTHER]
    assert body["final"] is False


async def test_a_file_put_there_first_keeps_the_words(send, bus, paper):
    answer, text = await send(form({"foto.pdf": paper}, aksi="unggah", akhir="tidak"))
    assert answer.status == 200
    assert f'name="lampiran" value="{OTHER}"' in text
    assert "Jembatan sudah &lt;b&gt;dicek&lt;/b&gt;.</textarea>" in text
    assert 'value="tidak" checked' in text
    assert not bus.of("report_task")


async def test_a_file_is_taken_off_again(portal, bus):
    fields = {"laporan": "Selesai.", "aksi": f"lepas:{FILE}", **HELD}
    answer, text = await portal(REPORT, fields)
    assert answer.status == 200
    assert FILE not in text
    assert "Selesai.</textarea>" in text
    assert not bus.of("report_task")


async def test_a_refused_file_is_named_and_nothing_is_sent(send, bus, tmp_path):
    content = broken(tmp_path / "rusak.pdf").read_bytes()
    answer, text = await send(form({"rusak.pdf": content}, **HELD))
    assert answer.status == 422
    assert "rusak.pdf: Terkunci kata sandi atau rusak." in text
    assert f'name="lampiran" value="{FILE}"' in text
    assert not bus.of("report_task")


async def test_a_refusal_of_the_service_loses_neither_words_nor_files(portal, bus):
    def refuse(_call):
        error = {"field": "/file_ids/0", "message": "Berkas sudah dipakai."}
        raise Invalid(errors=[error])

    bus.answers["letters.report_task"] = refuse
    answer, text = await portal(REPORT, {"laporan": "Selesai.", **HELD})
    assert answer.status == 422
    assert 'href="#lampiran">Berkas sudah dipakai.' in text
    assert "foto.jpg" in text
    assert "Selesai.</textarea>" in text
