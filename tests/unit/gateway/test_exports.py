"""Registers as files: harmless cells, a PDF that readers open, pages as they come."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from contracts.errors import Forbidden, NotFound, Unavailable
from gateway.exports import measuring, spreadsheet
from gateway.exports.book import Book
from gateway.exports.columns import INCOMING, cells
from gateway.exports.retention import cells as retention_cells
from tests.unit.gateway.fakes import TOKEN

UNIT = str(uuid4())
PATH = f"/api/v1/registers/{UNIT}/2026"
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def row(seq: int, **changes: Any) -> dict[str, Any]:
    return {
        "agenda_seq": seq,
        "agenda_number": f"SM/{seq:04}/2026",
        "day": "2026-11-23",
        "masked": False,
        "letter_id": str(uuid4()),
        "state": "registered",
        "outcome": None,
        "void_reason": None,
        "number": f"005/{seq}/KESRA/2026",
        "dated_on": "2026-11-20",
        "sender": {"name": "Camat Loksado", "unit_id": None, "address": None},
        "subject": f"Perihal {seq}",
        "attachments": 1,
        "forwarded_to": [{"title": "Bupati"}, {"title": "Sekretaris Daerah"}],
        "recipients": None,
        **changes,
    }


def masked(seq: int) -> dict[str, Any]:
    empty = dict.fromkeys(row(seq))
    known = {name: row(seq)[name] for name in ("agenda_seq", "agenda_number", "day")}
    return {**empty, **known, "masked": True}


def page(rows: list[dict[str, Any]], following: str | None) -> dict[str, Any]:
    return {
        "unit_id": UNIT,
        "unit_name": "Sekretariat Daerah",
        "direction": "incoming",
        "year": 2026,
        "legacy": False,
        "items": rows,
        "next_cursor": following,
    }


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "＝1+1"],
)
def test_no_cell_starts_a_formula(text):
    assert spreadsheet.harmless(text) == "'" + " ".join(text.split())


def test_a_cell_keeps_what_is_harmless():
    assert spreadsheet.harmless("005/1-2=3") == "005/1-2=3"
    assert spreadsheet.harmless('dua\nbaris; "kutip"') == 'dua baris; "kutip"'
    assert spreadsheet.harmless(None) == ""
    assert spreadsheet.harmless(-3) == "-3"


def test_the_columns_are_those_of_the_book():
    full = row(7, state="void", void_reason="Ganda", attachments=0)
    assert cells("incoming", full) == [
        7, "23-11-2026", "SM/0007/2026", "Camat Loksado", "20-11-2026",
        "005/7/KESRA/2026", "Perihal 7", "", "Bupati; Sekretaris Daerah",
        "BATAL: Ganda",
    ]  # fmt: skip
    sent = row(2, number="B/2/400.14/2026", recipients=["Kepala Dinkes", "Camat"])
    assert cells("outgoing", sent)[3:6] == [
        "B/2/400.14/2026", "20-11-2026", "Kepala Dinkes; Camat",
    ]  # fmt: skip
    for direction in ("incoming", "outgoing"):
        hidden = cells(direction, masked(3))
        assert hidden[:3] == [3, "23-11-2026", "SM/0003/2026"]
        assert set(hidden[3:-1]) == {""}


def test_a_retention_row_in_words():
    kept = {
        "masked": True, "agenda_number": "SM/1", "subject": None, "state": "closed",
        "classification_code": None, "ended_at": "2026-01-02T09:00:00+08:00",
        "active_until": "2027-01-02", "inactive_until": None, "fate": "destroy",
        "stage": "active",
    }  # fmt: skip
    assert retention_cells(kept) == [
        "SM/1", "Tertutup bagi pembaca ini", "", "Ditutup", "02-01-2026",
        "02-01-2027", "", "Musnah", "Aktif",
    ]  # fmt: skip


# ---- paper -----------------------------------------------------------------------


def book_of(rows: list[dict[str, Any]]) -> bytes:
    book = Book("Buku Agenda Surat Masuk", "Sekretariat Daerah", INCOMING, NOW)
    made = book.begin()
    for start in range(0, len(rows), 200):
        made += book.add(cells("incoming", each) for each in rows[start : start + 200])
    return made + book.end()


def texts(document: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(document)
    return [
        opened[number].get_textpage().get_text_range() for number in range(len(opened))
    ]


def test_the_book_opens_with_every_line_and_numbered_pages():
    pages = texts(book_of([row(seq) for seq in range(1, 501)]))
    assert len(pages) > 10
    for number, text in enumerate(pages, start=1):
        assert f"Halaman {number}" in text
        assert "Isi ringkas" in text
    whole = "\n".join(pages)
    assert all(f"SM/{seq:04}/2026" in whole for seq in range(1, 501))
    assert "Dicetak 24-11-2026 09.30 WITA" in pages[0]


def test_an_empty_book_is_a_page():
    assert len(texts(book_of([]))) == 1


def test_what_people_write_does_not_break_the_paper():
    nasty = [
        row(1, subject="(kurung\\ miring) endstream endobj %%EOF " * 20),
        row(2, subject="Ā中文 “kutip” – €", number="X" * 300),
        row(3, subject=None, sender={"name": "a" * 500, "address": "\x00\x07"}),
    ]
    text = "".join(texts(book_of(nasty)))
    assert "(kurung\\ miring) endstream" in text
    assert "“kutip” – €" in text
    assert "Ā中文 “kutip”" in text


def test_lines_fit_their_width():
    words = "Permohonan bantuan keuangan 005/117/KESRA/2026/LANJUTAN/YANG/PANJANG " * 9
    for width in (20.0, 55.0, 130.0):
        lines = measuring.wrapped(words, width, 7.2, 400)
        assert all(measuring.width_of(line, 7.2) <= width + 0.01 for line in lines)
        assert "".join("".join(lines).split()) == "".join(words.split())
    assert len(measuring.wrapped(words, 55.0, 7.2, 3)) == 3
    assert measuring.wrapped(words, 55.0, 7.2, 3)[-1].endswith("…")


# ---- over HTTP -------------------------------------------------------------------


class Shelf:
    """The service: four pages of 200 lines; counts what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def answer(self, call: Any) -> dict[str, Any]:
        self.asked.append(call.kwargs["query"])
        place = int(call.kwargs["query"]["cursor"] or 0)
        rows = [row(place * 200 + n) for n in range(1, 201)]
        return page(rows, str(place + 1) if place < 3 else None)


