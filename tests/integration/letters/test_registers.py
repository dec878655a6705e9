"""Registers: numbers without gaps, years by the wall calendar, lines and who sees them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts import codec
from contracts.errors import Invalid, NotFound
from contracts.letters import VoidLetter
from contracts.letters.registers import (
    Register,
    RegisterQuery,
    RegisterRow,
    RetentionQuery,
)
from services.letters import views_registers, views_retention
from services.letters.use_cases import closing
from tests.integration.letters import sending
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

SETDA = offices.unit_id("setda")
KOMINFO = offices.unit_id("kominfo")


def lines(
    desk: Desk, who: str, unit: Any = SETDA, year: str = "2026", **asked: Any
) -> list[RegisterRow]:
    query = codec.load(RegisterQuery, {"limit": 200, **asked})
    found: list[RegisterRow] = desk.look(
        who, views_registers.lines, unit, year, query
    ).items
    return found


def books(desk: Desk, who: str) -> list[Register]:
    found: list[Register] = desk.look(who, views_registers.shelf).items
    return found


def test_a_line_has_what_the_book_on_paper_has(desk: Desk) -> None:
    letter = desk.register(
        sender={"name": "Camat Sungai Raya", "address": "Jalan A. Yani, Batang Kulur"},
        summary="Mohon hadir",
    )
    desk.dispose("bupati", letter.letter_id, ("sekda",), ("wabup", "inform"))

    row = lines(desk, "tu.setda")[0]

    assert row.agenda_number == letter.agenda_number
    assert (row.day.isoformat(), str(row.dated_on)) == ("2026-11-23", "2026-11-20")
    assert row.sender is not None
    assert row.sender.address == "Jalan A. Yani, Batang Kulur"
    assert (row.number, row.summary) == ("005/117/KESRA/2026", "Mohon hadir")
    assert [one.code for one in row.forwarded_to or ()] == ["bupati", "sekda"]
    assert (row.attachments, row.state, row.masked) == (0, "under_disposition", False)


def test_only_who_has_a_claim_opens_a_register(desk: Desk) -> None:
    desk.register("tu.kominfo", addressees=["kadis.kominfo"])
    for who in ("tu.kominfo", "kadis.kominfo", "sekretaris.kominfo", "sekda", "bupati"):
        assert lines(desk, who, KOMINFO), who
    for who in ("tu.setda", "kadis.dinkes", "wabup", "admin", "protokol"):
        with pytest.raises(NotFound):
            lines(desk, who, KOMINFO)
    with pytest.raises(NotFound):
        lines(desk, "tu.kominfo", offices.unit_id("nirgends"))
    for year in ("20x6", "²026", "-026", "20260", ""):
        with pytest.raises(NotFound):
            lines(desk, "tu.kominfo", KOMINFO, year)


def test_a_line_the_reader_may_not_see_keeps_number_and_date_only(desk: Desk) -> None:
    hidden = desk.register(
        "tu.kominfo", addressees=["kadis.kominfo"], secrecy="terbatas"
    )
    mine = lines(desk, "tu.kominfo", KOMINFO)[0]
    assert (mine.letter_id, mine.masked) == (hidden.letter_id, False)

    row = lines(desk, "sekda", KOMINFO)[0]

    left = {name: value for name, value in codec.dump(row).items() if value is not None}
    assert left == {
        "agenda_seq": hidden.agenda_seq,
        "agenda_number": hidden.agenda_number,
        "day": "2026-11-23",
        "masked": True,
    }


def test_a_secret_letter_is_masked_for_everybody_and_looking_leaves_no_trace(
    desk: Desk,
) -> None:
    letter = desk.register(secrecy="rahasia", subject="Mutasi pejabat")
    row = lines(desk, "tu.setda")[0]
    assert (row.masked, row.subject, row.sender) == (True, None, None)
    assert (row.letter_id, row.secrecy) == (letter.letter_id, "rahasia")
    actions = [
        entry.action for entry in desk.tracking("bupati", letter.letter_id).timeline
    ]
    assert actions == ["registered"]
    assert lines(desk, "sekda")[0].letter_id is None
    assert not [row for row in lines(desk, "tu.setda", q="mutasi") if row.subject]


def test_words_are_not_found_in_lines_that_are_masked(desk: Desk) -> None:
    desk.register(secrecy="rahasia", subject="Kata kunci langka xylofon")
    desk.register(subject="Pentas xylofon 100%", sender={"name": "Sanggar Seni"})
    assert [row.subject for row in lines(desk, "bupati", q="Xylofon")] == [
        "Pentas xylofon 100%"
    ]
    assert len(lines(desk, "tu.setda", q="100% sanggar")) == 1
    assert not lines(desk, "tu.setda", q="1_0%")


def test_an_agenda_number_is_found_in_masked_lines_too(desk: Desk) -> None:
    letter = desk.register(secrecy="rahasia")
    found = lines(desk, "sekda", q=letter.agenda_number)
    assert [row.agenda_number for row in found] == [letter.agenda_number]


def test_a_void_letter_keeps_its_number_with_the_reason(desk: Desk) -> None:
    wrong = desk.register()
    reason = VoidLetter(reason="Tercatat dua kali")
    desk.do("tu.setda", closing.void_letter, wrong.letter_id, reason)
    following = desk.register()

    newest, void = lines(desk, "tu.setda")[:2]

    assert following.agenda_seq == wrong.agenda_seq + 1
    assert newest.agenda_number == following.agenda_number
    assert (void.agenda_number, void.state) == (wrong.agenda_number, "void")
    assert void.void_reason == "Tercatat dua kali"


def test_pages_are_stable_while_letters_come_in(desk: Desk) -> None:
    for number in range(5):
        desk.register(
            "tu.dinkes", addressees=["kadis.dinkes"], subject=f"nomor {number}"
        )
    unit, seen, cursor = offices.unit_id("dinkes"), [], None
    while True:
        query = codec.load(RegisterQuery, {"limit": 2, "cursor": cursor})
        page = desk.look("tu.dinkes", views_registers.lines, unit, "2026", query)
        seen += [row.agenda_seq for row in page.items]
        desk.register("tu.dinkes", addressees=["kadis.dinkes"])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [5, 4, 3, 2, 1]
    oldest = lines(desk, "tu.dinkes", unit, sort="agenda_seq")
    assert [row.agenda_seq for row in oldest] == list(range(1, len(oldest) + 1))
    with pytest.raises(Invalid):
        lines(desk, "tu.dinkes", unit, cursor="WzEwMDAwMDAwMDAwMDAwMDBd")


def test_days_are_those_of_the_regency(desk: Desk) -> None:
    unit = offices.unit_id("pupr")
    given = {"addressees": ["kadis.pupr"]}
    desk.register("tu.pupr", received_at="2026-11-20T23:59:00+08:00", **given)
    desk.register("tu.pupr", received_at="2026-11-21T00:01:00+08:00", **given)

    def days(**asked: Any) -> list[str]:
        return [str(row.day) for row in lines(desk, "tu.pupr", unit, **asked)]

    assert days(**{"from": "2026-11-21"}) == ["2026-11-21"]
    assert days(to="2026-11-20") == ["2026-11-20"]
    assert len(days(**{"from": "2026-11-20", "to": "2026-11-21"})) == 2
    with pytest.raises(Invalid):
        days(to="31 November")


def test_the_year_turns_at_midnight_in_makassar(desk: Desk) -> None:
    body = {"addressees": ["kadis.dinsos"], "received_at": "2026-12-31T10:00:00+08:00"}
    before = Desk(desk.database, desk.org, datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    after = Desk(desk.database, desk.org, datetime(2026, 12, 31, 16, 1, tzinfo=UTC))
    last = before.register("tu.dinsos", **body)
    first = after.register("tu.dinsos", **body)
    late = before.register("tu.dinsos", **body)  # a clock that is behind

    assert (last.agenda_number, last.agenda_year) == ("SM/0001/2026", 2026)
    assert (first.agenda_number, first.agenda_year) == ("SM/0001/2027", 2027)
    assert late.agenda_number == "SM/0002/2026"
    unit = offices.unit_id("dinsos")
    assert len(lines(after, "tu.dinsos", unit, "2026")) == 2
    assert len(lines(after, "tu.dinsos", unit, "2027")) == 1
    mine = {(b.direction, b.year): b for b in books(after, "tu.dinsos")}
    assert mine["incoming", 2026].next_number is None
    assert mine["incoming", 2026].count == 2
    assert mine["incoming", 2027].next_number == "SM/0002/2027"
    assert mine["outgoing", 2027].next_number == "SK/0001/2027"


def test_the_shelf_holds_the_books_one_may_open(desk: Desk) -> None:
    desk.register("tu.kominfo", addressees=["kadis.kominfo"])
    mine = books(desk, "tu.kominfo")
    assert {one.unit_id for one in mine} == {KOMINFO}
    assert {one.direction for one in mine} == {"incoming", "outgoing"}
    incoming = next(one for one in mine if one.direction == "incoming")
    assert incoming.unit_name == "Dinas Komunikasi dan Informatika"
    assert incoming.next_number == f"SM/{incoming.last_seq + 1:04}/2026"
    above = books(desk, "sekda")
    assert {KOMINFO, SETDA} <= {one.unit_id for one in above}
    assert not books(desk, "admin")


def test_a_letter_that_left_stands_in_the_outgoing_book(
    desk: Desk, tmp_path: Path
) -> None:
    outside = {"name": "Gubernur Kalimantan Selatan", "address": "Banjarbaru"}
    recipients = [{"position_id": "kadis.dinkes"}, outside]
    letter = sending.reviewed(desk, recipients=recipients, copies=["wabup"])
    assert not lines(desk, "tu.setda", direction="outgoing")  # a draft has no number

    workshop = sending.workshop_in(tmp_path)
    signed = sending.sign(desk, letter.letter_id, workshop)["body"]
    sending.dispatch(desk.later(days=1), letter.letter_id)

    row = lines(desk, "tu.setda", direction="outgoing")[0]
    assert (row.agenda_number, row.number) == (
        signed["agenda_number"],
        signed["number"],
    )
    assert (str(row.day), row.state) == ("2026-11-24", "dispatched")
    assert row.recipients == ["Kepala Dinas Kesehatan", "Gubernur Kalimantan Selatan"]
    kept = desk.look("tu.setda", views_retention.listed, RetentionQuery()).items
    ended = {one.letter_id: one.ended_at for one in kept}
    assert ended[letter.letter_id] == desk.later(days=1).now
    came = lines(desk, "tu.dinkes", offices.unit_id("dinkes"))[0]
    assert (came.number, came.subject) == (signed["number"], row.subject)
