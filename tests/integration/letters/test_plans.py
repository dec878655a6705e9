"""At fifty thousand analysed letters no read walks a large table from end to end, and
none touches more rows than a page is worth, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.letters import (
    Box,
    LetterSort,
    LettersQuery,
    LetterState,
    Openness,
    Secrecy,
    TasksQuery,
    Urgency,
)
from contracts.letters.dispositions import GivenTasksQuery, OverviewQuery
from contracts.letters.registers import (
    Fate,
    RegisterQuery,
    RetentionQuery,
    RetentionStage,
)
from contracts.letters.search import SimilarQuery
from services.letters import (
    retention,
    views_given,
    views_letters,
    views_registers,
    views_retention,
    views_similar,
    views_tasks,
)
from services.letters.caller import Caller
from services.letters.repository_texts import Texts
from services.letters.unit_of_work import LettersUnitOfWork, opener
from services.letters.use_cases import extracting, overviewing, reading, upkeep
from tests.bench import letters_generator as generator
from tests.bench import letters_regency as regency
from tests.bench.letters_plans import (
    LARGE,
    large_tables,
    rows_touched,
    sent_by,
    whole_scans,
)
from tests.unit.letters import offices

LETTERS = 50_000
ORG = regency.organisation()
READERS = {
    "regent": regency.REGENT,
    "assistant": regency.ASSISTANT,
    "head": regency.HEAD,
    "staff": regency.STAFF,
    "registrar": regency.REGISTRAR,
}
Read = Callable[[LettersUnitOfWork, Caller], object]


@pytest.fixture(scope="module")
def loaded(database: Database) -> Iterator[Database]:
    generator.load(database, LETTERS)
    yield database
    with database.engine.begin() as connection:
        tables = ", ".join(generator.TABLES)
        connection.execute(sa.text(f"TRUNCATE {tables} CASCADE"))


def listed(**changes: Any) -> Read:
    query = LettersQuery(**changes)
    return lambda uow, by: views_letters.listed(uow.session, by, query)


def tasks(view: Any, **changes: Any) -> Read:
    return lambda uow, by: view(uow.session, by, TasksQuery(**changes))


def given(**changes: Any) -> Read:
    query = GivenTasksQuery(**changes)
    return lambda uow, by: views_given.given(uow.session, by, query)


LISTS: dict[str, Read] = {
    **{f"box {box}": listed(box=box) for box in Box},
    **{f"sort {sort}": listed(sort=sort) for sort in LetterSort},
    **{f"inbox by {sort}": listed(box=Box.INBOX, sort=sort) for sort in LetterSort},
    **{f"state {state}": listed(state=state) for state in LetterState},
    **{f"urgency {one}": listed(urgency=one) for one in Urgency},
    **{f"secrecy {one}": listed(secrecy=one) for one in Secrecy},
    "kind": listed(kind="undangan"),
    "kind nobody uses": listed(kind="berita_acara"),
    "unit": listed(unit_id=regency.identity("unit", 6)),
    "unknown unit": listed(unit_id=regency.identity("unit", 999)),
    "a day": listed(from_="2025-06-02", to="2025-06-02"),
    "before everything": listed(to="2020-01-01"),
    "after everything": listed(from_="2030-01-01"),
    "common word": listed(q=generator.COMMON_WORD),
    "rare word": listed(q=generator.RARE_WORD),
    "no such word": listed(q="kucingterbang"),
    "common and rare": listed(q=f"{generator.COMMON_WORD} {generator.RARE_WORD}"),
    "two common": listed(q="rapat koordinasi"),
    "beginning": listed(q="rapa"),
    "number": listed(q="005/117/DINAS7/2026"),
    "common word of a day": listed(q="rapat", from_="2025-06-02", to="2025-06-02"),
    "common word, state": listed(q="rapat", state=LetterState.VOID),
}
OTHERS: dict[str, Read] = {
    "my tasks": tasks(views_tasks.mine, state=Openness.OPEN),
    "my closed tasks": tasks(views_tasks.mine, state=Openness.CLOSED),
    "my overdue tasks": tasks(views_tasks.mine, overdue=True),
    "given tasks": given(state=Openness.OPEN),
    "given to one, found by a word": given(
        to_position_id=regency.identity("position", 6), q="rapat"
    ),
    "given, waiting for me": given(waiting=True),
    "counters": lambda uow, by: views_tasks.counters(uow.session, by),
    "similar by number": lambda uow, by: views_similar.similar(
        uow.session,
        by,
        SimilarQuery(number="1/1/dinas", sender_name="Instansi rapat"),
    ),
    "similar without number": lambda uow, by: views_similar.similar(
        uow.session,
        by,
        SimilarQuery(sender_name="Instansi rapat", subject="x"),
    ),
    "next file to read": lambda uow, _: Texts(uow.session).claim(can_ocr=True),
    "falling due": lambda uow, _: upkeep.letters_falling_due(uow),
}


def deepest_task(uow: LettersUnitOfWork, by: Caller, letter_id: UUID) -> object:
    """The last one given: whose notes may be read, the whole branch above decides."""
    query = (
        "SELECT task_id FROM task WHERE letter_id = :id ORDER BY task_id DESC LIMIT 1"
    )
    task_id = uow.session.execute(sa.text(query), {"id": letter_id}).scalar_one()
    return reading.get_task(uow, by, task_id)


ONE: dict[str, Callable[[LettersUnitOfWork, Caller, UUID], object]] = {
    "notes of a branch": deepest_task,
    "text of its pages": extracting.list_page_texts,
    "letter": reading.get_letter,
    "tracking": reading.get_letter_tracking,
    "suggestion": reading.suggest_disposition,
}


def asked(database: Database, who: str, read: Read) -> Callable[[], object]:
    def ask() -> object:
        with opener(database, lambda: generator.NOW)() as uow:
            caller = Caller.of(regency.actor(READERS[who]), ORG, generator.NOW)
            return read(uow, caller)

    return ask


def test_the_tables_are_large(loaded: Database) -> None:
    """Of a small one every walk would be allowed."""
    assert large_tables(loaded) == LARGE


@pytest.mark.parametrize("who", READERS)
def test_no_list_walks_a_table(loaded: Database, who: str) -> None:
    walked = {
        name: found
        for name, read in {**LISTS, **OTHERS}.items()
        if (found := whole_scans(loaded, sent_by(loaded, asked(loaded, who, read))))
    }
    assert walked == {}


@pytest.mark.parametrize("who", READERS)
def test_a_page_costs_what_a_page_is_worth(loaded: Database, who: str) -> None:
    touched = {
        name: rows_touched(loaded, sent_by(loaded, asked(loaded, who, read)))
        for name, read in LISTS.items()
    }
    assert {name: rows for name, rows in touched.items() if rows > 12_000} == {}


@pytest.mark.parametrize("who", ["regent", "head"])
def test_one_letter_is_found_by_its_keys(loaded: Database, who: str) -> None:
    page = asked(
        loaded, who, listed(secrecy=Secrecy.BIASA, state=LetterState.CLOSED, limit=1)
    )()
    letter_id = page.items[0].letter_id  # type: ignore[attr-defined]
    walked = {
        name: found
        for name, use_case in ONE.items()
        if (
            found := whole_scans(
                loaded,
                sent_by(
                    loaded,
                    asked(
                        loaded,
                        who,
                        lambda uow, by, use=use_case: use(uow, by, letter_id),
                    ),
                ),
            )
        )
    }
    assert walked == {}


BOOK = regency.identity("unit", 1)  # the registrar's; the regent is above it


def a_register(**changes: Any) -> Read:
    query = msgspec.convert(changes, RegisterQuery)
    return lambda uow, by: views_registers.lines(uow.session, by, BOOK, "2026", query)


def kept(**changes: Any) -> Read:
    query = RetentionQuery(**changes)
    return lambda uow, by: views_retention.listed(uow.session, by, query)


BOOKS: dict[str, Read] = {
    "shelf": lambda uow, by: views_registers.shelf(uow.session, by),
    "register": a_register(limit=200),
    "register of a month": a_register(**{"from": "2026-03-01", "to": "2026-03-31"}),
    "words in a register": a_register(q="rapat dinas1"),
    "no such words": a_register(q="kucing terbang"),
    "outgoing": a_register(direction="outgoing"),
    "legacy": a_register(legacy=True),
}
KEPT: dict[str, Read] = {
    "retention": kept(),
    **{f"stage {stage}": kept(stage=stage) for stage in RetentionStage},
    **{f"fate {fate}": kept(fate=fate) for fate in Fate},
}


@pytest.mark.parametrize(
    ("who", "reads"), [("registrar", BOOKS | KEPT), ("regent", BOOKS)]
)
def test_a_register_is_walked_by_its_numbers(
    loaded: Database, who: str, reads: dict[str, Read]
) -> None:
    with loaded.session() as session:
        retention.load(session, offices.DEMO)
        session.commit()
    walked = {
        name: found
        for name, read in reads.items()
        if (found := whole_scans(loaded, sent_by(loaded, asked(loaded, who, read))))
    }
    assert walked == {}


@pytest.mark.parametrize("who", ["regent", "head"])
def test_the_overview_looks_at_its_period_and_at_open_work(
    loaded: Database, who: str
) -> None:
    def read(uow: LettersUnitOfWork, by: Caller) -> object:
        return overviewing.get_overview(uow, by, OverviewQuery())

    assert whole_scans(loaded, sent_by(loaded, asked(loaded, who, read))) == []
