"""The board, the clash dialog with its ways out, the day, and answers."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Page, expect

from tests.browser.api import Api, some_day
from tests.browser.visits import Visits


def fill(page: Page, title: str, day: datetime, hour: int = 9) -> None:
    """The form of an activity of two hours, with the regent."""
    page.get_by_label("Nama kegiatan").fill(title)
    page.get_by_label("Tanggal", exact=True).fill(day.date().isoformat())
    page.get_by_label("Mulai").fill(f"{hour:02}:00")
    page.get_by_label("Selesai").fill(f"{hour + 2:02}:00")
    page.get_by_role("searchbox", name="Cari jabatan").fill("bupati hulu sungai")
    page.get_by_role("checkbox", name="Bupati", exact=True).click()
    expect(page.locator("#peserta .rk-rcpt")).to_have_count(2)
    page.get_by_role("button", name="Simpan kegiatan").click()


def test_a_clash_is_shown_and_moving_finds_a_free_time(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    other = api.book("Rapat Paripurna DPRD", day, 9)
    visit = visits.open(
        f"/jadwal?tanggal={day.date().isoformat()}", as_="protokol", size="desk"
    )
    page = visit.page
    expect(page.locator("#papan .ec-event").first).to_be_visible()
    page.get_by_role("link", name="Kegiatan", exact=True).click()
    fill(page, "Rapat koordinasi kerukunan", day)
    expect(page.get_by_role("heading", name="Waktu ini bentrok")).to_be_visible()
    expect(page.get_by_label("Yang bentrok")).to_contain_text("Rapat Paripurna DPRD")
    for way in ("Pindah waktu", "Simpan sebagai tentatif", "Tetapkan juga"):
        expect(page.get_by_text(way, exact=True)).to_be_visible()
    unsaved = page.locator("#papan .ec-event.new")
    expect(unsaved.first).to_contain_text("Rapat koordinasi kerukunan")
    expect(page.locator("#papan .ec-event.clash")).to_contain_text("Rapat Paripurna")
    expect(page.locator("[data-day]")).to_have_attribute(
        "datetime", day.date().isoformat()
    )
    visits.picture(visit, "bentrok")
    page.get_by_role("button", name="Pindah ke").click()
    expect(page.get_by_text("Kegiatan tersimpan")).to_be_visible()
    visits.picture(visit, "bentrok-pindah")
    page.get_by_role("link", name="Buka", exact=True).click()
    page.wait_for_url("**/kegiatan/*")
    made = api.get("protokol", f"/activities/{page.url.rpartition('/')[2]}")
    starts, ends = (datetime.fromisoformat(made[n]) for n in ("starts_at", "ends_at"))
    assert starts >= datetime.fromisoformat(other["ends_at"]) or (
        ends <= datetime.fromisoformat(other["starts_at"])
    )
    assert not visit.complaints


def test_an_override_needs_a_reason_and_displaces_the_other(
    visits: Visits, api: Api
) -> None:
    day = some_day(3, 50)  # within what the monitor looks at
    booked = api.book("Audiensi pemuda", day, 4)
    visit = visits.open(
        f"/kegiatan/baru?tanggal={day.date().isoformat()}", as_="protokol"
    )
    page = visit.page
    fill(page, "Kunjungan Gubernur", day, 4)
    visits.picture(visit, "bentrok-telepon")
    page.get_by_text("Tetapkan juga", exact=True).tap()
    page.get_by_role("button", name="Tetapkan meski bentrok").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_text("Tetapkan juga", exact=True).tap()
    page.get_by_label("Alasan menetapkan").fill("Perintah langsung Gubernur")
    page.get_by_role("button", name="Tetapkan meski bentrok").tap()
    expect(page.get_by_text("Kegiatan tersimpan")).to_be_visible()
    loser = api.get("protokol", f"/activities/{booked['activity_id']}")
    assert loser["participants"][0]["standing"] == "displaced"
    monitor = visits.open("/bentrok", as_="protokol")
    expect(monitor.page.get_by_text("Audiensi pemuda").first).to_be_visible()
    visits.picture(monitor, "pantau-bentrok")


def test_a_tentative_activity_waits_beside_the_other(visits: Visits, api: Api) -> None:
    day = some_day()
    api.book("Rembuk stunting", day, 9)
    page = visits.open(
        f"/kegiatan/baru?tanggal={day.date().isoformat()}",
        as_="protokol",
        scripts=False,
    ).page
    page.get_by_label("Nama kegiatan").fill("Gladi upacara")
    page.get_by_label("Mulai").fill("09:00")
    page.get_by_label("Selesai").fill("10:00")
    page.get_by_role("searchbox", name="Cari jabatan").fill("bupati hulu sungai")
    page.get_by_role("button", name="Cari").tap()
    page.get_by_role("checkbox", name="Bupati", exact=True).click()
    page.get_by_role("button", name="Simpan kegiatan").tap()
    page.get_by_text("Simpan sebagai tentatif", exact=True).tap()
    page.get_by_role("button", name="Simpan tentatif").tap()
    expect(page.get_by_text("Tersimpan tentatif")).to_be_visible()


def test_a_substitute_takes_the_place_and_only_his_time_is_booked(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    api.book("Sidang istimewa", day, 9)
    path = f"/kegiatan/baru?tanggal={day.date().isoformat()}"
    page = visits.open(path, as_="protokol").page
    fill(page, "Pembukaan pasar murah", day)
    page.get_by_text("Wakilkan", exact=True).tap()
    chosen = page.get_by_label("Mewakili Bupati")
    chosen.select_option(api.position("wabup"))
    page.get_by_role("button", name="Wakilkan dan simpan").tap()
    expect(page.get_by_text("Kegiatan tersimpan")).to_be_visible()
    page.get_by_role("link", name="Buka", exact=True).tap()
    page.wait_for_url("**/kegiatan/*")
    made = api.get("protokol", f"/activities/{page.url.rpartition('/')[2]}")
    lines = {line["position_id"]: line["standing"] for line in made["participants"]}
    assert lines[api.position("wabup")] == "binding"
    assert api.position("bupati") not in lines


def test_an_invitation_is_answered_in_two_taps_and_stands_in_the_agenda(
    visits: Visits, api: Api
) -> None:
    day = some_day()
    start = day.replace(hour=13, minute=0, second=0, microsecond=0)
    letter = api.register(
        "Undangan panen raya",
        kind="undangan",
        invitation={"starts_at": start.isoformat(), "place": "Daha Utara"},
    )
    task = api.get("bupati", f"/tasks?letter_id={letter['letter_id']}")["items"][0]
    visit = visits.open("/", as_="bupati")
    page = visit.page
    card = page.locator(f"#tugas-{task['task_id']}")
    card.get_by_role("link", name="Jawab undangan").tap()
    expect(page.get_by_text("Waktu Anda kosong")).to_be_visible()
    visits.picture(visit, "jawab-undangan")
    page.get_by_role("button", name="Kirim jawaban").tap()
    expect(page.get_by_text("Jawaban terkirim: hadir.")).to_be_visible()
    assert visit.counts.pointer == 2
    for _ in range(20):
        page.goto(f"{api.base_url}/agenda/{day.date().isoformat()}")
        if page.get_by_text("Undangan panen raya").count():
            break
        page.wait_for_timeout(250)
    expect(page.get_by_role("link", name="Undangan panen raya").first).to_be_visible()
    visits.picture(visit, "agenda-hari")
