"""The buku agenda and the retention list, as registrars and leaders use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api, Row
from tests.browser.visits import Visits


@pytest.fixture(scope="module")
def lines(api: Api) -> dict[str, Row]:
    """A plain, a secret, a void and an ended letter, and enough for a second page."""
    found: dict[str, Any] = {
        "plain": api.register("Rehab pasar Kandangan", number="511/7/DISDAG/2026"),
        "secret": api.register("Mutasi jabatan", secrecy="rahasia"),
        "void": api.register("Tercatat dua kali"),
        "ended": api.register("Undangan selesai", classification_code="400.14"),
    }
    reason = {"reason": "Sama dengan yang di atas"}
    api.post("tu.setda", f"/letters/{found['void']['letter_id']}/void", reason)
    closing = {"outcome": "noted"}
    api.post("bupati", f"/letters/{found['ended']['letter_id']}/close", closing)
    return found


def row_of(page: Page, letter: Row) -> Any:
    number = page.get_by_role("rowheader", name=letter["agenda_number"])
    return page.get_by_role("row").filter(has=number)


def test_a_registrar_finds_his_book_and_a_line_in_it(
    visits: Visits, lines: dict[str, Row]
) -> None:
    visit = visits.open("/lainnya", as_="tu.setda")
    page = visit.page
    page.get_by_role("link", name="Buku agenda").click()
    page.get_by_role("link", name=re.compile("Surat masuk")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Surat masuk")
    page.get_by_role("searchbox").last.fill("pasar 511/7")
    page.keyboard.press("Enter")
    expect(row_of(page, lines["plain"])).to_contain_text("Rehab pasar Kandangan")
    assert page.get_by_role("rowheader").count() == 1
    page.get_by_role("link", name="Surat keluar").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Surat keluar")
    assert not visit.complaints


def test_masked_and_void_lines(visits: Visits, lines: dict[str, Row]) -> None:
    letter = lines["plain"]
    path = f"/buku-agenda/{letter['register_unit_id']}/{letter['agenda_year']}"
    mine = visits.open(path, as_="tu.setda", size="desk")
    secret = row_of(mine.page, lines["secret"])
    expect(secret).to_contain_text("Rahasia. Buka surat, pembacaan dicatat")
    expect(secret.get_by_role("link", name="Buka surat")).to_be_visible()
    void = row_of(mine.page, lines["void"])
    expect(void).to_contain_text("Dibatalkan")
    expect(void).to_contain_text("Sama dengan yang di atas")
    visits.picture(mine, "buku-terkunci")

    above = visits.open(path, as_="sekda").page
    hidden = row_of(above, lines["secret"])
    expect(hidden).to_contain_text("Tertutup bagi jabatan Anda")
    expect(hidden).not_to_contain_text("Mutasi")
    assert hidden.get_by_role("link").count() == 0


def test_the_book_is_saved_as_a_file(visits: Visits, lines: dict[str, Row]) -> None:
    letter = lines["plain"]
    path = f"/buku-agenda/{letter['register_unit_id']}/{letter['agenda_year']}?q=pasar"
    page = visits.open(path, as_="tu.setda", size="desk").page
    for kind, start in (("CSV", b"\xef\xbb\xbfNo.;"), ("PDF", b"%PDF-")):
        with page.expect_download() as saved:
            page.get_by_role("link", name=kind, exact=True).click()
        assert saved.value.suggested_filename.endswith(f".{kind.lower()}")
        content = saved.value.path().read_bytes()
        assert content.startswith(start)
        if kind == "CSV":
            assert content.count(b"\r\n") == 2


def test_retention_tells_and_does_nothing(
    visits: Visits, lines: dict[str, Row]
) -> None:
    page = visits.open("/retensi", as_="tu.setda").page
    page.get_by_role("link", name="Aktif", exact=True).click()
    row = row_of(page, lines["ended"])
    expect(row).to_contain_text("Musnah")
    expect(page.locator("main")).to_contain_text("tidak pernah menghapus surat")
    assert page.locator("main button").count() == 0
    closed = visits.open("/retensi", as_="bupati").page
    expect(closed.get_by_role("heading", name="Bukan register Anda")).to_be_visible()
