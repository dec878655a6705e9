"""The page behind the QR of a letter, and the file that stays on the phone."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.api import Api, Row
from tests.browser.visits import Size, Visits


@pytest.fixture(scope="module")
def signed(api: Api) -> Row:
    body = {
        "direction": "outgoing",
        "kind": "surat_dinas",
        "subject": "Penetapan hari kerja akhir tahun",
        "body_html": "<p>Hari kerja ditetapkan.</p>",
        "signer_position_id": api.position("sekda"),
        "recipients": [{"position_id": api.position("kadis.dinkes")}],
        "classification_code": "000.8.3.3",
        "urgency": "biasa",
        "secrecy": "biasa",
    }
    letter = api.post("kabag.organisasi", "/letters", body)
    path = f"/letters/{letter['letter_id']}"
    api.post("kabag.organisasi", f"{path}/submit", {})
    return api.post(
        "sekda", f"{path}/sign", {"method": "local", "password": api.password}
    )


@pytest.fixture(scope="module")
def issued(api: Api, signed: Row, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF as its recipient has it."""
    file = signed["files"][0]
    address = f"{api.base_url}/api/v1/letters/{signed['letter_id']}/files"
    token = {"Authorization": f"Bearer {api.token('sekda')}"}
    request = Request(f"{address}/{file['file_id']}", headers=token)
    path = tmp_path_factory.mktemp("issued") / "surat.pdf"
    path.write_bytes(urlopen(request, timeout=20).read())
    return path


@pytest.mark.parametrize(
    ("size", "dark"), [("phone", False), ("phone", True), ("desk", False)]
)
def test_a_stranger_compares_the_file_on_his_own_phone(
    visits: Visits, signed: Row, issued: Path, size: Size, dark: bool
) -> None:
    address = f"/verify/{signed['outgoing']['verify_token']}"
    visit = visits.open(address, size=size, dark=dark)
    page = visit.page
    sent: list[str] = []
    page.on("request", lambda one: "/static/" in one.url or sent.append(one.url))
    expect(page.get_by_role("heading", name="Surat ini asli")).to_be_visible()

    page.set_input_files("#berkas", issued)
    expect(page.locator("#hasil")).to_contain_text("Berkas Anda sama")
    other = issued.with_name(f"palsu-{size}-{dark}.pdf")
    other.write_bytes(issued.read_bytes().replace(b"%%EOF", b"%%EOf", 1))
    page.set_input_files("#berkas", other)
    expect(page.locator("#hasil")).to_contain_text("Berkas Anda berbeda")

    assert sent == []  # the file went nowhere
    assert not visit.complaints
    visits.picture(visit, f"verifikasi-{size}{'-gelap' if dark else ''}", whole=True)
    wider = "document.documentElement.scrollWidth > innerWidth"
    assert page.evaluate(wider) is False


def test_without_scripts_the_verdict_is_there_all_the_same(
    visits: Visits, signed: Row
) -> None:
    address = f"/verify/{signed['outgoing']['verify_token']}"
    page = visits.open(address, scripts=False).page

    expect(page.get_by_role("heading", name="Surat ini asli")).to_be_visible()
    expect(page.get_by_text(signed["files"][0]["sha256"])).to_be_visible()


def test_a_code_nobody_issued_says_what_to_do(visits: Visits) -> None:
    visit = visits.open(f"/verify/{'x' * 22}")

    heading = visit.page.get_by_role("heading", name="Kode tidak dikenal")
    expect(heading).to_be_visible()
    visits.picture(visit, "verifikasi-tak-dikenal", whole=True)
