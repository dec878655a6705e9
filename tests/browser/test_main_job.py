"""The main job at phone size: from the notification to the disposition sent."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import expect

from tests.browser.api import Api, Row
from tests.browser.visits import Visits, until_shown

MOST_TAPS = 3
# On a stack that is used again, a kind of letter soon has its habits.
RARE_KINDS = (
    "notula",
    "rekomendasi",
    "berita_acara",
    "surat_kuasa",
    "sppd",
    "instruksi",
)


def test_three_taps_lead_from_the_notification_to_the_disposition_sent(
    visits: Visits, api: Api
) -> None:
    api.habit("Camat Tiga Ketuk")
    subject = "Jembatan gantung rusak dan perlu penanganan"
    letter = api.register(subject, sender={"name": "Camat Tiga Ketuk"})
    visit = visits.open("/pemberitahuan", as_="bupati")
    page = visit.page
    row = page.locator(".rk-notes li").filter(has_text=subject).locator("a").first
    until_shown(page, row)
    visits.picture(visit, "tugas-1-pemberitahuan")

    row.tap()
    page.wait_for_url(re.compile(r"/surat/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    visits.picture(visit, "tugas-2-surat")
    page.locator(".rk-bar").get_by_role("link", name="Disposisi").tap()
    send = page.get_by_role("button", name="Kirim ke 2 jabatan")
    expect(send).to_be_visible()
    visits.picture(visit, "tugas-3-disposisi")
    send.tap()
    toast = page.get_by_text("Disposisi terkirim ke 2 jabatan.")
    expect(toast).to_be_visible()
    visits.picture(visit, "tugas-4-terkirim")

    assert visit.counts.pointer <= MOST_TAPS
    assert visit.counts.key == 0
    assert not visit.complaints
    given = _task_of(api, "sekda", letter["letter_id"])
    assert given["role"] == "handle"
    assert given["instructions"] == ["tindaklanjuti", "laporkan"]


def test_a_disposition_can_be_undone_while_nobody_has_read_it(
    visits: Visits, api: Api
) -> None:
    api.habit("Camat Urung")
    letter = api.register("Salah kirim", sender={"name": "Camat Urung"})
    task = letter_task(api, letter["letter_id"])
    visit = visits.open(f"/tugas/{task['task_id']}/disposisi", as_="bupati")
    page = visit.page
    page.get_by_role("button", name="Kirim ke 2 jabatan").tap()
    page.get_by_role("button", name="Batalkan").tap()
    expect(page.get_by_text("Disposisi ditarik.")).to_be_visible()
    open_tasks = api.get("sekda", f"/tasks?state=open&letter_id={letter['letter_id']}")
    assert open_tasks["items"] == []


def test_without_a_suggestion_one_tap_chooses_a_subordinate(
    visits: Visits, api: Api
) -> None:
    letter = api.register("Perihal baru", kind=secrets.choice(RARE_KINDS))
    task = letter_task(api, letter["letter_id"])
    visit = visits.open("/", as_="bupati")
    page = visit.page
    card = page.locator(f"#tugas-{task['task_id']}")
    card.get_by_role("link", name="Disposisi").tap()
    page.locator("#penerima label").filter(has_text="Sekda").tap()
    send = page.get_by_role("button", name="Kirim ke 1 jabatan")
    expect(page.locator("#kaki")).to_contain_text("Sekda menangani")
    send.tap()
    expect(page.get_by_text("Disposisi terkirim ke 1 jabatan.")).to_be_visible()
    assert visit.counts.pointer <= MOST_TAPS
    assert _task_of(api, "sekda", letter["letter_id"])["role"] == "handle"


def test_a_second_tap_is_not_lost_while_the_first_is_on_its_way(
    visits: Visits, api: Api
) -> None:
    letter = api.register("Dua ketukan", kind=secrets.choice(RARE_KINDS))
    task = letter_task(api, letter["letter_id"])
    page = visits.open(f"/tugas/{task['task_id']}/disposisi", as_="bupati").page
    page.route("**/disposisi", lambda _: None, times=1)  # never answered
    chips = page.locator("#penerima .rk-chips label")
    with page.expect_request("**/disposisi"):
        chips.nth(0).tap()
    chips.nth(1).tap()
    expect(page.get_by_role("button", name="Kirim ke 2 jabatan")).to_be_visible()
    expect(page.locator("#penerima .rk-rcpt")).to_have_count(2)


def test_the_picker_finds_any_office_and_keeps_what_was_filled(
    visits: Visits, api: Api
) -> None:
    letter = api.register("Untuk dipilih", kind=secrets.choice(RARE_KINDS))
    task = letter_task(api, letter["letter_id"])
    visit = visits.open(f"/tugas/{task['task_id']}/disposisi", as_="bupati")
    page = visit.page
    page.locator("#catatan").fill("Utamakan perahu penyeberangan")
    page.get_by_role("button", name="Tambah penerima").tap()
    page.get_by_role("searchbox", name="Cari jabatan").fill("kominfo kepala dinas")
    expect(page.locator("#pilihan")).to_contain_text("Cocok dengan")
    page.locator("#pilihan label").filter(
        has_text="Kepala Dinas Komunikasi"
    ).first.tap()
    visits.picture(visit, "penerima")
    page.get_by_role("button", name="Pakai penerima ini").tap()
    expect(page.locator("#catatan")).to_have_value("Utamakan perahu penyeberangan")
    role = page.get_by_role("radiogroup", name="Peran Kepala Dinas Komunikasi")
    role.get_by_role("radio", name="Koordinasi").check()
    expect(page.locator("#kaki")).to_contain_text("berkoordinasi")
    page.get_by_role("button", name="Kirim ke").tap()
    expect(page.get_by_text("Disposisi terkirim ke")).to_be_visible()
    found = _task_of(api, "kadis.kominfo", letter["letter_id"])
    assert found["role"] == "coordinate"


def test_the_whole_job_works_without_scripts(visits: Visits, api: Api) -> None:
    api.habit("Camat Tanpa Skrip")
    letter = api.register("Tanpa skrip", sender={"name": "Camat Tanpa Skrip"})
    page = visits.open("/masuk", scripts=False).page
    page.get_by_label("Nama pengguna").fill("bupati")
    page.get_by_label("Kata sandi").fill(api.password)
    page.get_by_role("button", name="Masuk").tap()
    task = letter_task(api, letter["letter_id"])
    card = page.locator(f"#tugas-{task['task_id']}")
    card.get_by_role("link", name="Disposisi").tap()
    page.get_by_role("button", name="Kirim ke 2 jabatan").tap()
    expect(page.get_by_text("Disposisi terkirim ke 2 jabatan.")).to_be_visible()
    assert _task_of(api, "sekda", letter["letter_id"])["state"] == "sent"


def letter_task(api: Api, letter_id: str) -> Row:
    """The regent's own task of a letter."""
    return _task_of(api, "bupati", letter_id)


