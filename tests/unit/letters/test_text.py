"""The text of files: each kind gives its words, and nothing harms who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.letters.text import office
from services.letters.text.model import MOST_OF_PAGE, PageRead, Unreadable, tidy
from services.letters.text.reading import pages_of
from tests.unit.letters import scans

PDF = "application/pdf"


def read(path: Path, content: bytes, media_type: str) -> list[PageRead]:
    file = path / "file"
    file.write_bytes(content)
    return list(pages_of(file, media_type, done=(), can_ocr=False))


def test_a_pdf_gives_its_text_layer_page_by_page(tmp_path: Path) -> None:
    content = scans.pdf("Undangan rapat\nkoordinasi", "Lampiran kedua", "")
    pages = read(tmp_path, content, PDF)
    assert [(page.page, page.state, page.source) for page in pages] == [
        (1, "ready", "text_layer"),
        (2, "ready", "text_layer"),
        (3, "ready", "text_layer"),
    ]
    assert pages[0].text == "Undangan rapat\nkoordinasi"
    assert pages[2].text == ""


def test_a_scan_waits_for_what_can_read_it(tmp_path: Path) -> None:
    pages = read(tmp_path, scans.pdf("Halaman berhuruf", scans.scan("x")), PDF)
    assert [page.state for page in pages] == ["ready", "no_ocr"]
    assert [page.state for page in read(tmp_path, scans.png("x"), "image/png")] == [
        "no_ocr"
    ]


def test_pages_that_were_read_are_not_read_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(scans.pdf("Halaman pertama", "Halaman kedua"))
    pages = pages_of(file, PDF, done={1}, can_ocr=False)
    assert [page.page for page in pages] == [2]


@pytest.mark.parametrize(
    ("media_type", "content", "expected"),
    [
        (
            office.DOCX,
            scans.docx("Nota dinas", "Kepada Bupati"),
            "Nota dinas\nKepada Bupati",
        ),
        (office.ODT, scans.odt("Nota dinas", "Kepada"), "Nota dinas\nKepada"),
        (
            office.XLSX,
            scans.xlsx([["Anggaran", 125], ["Sisa", 7]]),
            "Anggaran\t125\nSisa\t7",
        ),
    ],
)
def test_an_office_file_gives_its_words(
    tmp_path: Path, media_type: str, content: bytes, expected: str
) -> None:
    assert [page.text for page in read(tmp_path, content, media_type)] == [expected]


def test_a_long_document_comes_in_pieces_the_size_of_a_page(tmp_path: Path) -> None:
    lines = [f"Baris {number} " + "kata " * 20 for number in range(200)]
    pages = read(tmp_path, scans.docx(*lines), office.DOCX)
    assert len(pages) > 3
    assert all(len(page.text) <= office.PIECE for page in pages)
    assert "Baris 199" in pages[-1].text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (scans.entity_bomb(), "document_type"),
        (scans.container(word__document_xml="<a><b></a>"), "unreadable_file"),
        (scans.container(other_xml="<a/>"), "unreadable_file"),
        (b"no archive at all", "unreadable_file"),
    ],
)
def test_a_bad_office_file_is_unreadable_and_no_more(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, content, office.DOCX)
    assert refused.value.reason == reason


def test_a_broken_pdf_is_unreadable_and_no_more(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, b"%PDF-1.4\nnothing\n%%EOF\n", PDF)


def test_text_is_made_storable_and_bounded() -> None:
    assert tidy("a\x00b\x02c\ud800d\r\ne\n\n\n\nf ") == "abcd\ne\n\nf"
    assert len(tidy("x" * 100_000)) == MOST_OF_PAGE
