"""The list of letters: its address, its filters, and what an empty one means."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.portal import searching
from gateway.portal.searching import Search

UNIT = "0199-unit"
KINDS, UNITS = {"undangan": "Surat Undangan"}, {UNIT: "Sekretariat Daerah"}


def asked(**query: str) -> Search:
    return searching.asked_for(query, set(KINDS), set(UNITS))


def test_words_look_everywhere_unless_a_box_is_named():
    assert asked(q=" jembatan   gantung ").text == "jembatan gantung"
    assert asked(q="jembatan").box == "semua"
    assert asked(q="jembatan", kotak="unit").box == "unit"
    assert asked().box == "masuk"


def test_filters_become_the_query_of_the_api_and_unknown_ones_are_dropped():
    search = asked(
        keadaan="berjalan",
        jenis="undangan",
        urgensi="segera",
        sifat="terbatas",
        unit=UNIT,
        dari="2026-11-01",
        sampai="2026-11-31",
    )
    assert search.sent() == {
        "box": "inbox",
        "limit": 50,
        "state": "under_disposition",
        "kind": "undangan",
        "urgency": "segera",
        "secrecy": "terbatas",
        "unit_id": UNIT,
        "from": "2026-11-01",
    }
    assert asked(jenis="x", urgensi="x", unit="x", keadaan="x", kotak="x").sent() == {
        "box": "inbox",
        "limit": 50,
    }


def test_a_changed_filter_keeps_the_others_and_starts_at_the_first_page():
    search = asked(q="tanggul & sungai", keadaan="selesai", lanjut="abc")
    query = parse_qs(urlsplit(search.link(urgensi="segera")).query)
    assert query == {
        "q": ["tanggul & sungai"],
        "keadaan": ["selesai"],
        "urgensi": ["segera"],
    }
    assert search.link(q=None, keadaan=None) == "/surat?kotak=semua"
    assert asked().link() == "/surat"


def test_a_chip_says_what_is_filtered_and_leads_to_the_list_without_it():
    search = asked(jenis="undangan", dari="2026-11-01")
    chips = searching.rare_chips(search, KINDS, UNITS)
    assert [chip.text for chip in chips] == [
        "Jenis: Surat Undangan",
        "Sejak Min, 1 Nov 2026",
    ]
    assert chips[0].without == "/surat?dari=2026-11-01"


@pytest.mark.parametrize(
    ("query", "title", "link"),
    [
        ({}, "Belum ada surat di sini", ""),
        ({"keadaan": "berjalan"}, "Tidak ada yang berjalan", ""),
        (
            {"jenis": "undangan", "kotak": "unit"},
            "Tidak ada di saringan ini",
            "/surat?kotak=unit",
        ),
        (
            {"q": "banjir", "kotak": "unit"},
            "Tidak ada yang cocok dengan “banjir”",
            "/surat?q=banjir",
        ),
        (
            {"q": "di banjir"},
            "Tidak ada yang cocok dengan “di banjir”",
            "/surat?q=banjir",
        ),
        (
            {"q": "banjir"},
            "Tidak ada yang cocok dengan “banjir”",
            "/surat?kotak=semua",
        ),
    ],
)
def test_an_empty_list_says_why_and_offers_the_nearest_question(query, title, link):
    found = searching.nothing(asked(**query))
    assert (found.title, found.link) == (title, link)


def test_the_words_looked_for_are_marked_where_they_stand():
    parts = searching.marked("Jembatan gantung (rusak)", "gantung (rusak) x")
    assert [part.text for part in parts if part.found] == ["gantung", "(rusak)"]
    assert "".join(part.text for part in parts) == "Jembatan gantung (rusak)"
    assert searching.marked("Surat", "") == [("Surat", False)]
