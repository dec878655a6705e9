"""Registers on paper in any script: drawn as it is read, read back as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import fonts
from gateway.exports import measuring
from gateway.exports.book import Book
from gateway.exports.columns import Column
from gateway.exports.faces import chain
from gateway.exports.lettering import Lettering
from gateway.exports.runs import clean, runs

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SALAM = "السلام عليكم ورحمة الله"


def paper_of(*subjects: str, title: str = "Buku") -> bytes:
    book = Book(title, "Sekretariat Daerah", (Column("Isi ringkas", 1),), NOW)
    return book.begin() + book.add([each] for each in subjects) + book.end()


def text_of(paper: bytes) -> str:
    with pypdfium2.PdfDocument(paper) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def ink_of(paper: bytes) -> int:
    with pypdfium2.PdfDocument(paper) as document:
        page = document[0].render(scale=2).to_pil().convert("L")
    return sum(page.histogram()[:128])


@pytest.mark.parametrize(
    "subject",
    [
        "Āmūlā ḍ ṭ Ŝ ŽČ",
        "Undangan dan Привет Ελλάδα",
        "Aksara ꦲꦏ꧀ꦱꦫꦗꦮ Jawa",
        "Selamat 😀 ❤ ☎ → ✓",
        SALAM,
        "Surat 中文 dan 🎉 tanpa huruf",
        "Café – “kutip” (kurung\\ miring) €",
    ],
)
def test_the_text_of_paper_is_the_text_of_the_letter(subject):
    assert subject in text_of(paper_of(subject, title=f"Buku {subject}"))


def test_arabic_among_latin_is_read_back_word_by_word():
    """This reader puts the words of one line in its own order, each of them whole."""
    subject = f"Undangan Maulid {SALAM} bagi para pejabat di lingkungan kabupaten"
    assert set(subject.split()) <= set(text_of(paper_of(subject)).split())


def test_what_no_font_has_is_a_box_that_can_be_seen():
    assert all(run.boxed for run in runs("中文") if run.face)
    assert ink_of(paper_of("中文中文")) > ink_of(paper_of("")) + 50


def test_arabic_is_joined_and_set_from_the_right():
    face = chain()[0]
    alone = [face.shaped(letter, rtl=True)[0].number for letter in "سلم"]
    joined = [glyph.number for glyph in face.shaped("سلم", rtl=True)]
    assert not set(alone[:2]) & set(joined)
    (first, *_, last) = face.shaped("سلم", rtl=True)
    assert (first.text, last.text) == ("م", "س")


def test_a_passage_from_the_right_keeps_its_numbers_and_brackets():
    shown = [run.text for run in runs("Tahun عام 1446/5 (هـ) dan Latin")]
    assert shown == ["Tahun (", "هـ", ") 1446/5 ", "عام", " dan Latin"]


def test_marks_stay_on_their_letters():
    vocalised = "بِسْمِ"
    (run,) = runs(vocalised)
    glyphs = chain()[0].shaped(run.text, rtl=True)
    assert {glyph.advance for glyph in glyphs if glyph.text in "\u0650\u0652"} == {0}
    assert clean("A\u0304") == "Ā"


def test_nothing_turns_the_direction_of_a_line():
    assert clean("rapat\u202e gnipmas\u200b \x07\ud800") == "rapat gnipmas  \ufffd"


def test_lines_of_any_script_fit_their_width():
    words = f"{SALAM} ĀĒĪŌŪĀĒĪŌŪĀĒĪŌŪ 中文中文中文中文中文中文 {'س' * 60} "
    for width in (24.0, 60.0):
        lines = measuring.wrapped(words * 3, width, 7.2, 900)
        assert all(measuring.width_of(line, 7.2) <= width + 0.01 for line in lines)
        assert "".join("".join(lines).split()) == "".join((words * 3).split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_whatever_people_write_becomes_paper(subjects):
    assert "Isi ringkas" in text_of(paper_of(*subjects))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="سلام عbA12 /.-()[]«»ĀꦲꦏA\u0651\u200d中🎉", max_size=40))
def test_no_sign_is_lost_or_doubled_on_the_way_to_the_right_order(text):
    shown = "".join(run.text for run in runs(clean(text)))
    turned = str.maketrans(")]»", "([«")
    assert sorted(shown.translate(turned)) == sorted(clean(text).translate(turned))


def test_a_font_comes_with_the_file_only_as_far_as_it_is_used():
    plain, some = paper_of("Rapat" * 3), paper_of(SALAM)
    assert b"FontFile2" not in plain
    assert b"FontFile2" in some
    assert len(some) < len(plain) + 12_000
    many = paper_of(*[f"{SALAM} {number}" for number in range(2000)])
    assert many.count(b"FontFile2") == 1
    assert len(many) < len(paper_of(*["Rapat"] * 2000)) * 3


def test_without_its_fonts_paper_still_comes(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FOLDER", Path(tmp_path))
    for cached in (chain, runs, measuring.units_of):
        cached.cache_clear()
    try:
        assert "? 1" in text_of(paper_of("中 1"))
    finally:
        monkeypatch.undo()
        for cached in (chain, runs, measuring.units_of):
            cached.cache_clear()


def test_a_line_says_its_font_once_for_what_helvetica_has():
    assert Lettering().text_at(1, 2, 7.2, "Rapat") == (
        "BT 1.0 2.0 Td /F1 7.2 Tf (Rapat) Tj ET"
    )
