"""An administrator records what stands under a signature."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.visits import Visits


def test_number_and_grade_of_contract_staff_are_recorded(
    visits: Visits, api: Api
) -> None:
    visit = visits.open("/lainnya", as_="admin")
    page = visit.page
    page.get_by_role("link", name="Pejabat: NIP dan golongan").tap()
    page.get_by_role("searchbox").last.fill("kabid.kominfo.3")
    page.keyboard.press("Enter")
    page.locator(".rk-list a").first.tap()
    page.get_by_label("NIP atau NI PPPK").fill("19920508 202321 2")
    page.get_by_label("Golongan").select_option(label="Golongan IX")
    page.get_by_role("button", name="Simpan").tap()
    expect(page.get_by_text("18 angka").first).to_be_visible()
    expect(page.get_by_label("Golongan")).to_have_value("IX")
    page.get_by_label("NIP atau NI PPPK").fill("19920508 202321 2 001")
    visits.picture(visit, "pejabat")
    page.get_by_role("button", name="Simpan").tap()
    expect(page.locator("[data-toast]")).to_contain_text("disimpan.")
    found = api.get("admin", "/people?q=kabid.kominfo.3")["items"][0]
    assert found["nip"].endswith("2001")
    person = api.get("admin", f"/people/{found['person_id']}")
    assert person["grade"] == "IX"
    assert not visit.complaints