async def test_a_csv_holds_the_whole_book_oldest_line_first(api, bus, alice):
    shelf = Shelf()
    bus.answers["letters.list_register"] = shelf.answer

    response = await api.get(PATH, headers={**alice, "Accept": "text/csv"})
    document = await response.read()

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert "buku-agenda-surat-masuk-2026.csv" in response.headers["Content-Disposition"]
    rows = [*csv.reader(io.StringIO(document.decode("utf-8-sig")), delimiter=";")]
    assert document.startswith(b"\xef\xbb\xbfNo.;Tanggal terima")
    assert [int(each[0]) for each in rows[1:]] == list(range(1, 801))
    assert [each["cursor"] for each in shelf.asked] == [None, "1", "2", "3"]
    assert {(each["limit"], each["sort"]) for each in shelf.asked} == {
        (200, "agenda_seq")
    }
    assert all("format" not in each for each in shelf.asked)


async def test_pages_are_asked_for_one_by_one_while_the_reader_reads(bus):
    """The first bytes are there when one page was asked for, and so on."""
    from gateway.api.v1.registers import _csv, _pdf
    from gateway.exports import streaming

    for kind in ("csv", "pdf"):
        shelf = Shelf()

        async def ask(cursor: str | None, shelf: Shelf = shelf) -> dict[str, Any]:
            call = type("Call", (), {"kwargs": {"query": {"cursor": cursor}}})
            return shelf.answer(call)

        found = streaming.pages(ask)
        parts = (
            _csv(found, "incoming") if kind == "csv" else _pdf(found, "incoming", {})
        )
        grown = [(len(shelf.asked), len(part)) async for part in parts]
        assert grown[0][0] == 1, kind
        assert grown[0][1] > 0, kind
        assert [asked for asked, _ in grown][-1] == 4
        assert sorted(grown, key=lambda each: each[0]) == grown


async def test_a_pdf_comes_by_the_address_as_well(api, bus, alice):
    bus.answers["letters.list_register"] = Shelf().answer
    response = await api.get(f"{PATH}?format=pdf&q=loksado", headers=alice)
    document = await response.read()
    assert response.content_type == "application/pdf"
    pages = texts(document)
    assert "yang memuat “loksado”" in pages[0]
    assert "SM/0800/2026" in pages[-1]


async def test_a_page_is_json_by_default(api, bus, alice):
    bus.answers["letters.list_register"] = Shelf().answer
    for accept in ("*/*", "application/json", "text/csv;q=0.1, application/json", ""):
        response = await api.get(f"{PATH}?limit=5", headers={**alice, "Accept": accept})
        assert response.content_type == "application/json", accept
        assert (await response.json())["next_cursor"] == "1"
    query = bus.of("list_register")[0].kwargs["query"]
    assert (query["limit"], query["sort"], query["direction"]) == (
        5, "-agenda_seq", "incoming",
    )  # fmt: skip


