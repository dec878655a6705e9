"""A draft starts from the text of its kind; what was written is never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.portal import starting_texts, writing
from gateway.portal.outgoing import Draft
from services.letters.documents import richtext

FILES = sorted(Path("deploy/demo/texts").glob("*.html"))
ITEMS = [
    {"code": "undangan", "html": "<p>Kami mengundang [nama].</p>"},
    {"code": "surat_dinas", "html": "<p>Menindaklanjuti [dasar].</p>"},
]


def test_an_empty_draft_takes_the_text_of_its_kind():
    draft = Draft(kind="undangan")
    assert starting_texts.begin(draft, ITEMS) == []
    assert draft.text == "Kami mengundang [nama]."


def test_a_text_nobody_touched_gives_way_to_that_of_another_kind():
    draft = Draft(kind="undangan", text="Menindaklanjuti [dasar].\r\n")
    assert starting_texts.begin(draft, ITEMS) == []
    assert draft.text == "Kami mengundang [nama]."


def test_what_somebody_wrote_stays():
    draft = Draft(kind="undangan", text="Menindaklanjuti rapat kemarin.")
    (problem,) = starting_texts.begin(draft, ITEMS)
    assert problem["field"] == "naskah"
    assert "Kosongkan isinya dulu" in problem["message"]
    assert draft.text == "Menindaklanjuti rapat kemarin."


def test_a_kind_without_a_text_says_so():
    draft = Draft(kind="notula")
    (problem,) = starting_texts.begin(draft, ITEMS)
    assert "belum punya templat" in problem["message"]
    assert draft.text == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_text_of_the_demo_survives_the_editor_and_the_way_in(path: Path):
    html = path.read_text(encoding="utf-8")
    text = writing.to_text(html)
    assert "[" in text, "nothing to fill in"
    assert writing.to_text(writing.to_html(text)) == text
    assert writing.to_text(richtext.clean(html)) == text
