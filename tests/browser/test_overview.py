"""The leader's overview: what is late leads to its unit, on the phone and at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from contracts.codec import ZONE
from tests.browser.api import Api
from tests.browser.visits import Size, Visits


@pytest.fixture(scope="module")
def late(api: Api) -> None:
    """Letters that are late in two agencies, one that was finished in time."""
    before = (datetime.now(ZONE) - timedelta(days=4)).isoformat()
    for number in range(3):
        letter = api.register(
            f"Terlambat {number}", received_at=before, urgency="amat_segera"
        )
        if number:
            line = {"role": "handle", "instructions": []}
            to = api.position("kadis.dinkes")
            api.dispose("bupati", letter, [{**line, "position_id": to}])
    done = api.register("Selesai")
    api.post("bupati", f"/letters/{done['letter_id']}/close", {"outcome": "noted"})


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_leader_sees_what_is_late_and_where(
    visits: Visits, late: None, size: Size
) -> None:
    visit = visits.open("/", as_="bupati", size=size)
    page = visit.page
    page.get_by_role("navigation", name="Menu utama").get_by_role(
        "link", name="Ikhtisar"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ikhtisar surat")
    visits.picture(visit, f"ikhtisar-{size}", whole=True)
    with page.expect_download() as came:
        page.get_by_role("link", name="Unduh CSV").click()
    table = came.value.path().read_text("utf-8-sig").splitlines()
    assert table[0].startswith("Unit;Nama singkat;Berjalan;Terlambat")
    assert any(line.startswith("Dinas Kesehatan;") for line in table)
    assert table[-1].startswith("Seluruhnya")
    bars = page.get_by_role("region", name="Terlambat menurut unit")
    bars.get_by_role("link", name="Dinas Kesehatan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dinas Kesehatan")
    page.get_by_role("link", name="Hari ini").click()
    expect(page.locator("[aria-current=true]").last).to_have_text("Hari ini")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dinas Kesehatan")
    page.get_by_role("link", name="Semua perangkat daerah").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ikhtisar surat")
    assert not visit.complaints


def test_who_does_not_lead_has_no_overview(visits: Visits) -> None:
    visit = visits.open("/ikhtisar", as_="tu.setda", size="desk")
    assert visit.page.get_by_role("link", name="Ikhtisar").count() == 0
    expect(visit.page.get_by_role("heading", level=1)).not_to_have_text(
        "Ikhtisar surat"
    )
