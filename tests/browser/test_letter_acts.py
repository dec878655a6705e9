"""Acts on letters that exist: corrected, redirected, opened again, known, searched,
reminded of, reported on, and the paper from hand to hand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chassis.ids import new_id
from contracts.codec import ZONE
from tests.browser import papers
from tests.browser.api import Api, Row
from tests.browser.visits import Visits


def unique(text: str) -> str:
    """A subject no other letter has, also on a stack that is used again."""
    return f"{text} {new_id().hex[-6:]}"


def entry(page: Page, name: str) -> None:
    """A line of the menu of the letter."""
    page.get_by_label("Tindakan lain").click()
    page.locator(".rk-menu").get_by_role("link", name=name).click()


# ---- corrections --------------------------------------------------------------------


def test_a_registrar_corrects_a_letter_and_only_that_is_changed(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Perihal keliru"), number="600/1/KEC/2026")
    path = f"/surat/{letter['letter_id']}"
    visit = visits.open(path, as_="tu.setda", size="desk")
    page = visit.page
    entry(page, "Perbaiki data surat")
    page.get_by_label("Perihal", exact=True).fill("Perihal yang benar")
    visits.picture(visit, "perbaiki")
    page.get_by_role("button", name="Simpan perbaikan").click()
    expect(page.get_by_text("Data surat diperbaiki.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perihal yang benar")
    now = api.get("tu.setda", f"/letters/{letter['letter_id']}")
    kept = ("number", "received_at", "sender", "urgency", "secrecy", "addressees")
    assert {name: now[name] for name in kept} == {name: letter[name] for name in kept}
    assert not visit.complaints


def test_a_form_that_was_overtaken_shows_both_and_overwrites_nothing(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Diubah dua orang"))
    path = f"/surat/{letter['letter_id']}/perbaiki"
    first = visits.open(path, as_="tu.setda").page
    second = visits.open(path, as_="tu.setda", scripts=False).page
    second.get_by_label("Perihal", exact=True).fill("Versi kedua")
    second.get_by_role("button", name="Simpan perbaikan").tap()
    expect(second.get_by_role("heading", level=1)).to_have_text("Versi kedua")

    first.get_by_label("Perihal", exact=True).fill("Versi pertama")
    first.get_by_role("button", name="Simpan perbaikan").tap()
    alert = first.get_by_role("alert")
    expect(alert).to_contain_text("Sudah diubah orang lain")
    expect(alert).to_contain_text("Perihal: Versi kedua")
    expect(first.get_by_label("Perihal", exact=True)).to_have_value("Versi pertama")
    saved = api.get("tu.setda", f"/letters/{letter['letter_id']}")["subject"]
    assert saved == "Versi kedua"
    first.get_by_role("button", name="Simpan perbaikan").tap()
    expect(first.get_by_text("Data surat diperbaiki.")).to_be_visible()


def test_an_addressee_makes_a_letter_secret_and_reads_first_what_that_means(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Menjadi rahasia"))
    visit = visits.open(f"/surat/{letter['letter_id']}", as_="bupati")
    page = visit.page
    entry(page, "Naikkan sifat surat")
    page.get_by_role("radio", name=re.compile("^Rahasia")).check()
    expect(page.get_by_text("setiap pembacaan dicatat").first).to_be_visible()
    visits.picture(visit, "naikkan-sifat")
    page.get_by_role("button", name="Naikkan sifat").tap()
    expect(page.get_by_text("Sifat surat sekarang rahasia.")).to_be_visible()
    found = api.get("bupati", f"/letters/{letter['letter_id']}")
    assert found["secrecy"] == "rahasia"


# ---- redirected, and opened again -----------------------------------------------------


def test_a_letter_that_went_to_the_wrong_office_is_redirected(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Salah alamat"))
    visit = visits.open(f"/surat/{letter['letter_id']}", as_="tu.setda")
    page = visit.page
    entry(page, "Alihkan ke jabatan lain")
    page.get_by_role("searchbox", name="Cari jabatan").fill("wakil bupati")
    page.locator("#calon-tujuan label").filter(has_text="Wakil Bupati").first.tap()
    expect(page.locator("#tujuan .rk-tok")).to_have_count(1)
    page.get_by_label("Alasan").fill("Seharusnya Wakil Bupati")
    visits.picture(visit, "alihkan")
    page.get_by_role("button", name="Alihkan surat").tap()
    expect(page.get_by_text("Surat dialihkan ke")).to_be_visible()
    found = api.get("tu.setda", f"/letters/{letter['letter_id']}")
    assert found["addressees"] == [api.position("wabup")]
    assert not visit.complaints


def test_a_branch_that_was_begun_is_named_and_nothing_is_redirected(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Sudah dimulai"))
    api.dispose("bupati", letter, [recipient(api, "sekda")])
    path = f"/surat/{letter['letter_id']}/alihkan"
    page = visits.open(path, as_="tu.setda", scripts=False).page
    page.get_by_role("checkbox", name="Wakil Bupati").first.check()
    page.get_by_label("Alasan").fill("Keliru")
    page.get_by_role("button", name="Alihkan surat").tap()
    expect(page.get_by_role("alert")).to_contain_text("Sudah mulai ditangani: Bupati")


def test_a_closed_letter_is_opened_again_by_its_addressee(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Ternyata belum selesai"))
    path = f"/letters/{letter['letter_id']}"
    api.post("bupati", f"{path}/close", {"outcome": "noted"})
    page = visits.open(f"/surat/{letter['letter_id']}", as_="bupati").page
    entry(page, "Buka lagi surat ini")
    expect(page.locator("dialog")).to_contain_text(
        "kembali harus ditangani oleh Bupati"
    )
    page.get_by_label("Alasan").fill("Ada data baru")
    page.get_by_role("button", name="Buka lagi surat").tap()
    expect(page.get_by_text("Surat dibuka lagi.")).to_be_visible()
    assert api.get("bupati", path)["state"] != "closed"
    open_tasks = api.get("bupati", f"/tasks?state=open&letter_id={letter['letter_id']}")
    assert [task["role"] for task in open_tasks["items"]] == ["handle"]


# ---- known, reminded ------------------------------------------------------------------


def test_letters_for_information_are_ticked_off_together(
    visits: Visits, api: Api
) -> None:
    sekda = api.position("sekda")
    letters = [
        api.register(unique("Edaran"), sender={"name": "Kementerian"}, copies=[sekda])
        for _ in range(3)
    ]
    visit = visits.open("/?saring=mengetahui", as_="sekda")
    page = visit.page
    page.get_by_role("button", name="Kosongkan").tap()
    expect(page.get_by_role("button", name="Tandai 0 diketahui")).to_be_disabled()
    for letter in letters[:2]:
        page.get_by_label(f"Pilih: {letter['subject']}").check()
    visits.picture(visit, "tandai-diketahui")
    page.get_by_role("button", name="Tandai 2 diketahui").tap()
    expect(page.get_by_text("2 surat ditandai diketahui.")).to_be_visible()
    states = [task_of(api, "sekda", letter)["state"] for letter in letters]
    assert states == ["completed", "completed", "sent"]


def test_what_could_not_be_ticked_off_is_named(visits: Visits, api: Api) -> None:
    gone, kept = (
        api.register(unique("Edaran"), copies=[api.position("sekda")]) for _ in range(2)
    )
    visit = visits.open("/?saring=mengetahui", as_="sekda")
    page = visit.page
    page.get_by_role("button", name="Kosongkan").tap()
    for letter in (gone, kept):
        page.get_by_label(f"Pilih: {letter['subject']}").check()
    api.post("tu.setda", f"/letters/{gone['letter_id']}/void", {"reason": "Ganda"})
    page.get_by_role("button", name="Tandai 2 diketahui").tap()
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("1 dari 2 ditandai diketahui.")
    expect(toast).to_contain_text(gone["subject"])
    assert task_of(api, "sekda", kept)["state"] == "completed"


def test_a_giver_reminds_with_one_tap_and_once_a_day(visits: Visits, api: Api) -> None:
    letter = api.register(unique("Perlu diingatkan"), urgency="amat_segera")
    api.dispose("bupati", letter, [recipient(api, "sekda")])
    path = f"/surat/{letter['letter_id']}/posisi"
    page = visits.open(path, as_="bupati").page
    page.get_by_role("button", name="Ingatkan Sekretaris Daerah").tap()
    expect(page.get_by_text("Sekretaris Daerah diingatkan.")).to_be_visible()
    expect(page.locator("#pemegang")).to_contain_text("Diingatkan")
    expect(page.get_by_role("button", name="Ingatkan")).to_have_count(0)
    other = visits.open(path, as_="sekda").page
    expect(other.get_by_role("button", name="Ingatkan")).to_have_count(0)


def test_what_i_gave_is_filtered_by_office_and_says_how_far_it_is(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Diberikan ke Sekda"))
    api.dispose("bupati", letter, [recipient(api, "sekda")])
    api.dispose("sekda", letter, [recipient(api, "kadis.kominfo")])
    other = api.register(unique("Diberikan ke Wakil"))
    api.dispose("bupati", other, [recipient(api, "wabup")])
    visit = visits.open("/diberikan", as_="bupati", size="desk")
    page = visit.page
    page.get_by_label("Saring menurut jabatan").select_option("Sekretaris Daerah")
    page.wait_for_url("**/diberikan?*jabatan=*")
    rows = page.locator(".rk-list > li")
    mine = rows.filter(has_text=letter["subject"])
    expect(mine).to_contain_text("0 dari 1 di bawahnya selesai")
    expect(mine).to_contain_text("Menunggu bawahan")
    expect(rows.filter(has_text=other["subject"])).to_have_count(0)
    visits.picture(visit, "diberikan-sekda")
    page.get_by_role("link", name="Selesai").click()
    expect(page.locator("h1")).to_have_text("Saya berikan")
    expect(rows.filter(has_text=letter["subject"])).to_have_count(0)


def test_the_disposition_sheet_is_printed_from_the_page_of_the_letter(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Dicetak"))
    api.dispose("bupati", letter, [recipient(api, "sekda")])
    page = visits.open(f"/surat/{letter['letter_id']}", as_="bupati").page
    page.get_by_label("Tindakan lain").click()
    link = page.locator(".rk-menu").get_by_role("link", name="Cetak lembar disposisi")
    address = link.get_attribute("href") or ""
    answer = page.request.get(f"{api.base_url}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    stranger = visits.open("/", as_="kadis.kominfo").page
    refused = stranger.request.get(f"{api.base_url}{address}")
    assert refused.status == 404
    assert "Tidak ditemukan" in refused.text()


def test_an_absence_at_the_due_time_is_told_where_the_recipient_is_chosen(
    visits: Visits, api: Api
) -> None:
    absent = api.position("asisten.3")
    stand_in = api.get("admin", "/people?q=Asisten&limit=50")["items"][0]["person_id"]
    day = datetime.now(ZONE).date()
    body = {
        "person_id": stand_in,
        "position_id": absent,
        "capacity": "plh",
        "starts_on": (day + timedelta(days=1)).isoformat(),
        "ends_on": (day + timedelta(days=4)).isoformat(),
        "decree": "Surat perintah",
    }
    api.post("admin", "/assignments", body)
    letter = api.register(unique("Untuk yang akan pergi"), kind="berita_acara")
    task = task_of(api, "bupati", letter)
    visit = visits.open(f"/tugas/{task['task_id']}/disposisi", as_="bupati")
    page = visit.page
    page.get_by_role("button", name="Tambah penerima").tap()
    title = api.get("admin", f"/positions/{absent}")["title"]
    page.get_by_role("searchbox", name="Cari jabatan").fill(title)
    line = page.locator("#pilihan label").filter(has_text=title).first
    expect(line).to_contain_text("Tidak di tempat sampai")
    line.tap()
    page.get_by_role("button", name="Pakai penerima ini").tap()
    expect(page.locator("#kaki")).to_contain_text("tidak di tempat sampai")
    visits.picture(visit, "berhalangan")
    page.get_by_role("button", name="Kirim ke").tap()
    expect(page.locator("[data-toast]")).to_contain_text("diterima Plh.")


# ---- reports with files, due times ------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_a_report_is_given_with_files_and_its_giver_opens_them(
    visits: Visits, api: Api, tmp_path: Path, scripts: bool
) -> None:
    letter = api.register(unique("Dilaporkan dengan foto"))
    api.dispose("bupati", letter, [recipient(api, "sekda")])
    path = f"/tugas/{task_of(api, 'sekda', letter)['task_id']}/lapor"
    visit = visits.open(path, as_="sekda", scripts=scripts)
    page, box = visit.page, visit.page.locator("#lampiran")
    page.get_by_label("Isi laporan").fill("Sudah ditinjau, lihat foto.")
    chosen = [papers.readable(tmp_path / f"{name}.pdf") for name in ("foto", "peta")]
    broken = papers.broken(tmp_path / "rusak.pdf")
    if scripts:
        box.locator("[data-file]").set_input_files([chosen[0], broken, chosen[1]])
        expect(box.get_by_role("status")).to_contain_text("rusak.pdf: Terkunci")
        box.get_by_role("button", name="Hapus berkas peta.pdf").tap()
        expect(box.locator("li")).to_have_text(["foto.pdf"])
        visits.picture(visit, "lapor-berkas")
    else:
        page.get_by_label("Berkas lampiran").set_input_files(broken)
        page.get_by_role("button", name="Kirim laporan").tap()
        expect(page.get_by_role("alert")).to_contain_text("rusak.pdf: Terkunci")
        page.get_by_label("Berkas lampiran").set_input_files(chosen[0])
    page.get_by_role("button", name="Kirim laporan").tap()
    expect(page.get_by_text("Laporan akhir terkirim.")).to_be_visible()

    theirs = visits.open(path + "an", as_="bupati").page
    expect(theirs.locator("dialog")).to_contain_text("Sudah ditinjau, lihat foto.")
    link = theirs.get_by_role("link", name="foto.pdf").get_attribute("href") or ""
    answer = theirs.request.get(f"{api.base_url}{link}")
    assert answer.body() == chosen[0].read_bytes()
    assert not visit.complaints


def test_the_sheet_of_a_report_takes_files_over_the_home_page_too(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    letter = api.register(unique("Dilaporkan dari beranda"), urgency="amat_segera")
    api.dispose("bupati", letter, [recipient(api, "kadis.kominfo")])
    visit = visits.open("/", as_="kadis.kominfo")
    page = visit.page
    card = page.locator(".rk-task").filter(has_text=letter["subject"])
    card.get_by_role("link", name="Lapor", exact=True).tap()
    box = page.locator("#lampiran")
    box.locator("[data-file]").set_input_files(papers.readable(tmp_path / "foto.pdf"))
    expect(box.locator("li")).to_have_text(["foto.pdf"])
    page.get_by_label("Isi laporan").fill("Selesai.")
    page.get_by_role("button", name="Kirim laporan").tap()
    expect(page.get_by_text("Laporan akhir terkirim.")).to_be_visible()
    task = task_of(api, "kadis.kominfo", letter)
    reports = api.get("kadis.kominfo", f"/tasks/{task['task_id']}")["reports"]
    assert [file["filename"] for file in reports[0]["files"]] == ["foto.pdf"]
    assert not visit.complaints


def test_the_giver_changes_a_due_time_and_hears_who_is_away_then(
    visits: Visits, api: Api
) -> None:
    absent = api.position("asisten.2")
    stand_in = api.get("admin", "/people?q=Asisten&limit=50")["items"][0]["person_id"]
    day = datetime.now(ZONE).date() + timedelta(days=40)
    body = {
        "person_id": stand_in,
        "position_id": absent,
        "capacity": "plh",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=3)).isoformat(),
        "decree": "Surat perintah",
    }
    api.post("admin", "/assignments", body)
    letter = api.register(unique("Tenggatnya berubah"))
    api.dispose("bupati", letter, [recipient(api, "asisten.2")])
    visit = visits.open(f"/surat/{letter['letter_id']}/posisi", as_="bupati")
    page = visit.page
    page.locator("#pemegang").get_by_role("link", name="Ubah tenggat").tap()
    page.get_by_label("Tenggat baru").fill(f"{day + timedelta(days=1)}T16:00")
    page.get_by_label("Alasan").fill("Menunggu hasil lapangan")
    expect(page.locator("dialog")).to_contain_text("tidak di tempat sampai")
    visits.picture(visit, "tenggat")
    page.get_by_role("button", name="Ubah tenggat").tap()
    expect(page.locator("[data-toast]")).to_contain_text("diterima Plh.")
    expect(page.locator("#riwayat")).to_contain_text("Menunggu hasil lapangan")
    tracked = api.get("bupati", f"/letters/{letter['letter_id']}/tracking")
    due = tracked["must_handle"][0]["due_at"]
    assert due.startswith(f"{day + timedelta(days=1)}T16:00")
    given = visits.open("/diberikan", as_="bupati").page
    row = given.locator(".rk-list > li").filter(has_text=letter["subject"])
    expect(row.get_by_role("link", name="Ubah tenggat")).to_be_visible()
    assert not visit.complaints


# ---- the paper ------------------------------------------------------------------------


def test_the_paper_is_handed_over_and_signed_for_with_one_tap(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Ada kertasnya"))
    path = f"/surat/{letter['letter_id']}/posisi"
    page = visits.open(path, as_="tu.setda").page
    page.locator("#fisik").get_by_role("link", name="Serahkan").tap()
    page.get_by_role("radio", name="Bupati").first.check()
    page.get_by_label("Catatan").fill("Dibawa kurir")
    page.get_by_role("button", name="Serahkan").tap()
    expect(page.get_by_text("Diserahkan ke Bupati.")).to_be_visible()
    expect(page.locator("#fisik")).to_contain_text("Dalam perjalanan ke Bupati")

    visit = visits.open(path, as_="bupati")
    note = visit.page.locator(".rk-note.tint")
    expect(note).to_contain_text("Fisik surat ini untuk Anda")
    visits.picture(visit, "terima-fisik")
    note.get_by_role("button", name="Saya terima").tap()
    expect(visit.page.get_by_text("Fisik surat tercatat pada Anda.")).to_be_visible()
    assert visit.counts.pointer == 1
    tracking = api.get("bupati", f"/letters/{letter['letter_id']}/tracking")
    assert tracking["paper"]["position_id"] == api.position("bupati")
    assert tracking["paper"]["on_the_way_to"] is None


def test_paper_that_did_not_come_stays_with_who_sent_it(
    visits: Visits, api: Api
) -> None:
    letter = api.register(unique("Kertas belum tiba"))
    address = f"/letters/{letter['letter_id']}"
    body = {"to_position_id": api.position("bupati")}
    api.post("tu.setda", f"{address}/handovers", body)
    page = visits.open(f"/surat/{letter['letter_id']}/posisi", as_="bupati").page
    page.get_by_role("link", name="Belum atau keliru").tap()
    page.get_by_label("Catatan").fill("Belum sampai")
    page.get_by_role("button", name="Tidak diterima").tap()
    expect(page.get_by_text("Penyerahan dibatalkan.")).to_be_visible()
    paper = api.get("bupati", f"{address}/tracking")["paper"]
    assert paper["position_id"] == api.position("tu.setda")


# ---- searching ------------------------------------------------------------------------


def test_the_search_marks_its_words_and_narrows_by_filters(
    visits: Visits, api: Api
) -> None:
    word = f"zat{new_id().hex[-6:]}"
    api.register(f"Pengadaan {word} untuk puskesmas", kind="undangan")
    api.register(f"Laporan {word} triwulan", urgency="amat_segera")
    visit = visits.open("/surat", as_="bupati", size="desk")
    page = visit.page
    field = page.get_by_role("searchbox", name="Cari surat").first
    field.fill(word)
    field.press("Enter")
    expect(page.locator("#surat > li")).to_have_count(2)
    expect(page.locator("#surat mark").first).to_have_text(
        re.compile(word, re.IGNORECASE)
    )
    expect(page.get_by_role("status").filter(has_text="2 surat")).to_be_visible()
    page.get_by_text("Saringan lain").click()
    page.get_by_label("Urgensi").select_option("amat_segera")
    page.get_by_role("button", name="Pakai saringan").click()
    expect(page.locator("#surat > li")).to_have_count(1)
    visits.picture(visit, "cari")
    page.get_by_role("link", name="Hapus saringan Urgensi").click()
    expect(page.locator("#surat > li")).to_have_count(2)
    assert not visit.complaints


def test_no_match_offers_the_nearest_question(visits: Visits) -> None:
    page = visits.open("/surat?q=tidakadakatanya&jenis=undangan", as_="bupati").page
    expect(page.get_by_text("Tidak ada yang cocok dengan")).to_be_visible()
    page.get_by_role("link", name="Cari di semua surat").tap()
    expect(page).to_have_url(re.compile(r"/surat\?q=tidakadakatanya$"))
    expect(page.get_by_role("link", name="Tampilkan semua")).to_be_visible()


def recipient(api: Api, code: str) -> Row:
    return {"position_id": api.position(code), "role": "handle", "instructions": []}


def task_of(api: Api, username: str, letter: Row) -> Row:
    found = api.get(username, f"/tasks?letter_id={letter['letter_id']}")["items"]
    assert len(found) == 1, found
    task: Row = found[0]
    return task
