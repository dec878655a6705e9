"""The quick ways of a conflict check find what the plain ones do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts.codec import ZONE
from contracts.schedule import ActivityState, Slot, Standing
from services.schedule.domain.keepers import Caller
from services.schedule.domain.lines import Line, bookable_of
from services.schedule.domain.slots import FURTHER, Claim, Taken, around, horizon
from services.schedule.domain.span import Span
from services.schedule.placing import alternatives
from services.schedule.unit_of_work import UnitOfWork, opener
from services.schedule.views.clashes import find_both, find_clashes
from tests.bench import schedule_loader as loader
from tests.bench import schedule_regency as regency

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 25, 9, tzinfo=ZONE)
OFFICES = 60
TRAVEL = (0, 30, 90)


@pytest.fixture(scope="module")
def loaded(database: Database) -> Iterator[Database]:
    loader.load(database, 8_000, MONDAY, OFFICES)
    yield database
    with database.engine.begin() as connection:
        tables = ", ".join((*loader.TABLES, "resource", "bookable"))
        connection.execute(sa.text(f"TRUNCATE {tables} CASCADE"))


@pytest.fixture
def uow(loaded: Database) -> Iterator[UnitOfWork]:
    with opener(loaded, lambda: NOW)().looking() as opened:
        yield opened


def wanted(number: int) -> Span:
    start = NOW + timedelta(days=number % 9, minutes=30 * (number % 11))
    return Span(start, start + timedelta(minutes=45 + 60 * (number % 4)))


def offices(number: int) -> list[int]:
    return sorted({(7 * number + 11 * n) % OFFICES for n in range(1, 2 + number % 12)})


def claims(number: int) -> list[Claim]:
    """The offices' numbers are those the loader gave them."""
    before, after = TRAVEL[number % 3], TRAVEL[number // 3 % 3]
    return [Claim(0), *(Claim(n + 1, before, after) for n in offices(number))]


def laid(number: int) -> dict[int, Line]:
    org = regency.organisation()
    keys = [regency.identity("position", n) for n in offices(number)]
    return {
        n + 1: Line(
            *(bookable_of(org, key, NOW), wanted(number), Standing.BINDING, NOW), key
        )
        for n, key in zip(offices(number), keys, strict=True)
    }


@pytest.mark.parametrize("number", range(24))
def test_postgresql_merges_what_is_taken_as_we_do(uow: UnitOfWork, number: int) -> None:
    asked, exclude = claims(number), some_activity(uow, number)
    within = horizon(wanted(number), FURTHER[number % 3])

    merged = Taken(uow.bookings.taken(asked, within, exclude))

    busy = uow.bookings.busy([claim.key for claim in asked], within, exclude)
    assert vars(merged) == vars(Taken.by_any(asked, busy))
    assert number % 3 == 2 or any(busy.values())


@pytest.mark.parametrize("number", range(24))
def test_looking_further_by_steps_finds_the_nearest_of_all(
    uow: UnitOfWork, number: int
) -> None:
    asked, span = claims(number), wanted(number)

    found = alternatives(uow, span, asked, NOW)

    whole = (FURTHER[0][0], FURTHER[-1][1])
    busy = uow.bookings.busy([claim.key for claim in asked], horizon(span, whole), None)
    free = list(around(span, asked, Taken.by_any(asked, busy), NOW, whole))
    nearest = sorted(free[:3], key=lambda slot: slot.start)
    assert found == [Slot(starts_at=x.start, ends_at=x.end) for x in nearest]
    assert [abs(slot.start - span.start) for slot in free] == sorted(
        abs(slot.start - span.start) for slot in free
    )


@pytest.mark.parametrize("who", [regency.PROTOCOL, regency.staff_of(1)])
def test_both_kinds_of_clashes_come_in_one_statement(uow: UnitOfWork, who: int) -> None:
    by = Caller.of(regency.actor(who), regency.organisation(), NOW)
    states: set[ActivityState] = set()
    for number in range(40):
        lines, exclude = laid(number), some_activity(uow, number)
        sides: dict[str, Any] = {"exclude": exclude}

        hard, loose = find_both(uow.session, by, lines, exclude, {})

        assert hard == find_clashes(uow.session, by, binding=lines, **sides)
        assert loose == find_clashes(uow.session, by, loose=lines, **sides)
        states |= {clash.state for clash in hard + loose}
    assert {ActivityState.CONFIRMED, ActivityState.TENTATIVE} <= states


def some_activity(uow: UnitOfWork, number: int) -> UUID | None:
    """One in the way, so that leaving it out is seen."""
    if number % 2:
        return None
    keys = {key: line.span for key, line in laid(number).items()}
    rivals = uow.bookings.rivals(UUID(int=0), keys)
    return rivals[0].activity_id if rivals else None