def _task_of(api: Api, username: str, letter_id: str) -> Row:
    found = api.get(username, f"/tasks?letter_id={letter_id}")["items"]
    assert len(found) == 1, found
    task: Row = found[0]
    return task


def test_an_aide_prepares_and_the_leader_sends_with_one_tap(
    visits: Visits, api: Api
) -> None:
    api.habit("Camat Berajudan")
    letter = api.register("Disiapkan ajudan", sender={"name": "Camat Berajudan"})
    task = letter_task(api, letter["letter_id"])
    aide = visits.open(f"/tugas/{task['task_id']}/disposisi", as_="ajudan.bupati").page
    aide.get_by_role("button", name="Siapkan untuk Bupati").tap()
    expect(aide.get_by_text("Disposisi disiapkan, menunggu pimpinan")).to_be_visible()
    assert letter_task(api, letter["letter_id"])["state"] == "sent"

    visit = visits.open("/", as_="bupati")
    prepared = visit.page.locator(".rk-prep article").filter(
        has_text="Disiapkan ajudan"
    )
    visits.picture(visit, "disiapkan")
    prepared.get_by_role("button", name="Kirim ke 2 jabatan").tap()
    expect(visit.page.get_by_text("Disposisi terkirim ke 2 jabatan.")).to_be_visible()
    assert _task_of(api, "sekda", letter["letter_id"])["role"] == "handle"
