"""PDFs of letters, sheets and registers: what is on them, and that text stays text."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import eventlet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import Invalid, Unavailable
from contracts.letters import Secrecy, SigningForm, SigningMethod
from services.letters import apart
from services.letters.documents import (
    disposition_sheet,
    outgoing,
    press,
    richtext,
    stamping,
    words,
    worker,
)
from services.letters.documents.model import Fixed, SignatureBlock
from services.letters.documents.signature import signature_lines
from tests.unit.letters import documents as d

FINAL: dict[str, Any] = {
    "number": "B/123/000.8.3.3/SETDA/2026",
    "dated_on": date(2026, 11, 20),
    "verify_url": d.URL,
    "method": SigningMethod.LOCAL,
    "draft": False,
}


STAMP = Fixed(
    verify_url=d.URL,
    number="B/7/2026",
    dated_on=date(2026, 11, 20),
    method=SigningMethod.LOCAL,
)


def test_a_letter_says_everything_in_the_official_order() -> None:
    text = d.text_of(outgoing.render(d.outgoing(**FINAL)))

    order = [
        "PEMERINTAH KABUPATEN HULU SUNGAI SELATAN",
        "SEKRETARIAT DAERAH",
        "Nomor",
        "B/123/000.8.3.3/SETDA/2026",
        "Kandangan, 20 November 2026",
        "Sifat",
        "Segera",
        "12 (dua belas) berkas",
        "Penetapan hari kerja akhir tahun",
        "Yth.",
        "1. Kepala Dinas Kesehatan",
        "Dengan hormat",
        "a.n. Bupati Hulu Sungai Selatan,",
        "Sekretaris Daerah,",
        "Pejabat Contoh",
        "Tembusan:",
        "1. Inspektur",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert sorted(places[5:]) == places[5:]
    assert "KONSEP" not in text
    assert d.URL in text.replace(" ", "")


def test_a_secret_letter_says_how_it_was_signed_and_leads_nowhere() -> None:
    secret = d.outgoing(**{**FINAL, "verify_url": None, "secrecy": Secrecy.RAHASIA})

    text = d.text_of(outgoing.render(secret))

    assert text.count("Ditandatangani secara elektronik") == 2
    assert "verify" not in text
    assert "KONSEP" not in text


def test_a_draft_says_so_and_has_neither_number_nor_code() -> None:
    text = d.text_of(outgoing.render(d.outgoing()))

    assert "KONSEP" in text
    assert "belum ditandatangani" in text
    assert "verify" not in text


def test_the_final_letter_differs_from_the_draft_only_where_signing_says() -> None:
    fixed = {"method", "draft", "number", "numbered", "date", "day", "qr", "foot"}
    fixed |= {"verify_url", "sealed"}
    seen = outgoing.facts_of(d.outgoing())
    signed = outgoing.facts_of(d.outgoing(**FINAL))

    assert {name for name in seen if seen[name] != signed[name]} <= fixed


def test_the_same_letter_gives_the_same_bytes() -> None:
    document = d.outgoing(**FINAL)

    assert outgoing.render(document) == outgoing.render(document)


@pytest.mark.parametrize(
    ("form", "superiors", "capacity", "lines"),
    [
        ("self", [], "definitive", ["Camat Angkinang,"]),
        ("self", [], "pj", ["Pj. Camat Angkinang,"]),
        ("plt", [], "plt", ["Plt. Camat Angkinang,"]),
        ("plh", [], "plh", ["Plh. Camat Angkinang,"]),
        ("an", ["Bupati"], "definitive", ["a.n. Bupati,", "Camat Angkinang,"]),
        ("an", ["Bupati"], "plh", ["a.n. Bupati,", "Plh. Camat Angkinang,"]),
        (
            "ub",
            ["Sekretaris Daerah", "Bupati"],
            "definitive",
            ["a.n. Bupati,", "Sekretaris Daerah,", "u.b.", "Camat Angkinang,"],
        ),
    ],
)
def test_signature_lines_in_print_order(
    form: str, superiors: list[str], capacity: str, lines: list[str]
) -> None:
    block = SignatureBlock(
        form=SigningForm(form),
        title="Camat Angkinang",
        superiors=superiors,
        capacity=capacity,
    )

    assert signature_lines(block) == lines


@pytest.mark.parametrize(("form", "superiors"), [("an", []), ("ub", ["Sekda"])])
def test_a_form_without_its_superiors_is_a_mistake(
    form: str, superiors: list[str]
) -> None:
    block = SignatureBlock(form=SigningForm(form), title="X", superiors=superiors)

    with pytest.raises(ValueError, match=form):
        signature_lines(block)


@pytest.mark.parametrize(
    ("secrecy", "code"), [("biasa", "B"), ("rahasia", "R"), ("sangat_rahasia", "SR")]
)
def test_the_code_of_secrecy_stands_first(secrecy: str, code: str) -> None:
    text = d.text_of(outgoing.render(d.outgoing(secrecy=Secrecy(secrecy))))

    assert f" {code} PEMERINTAH" in f" {text}" or text.endswith(f" {code}")


def test_a_note_and_a_decree_have_their_own_heads() -> None:
    note = d.outgoing(kind="nota_dinas", kind_label="Nota Dinas", **FINAL)
    decree = d.outgoing(kind="surat_edaran", kind_label="Surat Edaran", **FINAL)

    assert "NOTA DINAS Kepada" in d.text_of(outgoing.render(note))
    text = d.text_of(outgoing.render(decree))
    assert "SURAT EDARAN NOMOR B/123" in text
    assert "TENTANG PENETAPAN HARI KERJA AKHIR TAHUN" in text
    assert "Ditetapkan di Kandangan" in text


_HOSTILE = st.text(
    alphabet=st.sampled_from('#$*_\\`@[](){}<>"/=-+~:;,.%&!?^|abu01\n '),
    min_size=1,
    max_size=60,
) | st.sampled_from(
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        '#import "common.typ": *',
        "*tebal* _miring_ $x^2$ `kode` = Judul",
        "\\u{41} \\ // komentar /* x */",
        '"} #eval("1") {"',
        "<label> @label https://example.org",
    ]
)


@settings(max_examples=40, deadline=None)
@given(hostile=_HOSTILE)
def test_text_of_people_is_never_read_as_markup(hostile: str) -> None:
    shown = richtext.plain(hostile)
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f"<p>awal{escaped}akhir</p><ul><li>{escaped}butir</li></ul>"
    document = d.outgoing(
        subject=f"hal{shown}hal",
        recipients=[f"satu{shown}satu"],
        copies=[f"salin{shown}salin"],
        body_html=richtext.clean(body),
    )
    job = {"template": "outgoing.typ", "document": outgoing.facts_of(document)}

    _, made = worker.work(job, b"")

    text = _letters_of(d.text_of(made))
    for around in ("hal", "satu", "salin"):
        assert _letters_of(f"{around}{shown}{around}") in text
    assert _letters_of(f"awal{shown}akhir") in text
    assert _letters_of(f"{shown}butir") in text


def _letters_of(text: str) -> str:
    """Without blanks; a line end may eat or add a hyphen, and show that a long word may
    break there (`documents.press`), which no text of people holds (`richtext.plain`)."""
    letters = "".join(text.split()).replace("\ufffe", "").replace("-", "")
    return letters.replace("\u200b", "")


def test_the_heads_of_a_long_table_stand_on_every_page() -> None:
    rows = "".join(f"<tr><td>{row}</td><td>isi</td></tr>" for row in range(120))
    table = f"<table><tr><th>Urutan</th><th>Uraian</th></tr>{rows}</table>"

    texts = d.texts_of(outgoing.render(d.outgoing(body_html=richtext.clean(table))))

    assert len(texts) > 2
    assert all("Urutan Uraian" in text for text in texts[:-1])


def test_a_word_without_end_stays_on_the_paper() -> None:
    document = d.outgoing(subject="x" * 500, body_html=f"<p>{'y' * 2000}</p>")

    text = d.text_of(outgoing.render(document))

    assert text.count("x") >= 500
    assert text.count("y") >= 2000


def test_letters_no_font_has_still_print() -> None:
    document = d.outgoing(**FINAL, body_html="<p>\U0001f4ee \u6f22\u5b57 \ue000</p>")

    assert d.pages_of(outgoing.render(document)) == 1


def test_fonts_that_come_with_rakat_have_other_scripts() -> None:
    words = "السلام عليكم ورحمة الله"
    body = f"<p>Āmūlā ḍ ꦲꦏ꧀ꦱꦫꦗꦮ</p><p>{words}</p>"

    made = outgoing.render(d.outgoing(**FINAL, body_html=body))

    assert b"pdfaid:part" in made  # every glyph has a font: no box on the paper
    text = d.text_of(made)
    assert "Āmūlā ḍ ꦲꦏ꧀ꦱꦫꦗꦮ" in text
    assert "عليكم" in text
    assert "عليكم" in d.text_of(disposition_sheet.render([d.sheet(subject=words)]))


def test_a_sheet_has_the_fields_of_the_form_in_order() -> None:
    text = d.text_of(disposition_sheet.render([d.sheet()]))

    order = [
        "LEMBAR DISPOSISI",
        "Surat dari",
        "Kanwil Contoh",
        "Nomor surat",
        "Tanggal surat",
        "Diterima tanggal",
        "23 November 2026, 09.10 WITA",
        "Nomor agenda",
        "Sifat",
        "Hal",
        "Diteruskan kepada Sdr.",
        "Dengan hormat harap:",
        "Catatan",
        "Siapkan bahannya",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert text.count("\u2713") == 2  # segera, and the one instruction given


def test_a_sheet_nobody_filled_in_leaves_room_for_the_pen() -> None:
    blank = d.sheet(
        recipients=[], note=None, given_by_name=None, given_on=None, instructions=[]
    )

    text = d.text_of(disposition_sheet.render([blank]))

    assert "Paraf" in text
    assert "elektronik" not in text


def test_rank_and_number_of_the_giver_stand_under_his_name() -> None:
    known = d.sheet(rank="Pembina (IV/a)", nip="19000101 192001 1 777")
    text = d.text_of(disposition_sheet.render([known]))
    assert "Pangkat : Pembina (IV/a) NIP : 19000101 192001 1 777 Tanggal" in text

    unknown = d.text_of(disposition_sheet.render([d.sheet()]))
    assert "Pangkat : ...." in unknown

    regent = d.text_of(disposition_sheet.render([d.sheet(ranked=False)]))
    assert "Pangkat" not in regent
    assert "NIP" not in regent


def test_a_page_for_each_disposition() -> None:
    assert d.pages_of(disposition_sheet.render([d.sheet()] * 3)) == 3


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "-"),
        (1, "1 (satu) berkas"),
        (11, "11 (sebelas) berkas"),
        (19, "19 (sembilan belas) berkas"),
        (40, "40 (empat puluh) berkas"),
        (99, "99 (sembilan puluh sembilan) berkas"),
        (120, "120 (120) berkas"),
    ],
)
def test_counts_in_words(count: int, said: str) -> None:
    assert words.attachments(count) == said


# ---- a letter that came as a PDF ------------------------------------------------


def test_an_uploaded_letter_gets_number_and_code_on_every_page() -> None:
    came = disposition_sheet.render([d.sheet(), d.sheet()])

    made = stamping.stamp(came, STAMP)

    for text in d.texts_of(made):
        assert "LEMBAR DISPOSISI" in text
        assert "Nomor B/7/2026, 20 November 2026" in text
        assert d.URL in text


def test_turned_pages_carry_the_foot_where_it_is_read() -> None:
    for turn in (90, 180, 270):
        came = d.turned(disposition_sheet.render([d.sheet()]), turn)

        made = stamping.stamp(came, STAMP)

        left, bottom = d.place_of(made, "Nomor B/7")
        assert 0 < left < 120, turn
        assert 0 < bottom < 60, turn


def test_a_secret_letter_gets_its_number_but_no_code() -> None:
    fixed = dataclasses.replace(STAMP, verify_url=None)

    text = d.text_of(stamping.stamp(disposition_sheet.render([d.sheet()]), fixed))

    assert "Nomor B/7/2026" in text
    assert "verify" not in text


@pytest.mark.parametrize("came", [b"", b"x", b"%PDF-1.7\nbroken"])
def test_what_is_no_pdf_is_not_stamped(came: bytes) -> None:
    with pytest.raises(Invalid, match="unreadable_file"):
        stamping.stamp(came, STAMP)


# ---- the process apart -----------------------------------------------------------


def test_others_go_on_while_a_document_is_set() -> None:
    beats: list[float] = []

    def beat() -> None:
        while True:
            beats.append(1)
            eventlet.sleep(0.005)

    other = eventlet.spawn(beat)
    try:
        outgoing.render(d.outgoing())
    finally:
        other.kill()

    assert len(beats) > 5


def test_work_that_takes_too_long_is_ended_and_said_to_be_unavailable() -> None:
    endless = {"template": "outgoing.typ", "document": {}, "join": None}

    with pytest.raises(Unavailable):
        apart.run("tests.unit.letters.endless", endless, seconds=0.5)


def test_a_job_that_breaks_says_only_what_kind_of_error_it_was() -> None:
    job = {"template": "outgoing.typ", "document": {"rahasia": "isi surat"}}

    with pytest.raises(apart.WorkFailed) as failed:
        apart.run("services.letters.documents.worker", job, seconds=10)

    assert "TypstError" in str(failed.value)
    assert "isi surat" not in str(failed.value)


def test_a_worker_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "AMQP_URI", "RAKAT_SIGNING_BSRE_PASSWORD"):
        monkeypatch.setenv(name, "rahasia")

    answer, _ = apart.run("tests.unit.letters.telling", {}, seconds=10)

    assert "PATH" in answer["names"]
    assert not {"DATABASE_URL", "AMQP_URI"} & set(answer["names"])
    assert not [name for name in answer["names"] if name.startswith("RAKAT_")]


def test_what_is_made_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "LARGEST", 1000)

    with pytest.raises(Exception, match="too_large"):
        outgoing.render(d.outgoing())