@pytest.mark.parametrize("accept", ["text/csv", "application/pdf", "application/json"])
async def test_who_has_no_claim_gets_an_answer_and_no_file(api, bus, alice, accept):
    def closed(_call: Any) -> Any:
        raise NotFound

    bus.answers["letters.list_register"] = closed
    response = await api.get(PATH, headers={**alice, "Accept": accept})
    assert response.status == 404
    assert response.content_type == "application/problem+json"


async def test_a_service_away_for_a_moment_breaks_nothing_for_long_it_does(
    api, bus, alice
):
    shelf = Shelf()
    failures = iter([False, True, False, False, False])

    def shaky(call: Any) -> Any:
        if next(failures, True):
            raise Unavailable(retry_after=1)
        return shelf.answer(call)

    bus.answers["letters.list_register"] = shaky
    response = await api.get(f"{PATH}?format=csv", headers=alice)
    assert (await response.read()).count(b"\r\n") == 801

    failures = iter([False])
    response = await api.get(f"{PATH}?format=csv", headers=alice)
    assert response.status == 200
    with pytest.raises(Exception, match=r"payload|closed|reset|disconnect"):
        await response.read()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("format=xlsx", "/format"),
        ("direction=sideways", "/direction"),
        ("limit=0", "/limit"),
        ("legacy=perhaps", "/legacy"),
        ("colour=red", "/colour"),
    ],
)
async def test_a_wrong_question_names_its_field(api, alice, query, field):
    response = await api.get(f"{PATH}?{query}", headers=alice)
    assert response.status == 422
    assert [each["field"] for each in (await response.json())["errors"]] == [field]


async def test_strangers_get_nothing(api):
    assert (await api.get(PATH)).status == 401
    wrong = {"Authorization": f"Bearer {TOKEN}x"}
    assert (await api.get(PATH, headers=wrong)).status == 401


# ---- the leader's overview -------------------------------------------------------

OVERVIEW = {
    "unit_id": None,
    "from": "2026-10-26",
    "to": "2026-11-24",
    "received": 9,
    "completed": 4,
    "running": 5,
    "overdue": 2,
    "unread": 1,
    "late": 1,
    "on_time": 3,
    "states": [],
    "units": [
        {
            "unit_id": UNIT,
            "name": "=Dinas; Kesehatan",
            "short_name": "Dinkes",
            "running": 3,
            "overdue": 2,
            "unread": 1,
            "received": 6,
            "median_hours": 41.25,
        },
        {
            "unit_id": UNIT,
            "name": "Inspektorat",
            "short_name": "Inspektorat",
            "running": 2,
            "overdue": 0,
            "unread": 0,
            "received": 3,
            "median_hours": None,
        },
    ],
    "steps": [{"step": "registered_completed", "letters": 4, "median_hours": 30.0}],
}


async def test_the_overview_is_a_table_of_units(api, bus, alice):
    bus.answers["letters.get_overview"] = lambda _call: OVERVIEW
    for query, headers in (("&format=csv", {}), ("", {"Accept": "text/csv"})):
        response = await api.get(
            f"/api/v1/overview?from=2026-10-26{query}", headers={**alice, **headers}
        )
        text = (await response.read()).decode("utf-8-sig")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        name = "ikhtisar-surat-2026-10-26-2026-11-24.csv"
        assert name in response.headers["Content-Disposition"]
        heads, *rows = csv.reader(io.StringIO(text), delimiter=";")
        assert heads[:3] == ["Unit", "Nama singkat", "Berjalan"]
        assert rows[0][:7] == [
            "'=Dinas; Kesehatan", "Dinkes", "3", "2", "1", "6", "41,25",
        ]  # fmt: skip
        assert rows[1][6] == ""
        assert rows[2][2:] == [
            "5", "2", "1", "9", "30", "26-10-2026", "24-11-2026",
        ]  # fmt: skip
    asked = bus.of("get_overview")[0].kwargs["query"]
    assert asked == {"unit_id": None, "from": "2026-10-26", "to": None}

    plain = await api.get("/api/v1/overview", headers=alice)
    assert (await plain.json())["units"][0]["median_hours"] == 41.25


async def test_who_does_not_lead_gets_no_table(api, bus, alice):
    def closed(_call: Any) -> Any:
        raise Forbidden("forbidden", reason="not_a_leader")

    bus.answers["letters.get_overview"] = closed
    response = await api.get("/api/v1/overview?format=csv", headers=alice)
    assert (response.status, response.content_type) == (403, "application/problem+json")
    wrong = await api.get("/api/v1/overview?format=pdf", headers=alice)
    assert wrong.status == 422
