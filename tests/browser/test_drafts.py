"""A draft while it is written: files beside its text, and what is kept meanwhile."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

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
    api.post(SIGNER, f"{here}/sign", {"method": "local"})
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
