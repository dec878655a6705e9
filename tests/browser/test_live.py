"""What arrives while a page is open: counted, offered, never moving anything."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.visits import Visits, until_shown


def test_a_new_letter_is_offered_on_top_and_nothing_moves(
    visits: Visits, api: Api
) -> None:
    visit = visits.open("/", as_="bupati")
    page = visit.page
    badge = page.locator("[data-bell] [data-unread]")
    before = int(badge.get_attribute("data-unread") or 0)
    place = page.locator("h1").bounding_box()
    page.wait_for_timeout(500)
    letter = api.register("Datang selagi terbuka")
    offer = page.locator("#baru a")
    expect(offer).to_have_text("1 surat baru")
    expect(badge).to_have_attribute("data-unread", str(before + 1))
    assert page.locator("h1").bounding_box() == place
    visits.picture(visit, "surat-baru")
    offer.tap()
    task = api.get("bupati", f"/tasks?letter_id={letter['letter_id']}")["items"][0]
    expect(page.locator(f"#tugas-{task['task_id']}")).to_be_attached()


def test_everything_can_be_marked_read(visits: Visits, api: Api) -> None:
    subject = "Supaya ada yang belum dibaca"
    api.register(subject)
    page = visits.open("/pemberitahuan", as_="bupati").page
    # Told after the button was tapped, it would be unread again.
    until_shown(page, page.locator(".rk-notes li").filter(has_text=subject))
    page.get_by_role("button", name="Tandai").tap()
    expect(page.get_by_text("Semua sudah dibaca")).to_be_visible()
    assert api.get("bupati", "/me")["counters"]["unread_notifications"] == 0
