"""Pages of outgoing letters around a fake bus: what is asked, sent and shown."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict, Unavailable, invalid
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal import desk
from tests.unit.portal.desk import FILE, LETTER, initial, letter, page, pid, seat

HERE = f"/surat/{LETTER}"
READY = letter("in_review", {"initials": [initial("kabid", 0, "approved")]})
FORM = {
    "perihal": "Permintaan data",
    "klasifikasi": "000.8",
    "penerima": pid("sekda"),
    "penanda": pid("kadis"),
    "isi": "Dengan <b>hormat</b>",
}


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


async def test_a_new_draft_is_proposed_whole(portal, bus):
    seat(bus, "staf")
    answer, text = await portal("/surat/keluar/baru")
    assert answer.status == 200
    assert "Kepala Bidang Aplikasi" in text
    assert f'value="{pid("kadis")}" selected' in text


async def test_saving_sends_the_form_once_and_leads_to_the_letter(portal, bus):
    seat(bus, "staf")
    fields = {**FORM, "aksi": "simpan", "kunci": "k1"}
    answer, _ = await portal("/surat/keluar/baru", fields)
    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    (call,) = bus.of("register_letter")
    assert call.kwargs["body"]["body_html"] == "<p>Dengan &lt;b&gt;hormat&lt;/b&gt;</p>"
    assert call.idempotency.key == "k1"


async def test_what_is_wrong_is_said_and_nothing_is_lost(portal, bus):
    seat(bus, "staf")
    answer, text = await portal(
        "/surat/keluar/baru", {**FORM, "klasifikasi": "", "aksi": "simpan"}
    )
    assert answer.status == 422
    assert "Pilih klasifikasi surat." in text
    assert "Dengan &lt;b&gt;hormat&lt;/b&gt;" in text
    assert not bus.of("register_letter")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (invalid("/recipients/0", "Jabatan ini sudah tidak ada"), "sudah tidak ada"),
        (Unavailable(service="letters", retry_after=2), "Layanan surat sedang"),
    ],
)
async def test_a_refusal_keeps_the_form(portal, bus, error, words):
    seat(bus, "staf")

    def refuse(_call):
        raise error

    bus.answers["letters.register_letter"] = refuse
    answer, text = await portal("/surat/keluar/baru", {**FORM, "aksi": "simpan"})
    assert answer.status == error.status
    assert words in text
    assert "Permintaan data" in text


@pytest.mark.parametrize("address", ["/surat/keluar/baru", f"{HERE}/konsep"])
async def test_the_text_of_a_kind_is_put_in_and_nothing_saved(portal, bus, address):
    seat(bus, "staf")
    texts = {"items": [{"code": "undangan", "html": "<p>Kami mengundang [nama].</p>"}]}
    others = bus.answers["letters.get_reference"]
    bus.answers["letters.get_reference"] = lambda call: (
        texts if call.kwargs["name"] == "letter_texts" else others(call)
    )
    fields = {**FORM, "isi": "", "jenis": "undangan", "aksi": "templat"}
    answer, text = await portal(address, fields)
    assert answer.status == 200
    assert "Kami mengundang [nama].</textarea>" in text
    assert not bus.of("register_letter") + bus.of("correct_letter")


async def test_an_edit_carries_the_version_it_was_made_on(portal, bus):
    seat(bus, "staf")
    fields = {**FORM, "aksi": "simpan", "versi": "2"}
    answer, _ = await portal(f"{HERE}/konsep", fields)
    assert answer.status == 303
    assert bus.of("correct_letter")[0].kwargs["expected_version"] == 2


async def test_only_a_draft_is_edited(portal, bus):
    seat(bus, "staf", READY)
    answer, _ = await portal(f"{HERE}/konsep")
    assert answer.status == 404


async def test_the_letter_shows_its_way_and_the_number_as_provisional(portal, bus):
    seat(bus, "staf")
    answer, text = await portal(HERE)
    assert answer.status == 200
    assert "Nomor sementara" in text
    assert "Setelah diajukan" in text
    assert f'action="{HERE}/ajukan"' in text


async def test_an_initial_names_the_revision_that_was_read(portal, bus):
    shown = letter("in_review", {"initials": [initial("kabid", 0, "asked")]})
    seat(bus, "kabid", shown)
    bus.answers["letters.initial_letter"] = done({})
    _, text = await portal(HERE)
    assert 'name="revisi" value="1"' in text
    answer, _ = await portal(f"{HERE}/paraf", {"revisi": "1"})
    assert answer.status == 303
    body = bus.of("initial_letter")[0].kwargs["body"]
    assert body == {"decision": "approve", "revision": 1}


async def test_sending_back_needs_a_reason(portal, bus):
    seat(bus, "kadis", READY)
    bus.answers["letters.initial_letter"] = done({})
    answer, text = await portal(f"{HERE}/perbaikan", {"catatan": " "})
    assert answer.status == 422
    assert "Tulis yang perlu diperbaiki." in text
    answer, _ = await portal(f"{HERE}/perbaikan", {"catatan": "Dasarnya?"})
    assert answer.status == 303
    body = bus.of("initial_letter")[0].kwargs["body"]
    assert (body["decision"], body["note"]) == ("revise", "Dasarnya?")


async def test_whose_turn_it_is_not_finds_no_sheet(portal, bus):
    seat(bus, "staf", READY)
    for path in ("tandatangani", "perbaikan"):
        answer, _ = await portal(f"{HERE}/{path}")
        assert answer.status == 404


async def test_secrets_pass_through_once_and_are_never_shown_again(portal, bus):
    seat(bus, "kadis", READY)

    def refuse(_call):
        raise invalid("/password", "Kata sandi salah", "wrong_password")

    bus.answers["letters.sign_letter"] = refuse
    fields = {"cara": "local", "sandi": " rahasia sekali ", "revisi": "1"}
    answer, text = await portal(f"{HERE}/tandatangani", fields)
    assert answer.status == 422
    assert "Kata sandi salah" in text
    assert "rahasia sekali" not in text
    assert 'autocomplete="current-password"' in text
    assert bus.of("sign_letter")[0].kwargs["body"]["password"] == " rahasia sekali "


@pytest.mark.parametrize("method", ["none", "local"])
async def test_every_signature_asks_for_the_password(portal, bus, method):
    facts = {**READY["outgoing"], "methods": ["none", "local"]}
    seat(bus, "kadis", {**READY, "outgoing": facts})
    answer, text = await portal(f"{HERE}/tandatangani", {"cara": method, "sandi": ""})
    assert answer.status == 422
    assert "Isi kata sandi akun Anda." in text
    assert not bus.of("sign_letter")
    bus.answers["letters.sign_letter"] = done({})
    fields = {"cara": method, "sandi": "rahasia"}
    answer, _ = await portal(f"{HERE}/tandatangani", fields)
    assert answer.status == 303
    assert bus.of("sign_letter")[0].kwargs["body"]["password"] == "rahasia"


@pytest.mark.parametrize("code", ["certificate_expired", "signing_unavailable"])
async def test_each_failure_of_signing_has_its_words(portal, bus, code):
    seat(bus, "kadis", READY)
    kind = Unavailable if code.endswith("unavailable") else Conflict

    def refuse(_call):
        raise kind(code)

    bus.answers["letters.sign_letter"] = refuse
    _, text = await portal(f"{HERE}/tandatangani", {"cara": "local", "sandi": "x"})
    words = {
        "certificate_expired": "Sertifikat kedaluwarsa",
        "signing_unavailable": "Layanan tanda tangan tidak terhubung",
    }
    assert words[code] in text


async def test_only_configured_ways_of_signing_are_offered(portal, bus):
    facts = {**READY["outgoing"], "methods": ["none"]}
    seat(bus, "kadis", {**READY, "outgoing": facts})
    _, text = await portal(f"{HERE}/tandatangani")
    assert "Tanda tangan basah" in text
    assert "BSrE" not in text


async def test_free_reservations_of_the_kind_are_offered(portal, bus):
    seat(bus, "kadis", READY)
    row = {"reservation_id": "r1", "number": "B/5/…", "dated_on": "2026-11-20"}
    bus.answers["letters.list_reservations"] = page(
        {**row, "kind": "surat_dinas"}, {**row, "number": "N/9", "kind": "nota_dinas"}
    )
    _, text = await portal(f"{HERE}/tandatangani")
    assert "B/5/…" in text
    assert "N/9" not in text


async def test_sending_says_what_it_will_do(portal, bus):
    seat(bus, "staf", letter("signed", {"signed_at": desk.NOW, "method": "local"}))
    bus.answers["letters.dispatch_letter"] = done({})
    _, text = await portal(f"{HERE}/kirim")
    assert "Surat masuk ke 1 buku agenda: Setda." in text
    answer, _ = await portal(f"{HERE}/kirim", {"kunci": "k"})
    assert answer.headers["Location"] == HERE


async def test_a_scan_is_attached_by_its_file(portal, bus):
    facts = {"signed_at": desk.NOW, "method": "none", "scan_missing": True}
    seat(bus, "staf", letter("signed", facts))
    bus.answers["letters.attach_scan"] = done({})
    answer, text = await portal(f"{HERE}/pindaian", {})
    assert answer.status == 422
    assert "Unggah pindaiannya dulu." in text
    await portal(f"{HERE}/pindaian", {"berkas": FILE})
    assert bus.of("attach_scan")[0].kwargs["body"] == {"file_id": FILE}


async def test_reviews_wait_at_home_and_in_the_list(portal, bus):
    seat(bus, "kadis")
    review = {
        "letter_id": LETTER,
        "step": "sign",
        "position_id": pid("kadis"),
        "since": desk.NOW,
        "subject": "Permintaan data",
        "kind": "surat_dinas",
        "urgency": "segera",
        "secrecy": "rahasia",
        "state": "in_review",
        "drafter": desk.ref("staf"),
        "signer_position_id": pid("kadis"),
        "signer_title": "Kepala Dinas Kominfo",
    }
    bus.answers["letters.list_reviews"] = page(review)
    for method in ("list_tasks", "list_given_tasks", "list_dispositions"):
        bus.answers[f"letters.{method}"] = page()
    for path in ("/", "/surat/keluar"):
        _, text = await portal(path)
        assert "Menunggu tanda tangan Anda" in text
    _, text = await portal("/")
    assert "1 hal menunggu Anda" in text


async def test_patterns_are_shown_with_an_example_and_saved_together(portal, bus):
    seat(bus, "tu")
    bus.answers["letters.list_number_templates"] = page(
        {"unit_id": desk.uid("setda"), "kind": None, "signer_position_id": None}
        | {"pattern": "{KS}/{N}/{S}", "series": "surat"}
    )
    bus.answers["letters.put_number_templates"] = done({"items": []})
    _, text = await portal("/nomor")
    assert "B/<wbr>123/<wbr>SETDA" in text
    fields = {"jenis": "surat_dinas", "pola": "{N}/{Y}", "seri": "surat"}
    answer, _ = await portal("/nomor", {**fields, "penanda": "", "aksi": "simpan"})
    assert answer.status == 303
    body = bus.of("put_number_templates")[0].kwargs["body"]
    assert body["unit_id"] == desk.uid("setda")
    assert body["items"] == [
        {"kind": "surat_dinas", "pattern": "{N}/{Y}", "series": "surat"}
    ]


async def test_a_number_is_reserved_with_day_and_reason(portal, bus):
    seat(bus, "tu")
    bus.answers["letters.list_number_templates"] = page()
    bus.answers["letters.reserve_number"] = done({"number": "B/5/…"})
    answer, text = await portal("/nomor/pesan", {"jenis": "surat_dinas"})
    assert answer.status == 422
    assert "Isi tanggal suratnya." in text
    fields = {"jenis": "surat_dinas", "tanggal": "2026-11-20", "alasan": "Lupa"}
    answer, _ = await portal("/nomor/pesan", fields)
    assert answer.status == 303
    assert bus.of("reserve_number")[0].kwargs["unit_id"] == desk.uid("setda")


async def test_numbers_are_the_registrars(portal, bus):
    seat(bus, "staf")
    answer, _ = await portal("/nomor")
    assert answer.status == 403
