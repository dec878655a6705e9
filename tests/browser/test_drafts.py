"""A draft while it is written: files beside its text, and what is kept meanwhile."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import papers
from tests.browser.api import Api, Row
from tests.browser.drafts import DRAFTER, SIGNER, drafted
from tests.browser.visits import Visits

RECIPIENT = "kadis.disdikbud"


def named(letter: Row) -> list[str]:
    return [file["filename"] for file in letter["files"]]


def saved(page: Page, api: Api) -> Row:
    page.get_by_role("button", name="Simpan konsep").click()
    expect(page.get_by_text("Konsep tersimpan.")).to_be_visible()
    return api.get(DRAFTER, f"/letters/{page.url.rpartition('/')[2]}")


def test_files_beside_a_text_go_with_the_letter_to_its_recipients(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    letter = drafted(api, f"Undangan rapat {secrets.token_hex(3)}", initials=[])
    visit = visits.open(f"/surat/{letter['letter_id']}/konsep", as_=DRAFTER)
    page, box = visit.page, visit.page.locator("#lampiran")
    chosen = [papers.readable(tmp_path / f"{name}.pdf") for name in ("peta", "daftar")]
    box.locator("[data-file]").set_input_files(
        [chosen[0], papers.broken(tmp_path / "rusak.pdf"), chosen[1]]
    )
    expect(box.locator("li")).to_have_count(2)
    expect(box.get_by_role("status")).to_contain_text("rusak.pdf: Terkunci kata sandi")
    box.get_by_role("button", name="Hapus berkas peta.pdf").tap()
    expect(box.locator("li")).to_have_count(1)
    box.locator("[data-file]").set_input_files(chosen[0])
    expect(box.locator("li")).to_have_text(["daftar.pdf", "peta.pdf"])
    visits.picture(visit, "konsep-lampiran", whole=True)
    assert named(saved(page, api)) == ["daftar.pdf", "peta.pdf"]
    expect(page.get_by_role("link", name="daftar.pdf")).to_be_visible()
    here = f"/letters/{letter['letter_id']}"
    api.post(DRAFTER, f"{here}/submit", {})
    api.post(SIGNER, f"{here}/sign", {"method": "local", "password": api.password})
    sent = api.post(DRAFTER, f"{here}/dispatch", {})
    arrived = sent["outgoing"]["recipients"][0]["letter_id"]
    assert named(api.get(RECIPIENT, f"/letters/{arrived}"))[1:] == [
        "daftar.pdf",
        "peta.pdf",
    ]
    theirs = visits.open(f"/surat/{arrived}", as_=RECIPIENT).page
    expect(theirs.get_by_text("peta.pdf").first).to_be_visible()
    assert not visit.complaints


@pytest.mark.parametrize("saving", [True, False])
def test_files_are_attached_and_taken_off_without_scripts(
    visits: Visits, api: Api, tmp_path: Path, saving: bool
) -> None:
    letter = drafted(api, f"Tanpa skrip {secrets.token_hex(3)}")
    address = f"/surat/{letter['letter_id']}/konsep"
    page = visits.open(address, as_=DRAFTER, scripts=False).page
    page.get_by_role("textbox", name="Isi surat").fill("Tulisan baru.")
    page.get_by_label("Berkas lampiran").set_input_files(
        papers.broken(tmp_path / "rusak.pdf")
    )
    page.locator("#lampiran").get_by_role("button", name="Unggah").tap()
    expect(page.get_by_role("alert")).to_contain_text("rusak.pdf: Terkunci")
    expect(page.get_by_role("textbox", name="Isi surat")).to_have_value("Tulisan baru.")
    page.get_by_label("Berkas lampiran").set_input_files(
        papers.readable(tmp_path / "peta.pdf")
    )
    if not saving:
        page.locator("#lampiran").get_by_role("button", name="Unggah").tap()
        page.get_by_role("button", name="Hapus berkas peta.pdf").tap()
        expect(page.locator("#lampiran li")).to_have_count(0)
    assert named(saved(page, api)) == (["peta.pdf"] if saving else [])
    kept = api.get(DRAFTER, f"/letters/{letter['letter_id']}")
    assert kept["outgoing"]["body_html"] == "<p>Tulisan baru.</p>"


def test_a_finished_file_is_the_letter_without_scripts(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    letter = drafted(api, f"Berkas jadi {secrets.token_hex(3)}")
    address = f"/surat/{letter['letter_id']}/konsep"
    page = visits.open(address, as_=DRAFTER, scripts=False).page
    page.get_by_role("radio", name="Unggah berkas jadi").check()
    page.get_by_label("Berkas surat", exact=True).set_input_files(
        papers.readable(tmp_path / "surat.pdf")
    )
    found = saved(page, api)
    assert (named(found), found["outgoing"]["body_html"]) == (["surat.pdf"], None)
    assert re.search(r"/surat/[0-9a-f-]{36}$", page.url)


# ---- kept while it is written ------------------------------------------------------


def saved_line(page: Page) -> Locator:
    return page.locator("[data-tersimpan]")


def write(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Isi surat").fill(words)


def html_of(api: Api, letter: Row) -> str:
    found = api.get(DRAFTER, f"/letters/{letter['letter_id']}")
    return str(found["outgoing"]["body_html"])


def test_a_draft_is_saved_in_a_pause_and_a_crash_loses_nothing(
    visits: Visits, api: Api
) -> None:
    letter = drafted(api, f"Simpan sendiri {secrets.token_hex(3)}")
    address = f"/surat/{letter['letter_id']}/konsep"
    visit = visits.open(address, as_=DRAFTER)
    page = visit.page
    write(page, "Sepuluh menit menulis.")
    expect(saved_line(page)).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d$"))
    visits.picture(visit, "konsep-tersimpan")
    assert html_of(api, letter) == "<p>Sepuluh menit menulis.</p>"
    page.context.set_offline(True)
    write(page, "Sepuluh menit menulis, lalu terputus.")
    page.get_by_label("Perihal", exact=True).fill("Perihal tanpa sinyal")
    expect(saved_line(page)).to_contain_text("Belum tersimpan, tidak ada sinyal.")
    expect(saved_line(page)).to_contain_text("disimpan di perangkat ini")
    visits.picture(visit, "konsep-luring")
    page.context.set_offline(False)
    expect(saved_line(page)).to_have_text(re.compile(r"^Tersimpan"))
    page.context.set_offline(True)
    write(page, "Sepuluh menit menulis, lalu padam.")
    expect(saved_line(page)).to_contain_text("disimpan di perangkat ini")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("dipulihkan")).to_be_visible()
    expect(page.get_by_role("textbox", name="Isi surat")).to_have_text(
        "Sepuluh menit menulis, lalu padam."
    )
    expect(page.get_by_label("Perihal", exact=True)).to_have_value(
        "Perihal tanpa sinyal"
    )
    visits.picture(visit, "konsep-dipulihkan")
    expect(saved_line(page)).to_have_text(re.compile(r"^Tersimpan"))
    assert html_of(api, letter) == "<p>Sepuluh menit menulis, lalu padam.</p>"
    rows = api.get(DRAFTER, f"/letters/{letter['letter_id']}/revisions")["items"]
    assert len(rows) == 1
    page.reload()
    expect(page.locator("[data-pulih]")).to_be_hidden()
    assert kept(page) == []
    assert not visit.complaints


def test_a_new_draft_lies_on_the_device_until_it_is_saved(
    visits: Visits, api: Api
) -> None:
    visit = visits.open("/surat/keluar/baru", as_=DRAFTER)
    page = visit.page
    page.get_by_label("Perihal", exact=True).fill("Belum jadi surat")
    page.get_by_label("Cari jabatan penerima").fill("kepala dinas pendidikan")
    page.locator("#calon-penerima label").first.tap()
    expect(page.locator("#penerima .rk-tok")).to_have_count(1)
    write(page, "Baru mulai.")
    expect(saved_line(page)).to_contain_text("Isian disimpan di perangkat ini")
    page.reload()
    expect(page.get_by_text("dipulihkan")).to_be_visible()
    expect(page.get_by_role("textbox", name="Isi surat")).to_have_text("Baru mulai.")
    expect(page.locator("#penerima .rk-tok")).to_have_count(1)
    page.get_by_label("Klasifikasi", exact=True).fill("500.12")
    letter = saved(page, api)
    assert letter["outgoing"]["body_html"] == "<p>Baru mulai.</p>"
    page.goto(visits.address("/surat/keluar/baru"))
    expect(page.locator("[data-pulih]")).to_be_hidden()
    expect(page.get_by_label("Perihal", exact=True)).to_have_value("")
    assert not visit.complaints


def test_nothing_secret_stays_on_the_device(visits: Visits) -> None:
    page = visits.open("/surat/keluar/baru", as_="kabid.kominfo.2").page
    write(page, "Nama pelapor.")
    expect(saved_line(page)).to_contain_text("Isian disimpan di perangkat ini")
    assert len(kept(page)) == 1
    page.get_by_role("radio", name="Rahasia", exact=True).check(force=True)
    expect(saved_line(page)).to_contain_text("Surat rahasia tidak disimpan")
    assert kept(page) == []
    page.get_by_role("radio", name="Terbatas").check(force=True)
    expect(saved_line(page)).to_contain_text("Isian disimpan di perangkat ini")
    page.locator(".rk-acting summary").tap()
    page.get_by_role("button", name="Keluar").tap()
    page.wait_for_url("**/masuk*")
    assert kept(page) == []


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('rakat-konsep:'))"
    )
    return found


def test_two_pages_do_not_write_over_each_other(visits: Visits, api: Api) -> None:
    letter = drafted(api, f"Dua penulis {secrets.token_hex(3)}")
    address = f"/surat/{letter['letter_id']}/konsep"
    first, second = (visits.open(address, as_=DRAFTER).page for _ in range(2))
    visit = visits.open(address, as_=DRAFTER)
    write(first, "Dari halaman pertama.")
    expect(saved_line(first)).to_have_text(re.compile(r"^Tersimpan"))
    write(second, "Dari halaman kedua.")
    expect(second.get_by_role("dialog")).to_contain_text("Naskah ini sudah diubah oleh")
    assert html_of(api, letter) == "<p>Dari halaman pertama.</p>"
    second.get_by_role("button", name="Simpan tulisan saya").tap()
    expect(saved_line(second)).to_have_text(re.compile(r"^Tersimpan"))
    assert html_of(api, letter) == "<p>Dari halaman kedua.</p>"
    third = visit.page
    write(third, "Dari halaman ketiga.")
    sheet = third.get_by_role("dialog")
    expect(sheet).to_contain_text("Anda sendiri di halaman lain")
    visits.picture(visit, "konsep-bentrok")
    sheet.get_by_role("link", name="Pakai naskah yang sekarang").tap()
    expect(third.get_by_role("textbox", name="Isi surat")).to_have_text(
        "Dari halaman kedua."
    )
    assert kept(third) == []
    assert not visit.complaints


def test_saving_by_hand_waits_for_the_save_in_passing(visits: Visits, api: Api) -> None:
    letter = drafted(api, f"Berbarengan {secrets.token_hex(3)}")
    visit = visits.open(f"/surat/{letter['letter_id']}/konsep", as_=DRAFTER)
    page = visit.page

    def slowly(route: Route) -> None:
        page.wait_for_timeout(1_500)
        route.continue_()

    page.route("**/konsep/otomatis", slowly)
    write(page, "Ditulis sebelum keduanya.")
    expect(saved_line(page)).to_have_text("Menyimpan …")
    found = saved(page, api)
    assert found["outgoing"]["body_html"] == "<p>Ditulis sebelum keduanya.</p>"
    assert not visit.complaints
