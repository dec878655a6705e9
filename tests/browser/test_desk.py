"""The registrar's desk: files with progress, the form, duplicates, the next letter."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import papers
from tests.browser.api import Api
from tests.browser.visits import Visits


def test_a_letter_is_registered_with_its_scan_and_one_bad_file_stops_nothing(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    good = papers.readable(tmp_path / "pindai-0001.pdf")
    bad = papers.broken(tmp_path / "pindai-0002.pdf")
    later = papers.readable(tmp_path / "pindai-0003.pdf", "Lain")
    visit = visits.open("/meja", as_="tu.setda", size="desk")
    page = visit.page
    page.locator("[data-files]").set_input_files([good, bad, later])
    queue = page.locator("[data-queue] li")
    expect(queue.nth(0)).to_contain_text("Siap dicatat, 1 halaman")
    expect(queue.nth(1)).to_contain_text("Terkunci kata sandi atau rusak")
    expect(queue.nth(2)).to_contain_text("Siap dicatat")
    expect(page.locator("[data-queue-status]")).to_have_text("2 dari 3 terunggah")
    page.get_by_label("Pengirim", exact=True).fill("Kecamatan Simpur")
    page.get_by_label("Nomor surat", exact=True).fill("005/61/KEC-SPR/2026")
    page.get_by_label("Perihal", exact=True).fill("Undangan musyawarah desa")
    page.get_by_role("radio", name="Segera", exact=True).check()
    _addressed(page).check()
    visits.picture(visit, "meja-isian")
    page.get_by_role("button", name="Simpan dan berikutnya").click()

    done = page.locator(".rk-note.done")
    expect(done).to_contain_text("tercatat")
    expect(queue.nth(0)).to_contain_text("tercatat")
    expect(queue.nth(2).locator("input")).to_be_checked()
    expect(page.get_by_label("Pengirim", exact=True)).to_have_value("")
    visits.picture(visit, "meja-tercatat")
    letter_id = (done.locator("a").first.get_attribute("href") or "").split("/")[-1]
    letter = api.get("tu.setda", f"/letters/{letter_id}")
    assert letter["number"] == "005/61/KEC-SPR/2026"
    assert letter["urgency"] == "segera"
    assert [file["filename"] for file in letter["files"]] == ["pindai-0001.pdf"]
    assert not visit.complaints

    page.get_by_label("Nomor surat", exact=True).fill("005/61/KEC-SPR/2026")
    page.get_by_label("Perihal", exact=True).click()
    expect(page.locator("#mirip")).to_contain_text("Nomor ini sudah ada")


def test_a_scan_that_is_overtaken_still_goes_with_its_letter(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    slow = papers.readable(tmp_path / "pindai-lambat.pdf", "Lambat")
    later = papers.readable(tmp_path / "pindai-cepat.pdf", "Cepat")
    page = visits.open("/meja", as_="tu.setda", size="desk").page
    held: list[Route] = []

    def overtaken(route: Route) -> None:
        if "lambat" in route.request.headers["x-filename"]:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/files", overtaken)
    page.locator("[data-files]").set_input_files([slow, later])
    queue = page.locator("[data-queue] li")
    expect(queue.nth(1)).to_contain_text("Siap dicatat")
    expect(queue.nth(1).locator("input")).not_to_be_checked()
    page.get_by_label("Pengirim", exact=True).fill("Camat Loksado")
    page.get_by_label("Perihal", exact=True).fill("Pindaian yang lambat")
    _addressed(page).check()
    page.get_by_role("button", name="Simpan dan berikutnya").click()
    expect(page.locator("[data-queue-status]")).to_contain_text("Surat disimpan begitu")

    held[0].continue_()
    expect(queue.nth(0)).to_contain_text("tercatat")
    expect(queue.nth(1).locator("input")).to_be_checked()
    link = page.locator(".rk-note.done a").first.get_attribute("href") or ""
    letter = api.get("tu.setda", f"/letters/{link.split('/')[-1]}")
    assert [file["filename"] for file in letter["files"]] == ["pindai-lambat.pdf"]


def test_saving_does_not_wait_for_the_search_of_the_same_number(
    visits: Visits,
) -> None:
    page = visits.open("/meja", as_="tu.setda", size="desk").page
    page.route("**/meja/mirip*", lambda _: None)  # never answered
    page.get_by_label("Pengirim", exact=True).fill("Camat Loksado")
    page.get_by_label("Perihal", exact=True).fill("Nomor diisi terakhir")
    _addressed(page).check()
    page.get_by_label("Nomor surat", exact=True).fill("005/62/KEC-LKS/2026")
    with page.expect_request("**/meja/mirip*"):
        page.get_by_role("button", name="Simpan dan berikutnya").click()
    expect(page.locator(".rk-note.done")).to_contain_text("Nomor diisi terakhir")


def test_the_page_of_a_scan_is_shown_on_the_phone(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    scan = papers.readable(tmp_path / "surat.pdf", "Jembatan")
    page = visits.open("/meja", as_="tu.setda", size="desk").page
    page.locator("[data-files]").set_input_files([scan])
    expect(page.locator("[data-queue] li")).to_contain_text("Siap dicatat")
    page.get_by_label("Pengirim", exact=True).fill("Camat Loksado")
    page.get_by_label("Perihal", exact=True).fill("Halaman di telepon")
    _addressed(page).check()
    page.get_by_role("button", name="Simpan dan berikutnya").click()
    link = page.locator(".rk-note.done a").first
    address = link.get_attribute("href") or ""

    visit = visits.open(address, as_="bupati")
    image = visit.page.get_by_role("img", name="Halaman 1: surat.pdf")
    expect(image).to_be_visible()
    visit.page.wait_for_function(
        "document.querySelector('.rk-page img').naturalWidth > 300"
    )
    visits.picture(visit, "surat-halaman")


def test_a_form_that_is_not_complete_keeps_what_was_written(visits: Visits) -> None:
    visit = visits.open("/meja", as_="tu.setda", size="desk")
    page = visit.page
    page.get_by_label("Perihal", exact=True).fill("Tanpa pengirim")
    page.get_by_role("button", name="Simpan dan berikutnya").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Isi nama pengirim.")
    expect(alert.get_by_role("link", name="Pilih paling sedikit")).to_be_visible()
    expect(page.get_by_label("Perihal", exact=True)).to_have_value("Tanpa pengirim")
    expect(page.get_by_label("Pengirim", exact=True)).to_have_attribute(
        "aria-invalid", "true"
    )
    visits.picture(visit, "meja-salah")


def _addressed(page: Page) -> Locator:
    return page.locator("#tujuan").get_by_role("checkbox", name="Bupati", exact=True)


def test_only_registrars_have_a_desk(visits: Visits) -> None:
    page = visits.open("/meja", as_="bupati").page
    expect(page.get_by_role("heading", name="Bukan register Anda")).to_be_visible()
