"""*Teks*: the words of a page instead of its picture, for slow lines and screen readers."""

from __future__ import annotations

import json
import time
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.api import Api, Row
from tests.browser.visits import Size, Visits
from tests.unit.letters import scans

FIRST = """Dengan hormat kami laporkan bahwa jembatan gantung
di Desa Malinau rusak akibat banjir kiriman."""
PAGES = (FIRST, "Lampiran: daftar kerusakan")


@pytest.fixture(scope="module")
def letter(api: Api) -> Row:
    """With a PDF of two pages and a scan nobody can read here."""
    files = [
        _upload(api, scans.pdf(*PAGES), "laporan.pdf", "application/pdf"),
        _upload(api, scans.png(""), "foto.png", "image/png"),
    ]
    made = api.register("Jembatan putus", file_ids=files)
    path = f"/letters/{made['letter_id']}/files/{files[0]}/pages/2/text"
    for _ in range(100):
        if api.get("bupati", path)["state"] == "ready":
            return made
        time.sleep(0.2)
    raise AssertionError("the text of the file was not read")


def _upload(api: Api, content: bytes, name: str, kind: str) -> str:
    headers = {
        "Authorization": f"Bearer {api.token('tu.setda')}",
        "Content-Type": kind,
        "X-Filename": name,
    }
    request = Request(f"{api.base_url}/api/v1/files", content, headers)
    with urlopen(request, timeout=20) as answer:
        file_id: str = json.load(answer)["file_id"]
        return file_id


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_page_turns_into_its_text_and_back(
    visits: Visits, letter: Row, size: Size
) -> None:
    visit = visits.open(f"/surat/{letter['letter_id']}", as_="bupati", size=size)
    page = visit.page
    expect(page.locator(".rk-page img").first).to_be_visible()
    page.get_by_role("link", name="Teks").first.click()
    expect(page.get_by_text("jembatan gantung")).to_be_visible()
    expect(page.get_by_text("Lampiran: daftar kerusakan")).to_be_visible()
    expect(page.locator(".rk-page img")).to_have_count(0)
    expect(page).to_have_url(
        f"{page.url.split('/surat')[0]}/surat/{letter['letter_id']}?tampil=teks"
    )
    visits.picture(visit, f"teks-{size}", whole=True)
    page.get_by_role("link", name="Gambar").first.click()
    expect(page.locator(".rk-page img").first).to_be_visible()
    assert visit.complaints == []


def test_text_needs_no_script_and_no_picture(visits: Visits, letter: Row) -> None:
    visit = visits.open(f"/surat/{letter['letter_id']}", as_="bupati", scripts=False)
    visit.page.get_by_role("link", name="Teks").first.click()
    expect(visit.page.get_by_text("rusak akibat banjir kiriman")).to_be_visible()
    expect(visit.page.locator(".rk-page img")).to_have_count(0)
    typed = visit.page.locator(".rk-typed")
    expect(typed).to_have_count(3)
    expect(typed.first).to_have_attribute("lang", "id")
