"""Logging in, acting as another office, and pages that are not for me."""

from __future__ import annotations

from playwright.sync_api import expect

from chassis.ids import new_id
from tests.browser.api import Api
from tests.browser.visits import Visits


def test_a_wrong_password_says_nothing_about_which_of_the_two_was_wrong(
    visits: Visits,
) -> None:
    texts = []
    for username in ("bupati", "tidak.ada"):
        visit = visits.open("/masuk")
        page = visit.page
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi").fill("salah-sekali")
        page.get_by_role("button", name="Masuk").tap()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Nama pengguna atau kata sandi salah")
        expect(page.get_by_label("Nama pengguna")).to_have_value(username)
        texts.append(alert.inner_text())
        visits.picture(visit, "masuk-salah")
    assert texts[0] == texts[1]


def test_logging_in_leads_back_to_the_page_asked_for_and_out_closes_the_session(
    visits: Visits, api: Api
) -> None:
    page = visits.open("/agenda").page
    page.get_by_label("Nama pengguna").fill("sekda")
    page.get_by_label("Kata sandi").fill(api.password)
    page.get_by_role("button", name="Masuk").tap()
    page.wait_for_url("**/agenda/20*")
    page.locator(".rk-acting summary").first.tap()
    page.get_by_role("button", name="Keluar").tap()
    page.wait_for_url("**/masuk")
    page.goto(f"{api.base_url}/surat")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_a_post_without_the_token_of_the_page_is_refused(
    visits: Visits, api: Api
) -> None:
    page = visits.open("/", as_="bupati").page
    answer = page.request.post(
        f"{api.base_url}/pemberitahuan/dibaca", form={"csrf_token": "0" * 64}
    )
    assert answer.status == 403
    assert "Halaman sudah lama terbuka" in answer.text()


def test_what_is_not_mine_is_not_found_in_words(visits: Visits) -> None:
    visit = visits.open(f"/surat/{new_id()}", as_="kadis.kominfo")
    expect(visit.page.get_by_role("heading", name="Tidak ditemukan")).to_be_visible()
    expect(visit.page.get_by_text("Kode not_found")).to_be_visible()
    visits.picture(visit, "tidak-ditemukan")


def test_the_theme_can_be_switched_and_is_kept(visits: Visits, api: Api) -> None:
    page = visits.open("/lainnya", as_="bupati").page
    page.locator("main").get_by_role("button", name="Ganti tampilan").tap()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{api.base_url}/surat")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
