"""An outgoing letter from the desk to the registers, initialled and signed by phone."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import papers
from tests.browser.api import Api
from tests.browser.drafts import DRAFTER, INITIALLER, SIGNER, drafted
from tests.browser.visits import Visits


def test_a_letter_goes_the_whole_way_from_the_desk_to_the_registers(
    visits: Visits, api: Api
) -> None:
    subject = f"Permintaan data aplikasi {secrets.token_hex(3)}"
    letter_id = _drafted_by_hand(visits, api, subject)
    _submitted(visits, letter_id)
    _initialled(visits, subject)
    _signed(visits, api, letter_id, subject)
    _dispatched(visits, api, letter_id)


def _drafted_by_hand(visits: Visits, api: Api, subject: str) -> str:
    visit = visits.open("/surat/keluar/baru", as_=DRAFTER, size="desk")
    page = visit.page
    page.get_by_label("Klasifikasi", exact=True).fill("500.12")
    page.get_by_label("Perihal", exact=True).fill(subject)
    page.get_by_label("Cari jabatan penerima").fill("kepala dinas pendidikan")
    page.locator("#calon-penerima label").first.click()
    expect(page.locator("#penerima .rk-tok")).to_have_count(1)
    page.get_by_role("button", name="Tambah penerima luar").click()
    page.get_by_label("Nama atau jabatan").fill("Balai Monitor Spektrum Banjarmasin")
    page.get_by_label("Ditandatangani oleh").select_option(label="Sekretaris Daerah")
    expect(page.locator("#blok")).to_contain_text("Sekretaris Daerah,")
    expect(page.locator("#paraf .rk-tok")).to_have_count(1)
    _written(page)
    visits.picture(visit, "keluar-konsep-desk", whole=True)
    page.get_by_role("button", name="Simpan konsep").click()
    page.wait_for_url(re.compile(r"/surat/[0-9a-f-]{36}$"))
    expect(page.get_by_text("Konsep tersimpan.")).to_be_visible()
    assert not visit.complaints
    letter_id = page.url.rpartition("/")[2]
    letter = api.get(DRAFTER, f"/letters/{letter_id}")
    html = letter["outgoing"]["body_html"]
    assert "<strong>peta aplikasi</strong>" in html
    assert "<ol><li>mengisi daftar;</li><li>menunjuk petugas.</li></ol>" in html
    assert [
        row["title"] or row["name"] for row in letter["outgoing"]["recipients"]
    ] == [
        "Kepala Dinas Pendidikan dan Kebudayaan",
        "Balai Monitor Spektrum Banjarmasin",
    ]
    return letter_id


def _written(page: Page) -> None:
    """With the editor, as a hand does it."""
    editor = page.get_by_role("textbox", name="Isi surat")
    editor.click()
    page.keyboard.type("Dalam rangka penyusunan ")
    page.get_by_role("button", name="Tebal").click()
    page.keyboard.type("peta aplikasi")
    page.get_by_role("button", name="Tebal").click()
    page.keyboard.type(" kami mohon bantuan Saudara untuk:")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Daftar bernomor").click()
    page.keyboard.type("mengisi daftar;")
    page.keyboard.press("Enter")
    page.keyboard.type("menunjuk petugas.")


def _painted(page: Page) -> None:
    """The first page of the letter is there as a picture."""
    picture = page.locator(".rk-page img").first
    width = picture.evaluate(
        "async (img) => { await img.decode(); return img.naturalWidth }"
    )
    assert width > 300


def _submitted(visits: Visits, letter_id: str) -> None:
    visit = visits.open(f"/surat/{letter_id}", as_=DRAFTER, size="desk")
    page = visit.page
    _painted(page)
    expect(page.get_by_text("Nomor sementara")).to_be_visible()
    visits.picture(visit, "keluar-surat-desk")
    page.get_by_role("button", name="Ajukan").click()
    expect(page.get_by_text("Konsep diajukan.")).to_be_visible()
    expect(page.get_by_text("Menunggu paraf Kepala Dinas Komunikasi")).to_be_visible()


def _initialled(visits: Visits, subject: str) -> None:
    visit = visits.open("/", as_=INITIALLER)
    page = visit.page
    card = page.locator("article").filter(has_text=subject)
    visits.picture(visit, "keluar-beranda")
    card.get_by_role("link", name="Periksa dan paraf").tap()
    _painted(page)
    visits.picture(visit, "keluar-paraf")
    page.get_by_role("button", name="Paraf", exact=True).tap()
    expect(page.get_by_text("Paraf dibubuhkan.")).to_be_visible()
    assert visit.counts.pointer == 2
    assert not visit.complaints


def _signed(visits: Visits, api: Api, letter_id: str, subject: str) -> None:
    visit = visits.open(f"/surat/{letter_id}", as_=SIGNER)
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    page.get_by_role("link", name="Tandatangani").tap()
    password = page.get_by_label("Kata sandi akun Anda", exact=True)
    password.fill("bukan sandinya")
    visits.picture(visit, "keluar-tanda-tangan")
    page.get_by_role("button", name="Tandatangani surat").tap()
    expect(page.locator("#sandi-salah")).to_be_visible()
    expect(password).to_have_value("")
    password.fill(api.password)
    page.get_by_role("button", name="Tandatangani surat").tap()
    expect(page.get_by_text("Surat ditandatangani.")).to_be_visible(timeout=60_000)
    visits.picture(visit, "keluar-ditandatangani")
    letter = api.get(SIGNER, f"/letters/{letter_id}")
    assert letter["state"] == "signed"
    assert letter["outgoing"]["method"] == "local"
    assert letter["number"]


def _dispatched(visits: Visits, api: Api, letter_id: str) -> None:
    visit = visits.open(f"/surat/{letter_id}", as_=DRAFTER)
    page = visit.page
    page.get_by_role("link", name="Kirim", exact=True).tap()
    foot = page.locator("dialog footer")
    expect(foot).to_contain_text("Surat masuk ke 1 buku agenda: Disdikbud")
    expect(foot).to_contain_text("1 penerima luar dicatat")
    visits.picture(visit, "keluar-kirim")
    page.get_by_role("button", name="Kirim surat").tap()
    expect(page.get_by_text("Surat dikirim ke 2 penerima.")).to_be_visible()
    expect(page.get_by_text("Masuk ke registernya")).to_be_visible()
    visits.picture(visit, "keluar-terkirim", whole=True)
    sent = api.get(DRAFTER, f"/letters/{letter_id}")["outgoing"]["recipients"][0]
    became = api.get("kadis.disdikbud", f"/letters/{sent['letter_id']}")
    assert became["direction"] == "incoming"
    assert not visit.complaints


def test_a_draft_that_is_sent_back_is_mended_and_says_what_changed(
    visits: Visits, api: Api
) -> None:
    letter = drafted(api, "Undangan sosialisasi jaringan")
    here = f"/letters/{letter['letter_id']}"
    api.post(DRAFTER, f"{here}/submit", {})
    page = visits.open(f"/surat/{letter['letter_id']}", as_=INITIALLER).page
    page.get_by_role("link", name="Minta perbaikan").tap()
    page.get_by_role("button", name="Kembalikan untuk diperbaiki").tap()
    page.get_by_label("Yang perlu diperbaiki").fill("Sebutkan dasar hukumnya.")
    page.get_by_role("button", name="Kembalikan untuk diperbaiki").tap()
    expect(page.get_by_text("Konsep dikembalikan untuk diperbaiki.")).to_be_visible()

    visit = visits.open(f"/surat/{letter['letter_id']}", as_=DRAFTER)
    mine = visit.page
    expect(mine.get_by_text("Sebutkan dasar hukumnya.").first).to_be_visible()
    visits.picture(visit, "keluar-diperbaiki")
    mine.get_by_role("link", name="Ubah", exact=True).tap()
    mine.get_by_label("Perihal", exact=True).fill(
        "Undangan sosialisasi jaringan menurut Perbup"
    )
    mine.get_by_role("button", name="Simpan konsep").tap()
    expect(mine.get_by_text("Konsep tersimpan.")).to_be_visible()
    mine.get_by_role("link", name="Riwayat perubahan, 2 versi").tap()
    expect(mine.get_by_text("Berubah: perihal.")).to_be_visible()
    expect(mine.get_by_text("Sebutkan dasar hukumnya.")).to_be_visible()
    visits.picture(visit, "keluar-riwayat")


def test_a_draft_is_written_and_submitted_without_scripts(
    visits: Visits, api: Api
) -> None:
    page = visits.open("/surat/keluar/baru", as_=DRAFTER, scripts=False).page
    page.get_by_label("Perihal", exact=True).fill("Surat tanpa skrip")
    page.get_by_role("textbox", name="Isi surat").fill("Yth.\n\n1. **satu**\n2. dua")
    page.get_by_role("button", name="Simpan konsep").tap()
    expect(page.get_by_role("alert")).to_contain_text("Pilih penerimanya.")
    page.get_by_label("Klasifikasi", exact=True).fill(
        "500.12 Komunikasi dan Informatika"
    )
    page.get_by_label("Cari jabatan penerima").fill("kepala pelaksana bpbd")
    page.locator("#penerima").get_by_role("button", name="Cari").tap()
    page.locator("#calon-penerima label").first.tap()
    page.get_by_role("button", name="Simpan konsep").tap()
    page.wait_for_url(re.compile(r"/surat/[0-9a-f-]{36}$"))
    letter = api.get(DRAFTER, f"/letters/{page.url.rpartition('/')[2]}")
    assert letter["outgoing"]["body_html"] == (
        "<p>Yth.</p><ol><li><strong>satu</strong></li><li>dua</li></ol>"
    )
    page.get_by_role("button", name="Ajukan").tap()
    expect(page.get_by_text("Konsep diajukan.")).to_be_visible()


def test_a_letter_signed_with_ink_waits_for_its_scan(
    visits: Visits, api: Api, tmp_path: Path
) -> None:
    letter = drafted(api, "Surat keterangan kerja", initials=[])
    here = f"/letters/{letter['letter_id']}"
    api.post(DRAFTER, f"{here}/submit", {})
    api.post(SIGNER, f"{here}/sign", {"method": "none", "password": api.password})
    visit = visits.open(f"/surat/{letter['letter_id']}", as_=DRAFTER, size="desk")
    page = visit.page
    expect(page.get_by_text("Cetak, tanda tangani, unggah pindaiannya")).to_be_visible()
    page.get_by_role("link", name="Unggah pindaian").click()
    scan = papers.readable(tmp_path / "pindaian.pdf", "Sudah diteken")
    page.locator("[data-file]").set_input_files(scan)
    expect(page.locator("[data-uploaded] li")).to_contain_text("pindaian.pdf")
    visits.picture(visit, "keluar-pindaian-desk")
    page.get_by_role("button", name="Simpan pindaian").click()
    expect(page.get_by_text("Pindaian tersimpan.")).to_be_visible()
    expect(page.get_by_role("link", name="Kirim", exact=True)).to_be_visible()
    assert not visit.complaints


def test_a_reply_begins_with_what_is_known(visits: Visits, api: Api) -> None:
    asked = api.register("Permohonan bantuan perahu", sender={"name": "Camat Loksado"})
    page = visits.open(f"/surat/{asked['letter_id']}", as_="bupati", size="desk").page
    page.get_by_label("Tindakan lain").click()
    page.get_by_role("link", name="Balas").click()
    expect(page.get_by_label("Perihal", exact=True)).to_have_value(
        re.compile("Permohonan bantuan")
    )
    expect(page.get_by_label("Nama atau jabatan")).to_have_value("Camat Loksado")
    page.get_by_label("Klasifikasi", exact=True).fill("300")
    page.get_by_role("textbox", name="Isi surat").fill("Perahu dikirim besok.")
    page.get_by_role("button", name="Simpan konsep").click()
    page.wait_for_url(re.compile(r"/surat/[0-9a-f-]{36}$"))
    reply = api.get("bupati", f"/letters/{page.url.rpartition('/')[2]}")
    assert reply["replies_to"] == asked["letter_id"]


def test_a_draft_starts_from_the_text_of_its_kind(visits: Visits) -> None:
    visit = visits.open("/surat/keluar/baru", as_=DRAFTER, size="phone")
    page = visit.page
    page.get_by_label("Jenis", exact=True).select_option(label="Berita Acara")
    page.get_by_role("button", name="Isi dengan templat").click()
    editor = page.get_by_role("textbox", name="Isi surat")
    expect(editor).to_contain_text("selanjutnya disebut PIHAK KESATU")
    visits.picture(visit, "keluar-templat-phone", whole=True)
    editor.fill("Tulisan sendiri.")
    page.get_by_role("button", name="Isi dengan templat").click()
    expect(page.get_by_text("Isi surat sudah ditulis").first).to_be_visible()
    expect(editor).to_have_text("Tulisan sendiri.")
    assert not visit.complaints


def test_a_pattern_shows_its_number_while_it_is_typed(visits: Visits) -> None:
    visit = visits.open("/nomor", as_="tu.setda", size="desk")
    page = visit.page
    page.get_by_role("button", name="Tambah pola").click()
    pattern = page.get_by_label("Pola", exact=True).last
    pattern.fill("{N}/{S}/{RM}/{Y}")
    expect(page.locator(".rk-contoh").last).to_contain_text("123/SETDA/")
    visits.picture(visit, "nomor-desk")
    pattern.fill("tanpa urut")
    page.get_by_role("button", name="Simpan pola").click()
    expect(page.get_by_role("alert")).to_contain_text("Nomor urut")
    assert not visit.complaints
