"""An activity over several days made on a phone or at a desk, and put right later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api, some_day
from tests.browser.visits import Size, Visits


def add_office(page: Page, needle: str, name: str, count: int) -> None:
    page.get_by_role("searchbox", name="Cari jabatan").fill(needle)
    page.get_by_role("checkbox", name=name, exact=True).click()
    expect(page.locator("#peserta .rk-rcpt")).to_have_count(count)


@pytest.mark.parametrize(("size", "dark"), [("phone", False), ("desk", True)])
def test_several_days_are_booked_and_title_people_and_room_changed(
    visits: Visits, api: Api, size: Size, dark: bool
) -> None:
    day = some_day()
    first, last = day.date(), (day + timedelta(days=2)).date()
    path = f"/kegiatan/baru?tanggal={first.isoformat()}"
    visit = visits.open(path, as_="protokol", size=size, dark=dark)
    page, shade = visit.page, f"{size}{'-gelap' if dark else ''}"
    page.get_by_label("Nama kegiatan").fill("Kunjungan kerja")
    page.get_by_label("Mulai").fill("22:00")
    page.get_by_label("Selesai").fill("02:00")
    page.get_by_text("Beberapa hari atau sepanjang hari").click()
    page.get_by_label("Tanggal terakhir").fill(last.isoformat())
    page.get_by_text("Rincian lain").click()
    page.get_by_label("Menit perjalanan pergi").fill("90")
    page.get_by_label("Pakaian").fill("Batik")
    visits.picture(visit, f"kegiatan-beberapa-hari-{shade}")
    add_office(page, "bupati hulu sungai", "Bupati", 2)
    page.get_by_role("button", name="Simpan kegiatan").click()
    expect(page.get_by_text("Kegiatan tersimpan")).to_be_visible()
    page.get_by_role("link", name="Buka", exact=True).click()
    page.wait_for_url("**/kegiatan/*")
    visits.picture(visit, f"kegiatan-halaman-{shade}")
    made = api.get("protokol", f"/activities/{page.url.rpartition('/')[2]}")
    assert made["starts_at"] == f"{first}T22:00:00+08:00"
    assert made["ends_at"] == f"{last}T02:00:00+08:00"
    assert (made["travel_minutes_before"], made["dress_code"]) == (90, "Batik")

    page.get_by_role("link", name="Ubah…", exact=True).click()
    expect(page.get_by_role("heading", name="Ubah kegiatan")).to_be_visible()
    page.get_by_label("Nama kegiatan").fill("Kunjungan kerja ke Loksado")
    page.get_by_role("button", name="Hapus Bupati").click()
    expect(page.locator("#peserta .rk-rcpt")).to_have_count(1)
    add_office(page, "wakil bupati", "Wakil Bupati", 2)
    room = page.locator("input[name=ruang]").first
    if not room.is_visible():
        page.locator("summary").filter(has_text="Ruang").click()
    room.check()
    visits.picture(visit, f"kegiatan-ubah-{shade}")
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.get_by_text("Perubahan tersimpan")).to_be_visible()
    now = api.get("protokol", f"/activities/{made['activity_id']}")
    assert now["title"] == "Kunjungan kerja ke Loksado"
    people = {line["position_id"] for line in now["participants"]}
    assert api.position("wabup") in people
    assert api.position("bupati") not in people
    assert len(now["resource_ids"]) == 1
    for kept in ("starts_at", "ends_at", "dress_code", "travel_minutes_before"):
        assert now[kept] == made[kept]
    assert not visit.complaints
