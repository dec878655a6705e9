"""At fifty thousand analysed lines no read of the schedule walks a large table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.codec import ZONE
from contracts.schedule_requests import (
    ActivitiesQuery,
    CheckConflicts,
    ConflictsQuery,
    CreateActivity,
)
from contracts.schedule_slots import FreeSlotsQuery
from services.schedule.domain.keepers import Caller
from services.schedule.unit_of_work import UnitOfWork, opener
from services.schedule.use_cases.checking import check_conflicts
from services.schedule.use_cases.creating import create_activity
from services.schedule.views.activities import get_activity
from services.schedule.views.free_slots import list_free_slots
from services.schedule.views.listing import list_activities
from services.schedule.views.monitor import list_conflicts
from tests.bench import schedule_asks as asks
from tests.bench import schedule_loader as loader
from tests.bench import schedule_regency as regency
from tests.bench.letters_plans import large_tables, rows_touched, sent_by, whole_scans

LINES = 50_000
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 25, 9, tzinfo=ZONE)
TABLES = frozenset(loader.TABLES)
READERS = {
    "protocol": regency.PROTOCOL,
    "registrar": regency.registrar_of(1),
    "staff": regency.staff_of(1),
}
Read = Callable[[UnitOfWork, Caller], object]

_OVERLAPS = sa.text(
    "SELECT count(*) FROM (SELECT lower(during) < max(upper(during)) OVER ("
    " PARTITION BY key ORDER BY lower(during)"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS late"
    " FROM booking WHERE binds) AS line WHERE late"
)


@pytest.fixture(scope="module")
def loaded(database: Database) -> Iterator[Database]:
    loader.load(database, LINES, MONDAY, len(asks.KNOWN))
    yield database
    with database.engine.begin() as connection:
        tables = ", ".join((*loader.TABLES, "resource", "bookable"))
        connection.execute(sa.text(f"TRUNCATE {tables} CASCADE"))


def listed(**values: Any) -> Read:
    query = msgspec.convert(values, ActivitiesQuery, strict=False)
    return lambda uow, by: list_activities(uow, by, query)


WEEK = {"from": "2026-11-23", "to": "2026-11-29", "limit": 200}
OFFICE = str(regency.identity("position", 30))
UNIT = str(regency.identity("unit", 1))
LISTS: dict[str, Read] = {
    "a week": listed(**WEEK),
    "a day": listed(**{"from": "2026-11-25", "to": "2026-11-25"}),
    "week of an agency": listed(**WEEK, unit_id=UNIT),
    "week of an office": listed(**WEEK, position_id=OFFICE),
    "week of a room": listed(**WEEK, resource_id=str(loader.THINGS[3])),
    "what an agency has on": listed(unit_id=UNIT),
    "what an office has on": listed(position_id=OFFICE),
    "tentative of a week": listed(**WEEK, state="tentative"),
    "word of a week": listed(**WEEK, q="rapat"),
}


def check(number: int) -> Read:
    body = [ask.arguments["body"] for ask in asks.checks(MONDAY)][number]
    request = msgspec.convert(body, CheckConflicts)
    return lambda uow, by: check_conflicts(uow, by, request)


def free_slots(number: int) -> Read:
    query = [ask.arguments["query"] for ask in asks.free_slots(MONDAY)][number]
    wanted = msgspec.convert(query, FreeSlotsQuery, strict=False)
    return lambda uow, by: list_free_slots(uow, by, wanted)


OTHERS: dict[str, Read] = {
    **{f"check {number}": check(number) for number in range(8)},
    **{f"free slots {number}": free_slots(number) for number in range(3)},
    "what lapses": lambda uow, by: uow.activities.pencilled(by.now, 100),
    "monitor of two weeks": lambda uow, by: list_conflicts(
        uow,
        by,
        msgspec.convert(
            {"from": "2026-11-23", "to": "2026-12-06"}, ConflictsQuery, strict=False
        ),
    ),
}


def asked(database: Database, who: str, read: Read) -> Callable[[], object]:
    def ask() -> object:
        with opener(database, lambda: NOW)() as uow:
            reader = regency.actor(READERS[who])
            return read(uow, Caller.of(reader, regency.organisation(), NOW))

    return ask


def test_the_tables_are_large_and_nobody_is_promised_twice(loaded: Database) -> None:
    assert large_tables(loaded, TABLES) == TABLES
    with loaded.engine.connect() as connection:
        assert connection.scalar(_OVERLAPS) == 0
        bound = connection.scalar(sa.text("SELECT count(*) FROM booking WHERE binds"))
        assert bound > LINES / 2


def test_an_activity_is_found_by_its_keys(loaded: Database) -> None:
    page = asked(loaded, "staff", listed(**WEEK))()
    activity_id = page.items[0].activity_id  # type: ignore[attr-defined]
    read = asked(loaded, "staff", lambda uow, by: get_activity(uow, by, activity_id))
    assert whole_scans(loaded, sent_by(loaded, read), TABLES) == []


@pytest.mark.parametrize("who", READERS)
def test_no_read_walks_a_table(loaded: Database, who: str) -> None:
    walked = {
        name: found
        for name, read in {**LISTS, **OTHERS}.items()
        if (
            found := whole_scans(
                loaded, sent_by(loaded, asked(loaded, who, read)), TABLES
            )
        )
    }
    assert walked == {}


def test_a_week_of_an_agency_costs_that_week(loaded: Database) -> None:
    """Not what its offices ever sat in, which is most of the fifty thousand."""
    sent = sent_by(loaded, asked(loaded, "staff", LISTS["week of an agency"]))
    assert rows_touched(loaded, sent) < 20_000


def test_a_booking_walks_no_table(loaded: Database) -> None:
    ask = next(asks.bookings(MONDAY + timedelta(days=7)))
    request = msgspec.convert(ask.arguments["body"], CreateActivity)

    def book(uow: UnitOfWork, by: Caller) -> object:
        return create_activity(uow, by, request)

    sent = sent_by(loaded, asked(loaded, "registrar", book))
    assert whole_scans(loaded, sent, TABLES) == []
