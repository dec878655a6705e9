"""The database below: the constraint itself, the tables, the number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from contracts.errors import Invalid
from contracts.schedule_requests import ActivitiesQuery, ConflictsQuery
from services.schedule import tables
from services.schedule.importing import import_resources
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.listing import list_activities
from services.schedule.views.monitor import list_conflicts
from tests.integration.schedule.desk import Desk, refused
from tests.unit.schedule.offices import at, key, request

OFFICES = ("bupati", "wabup", "sekda", "kadis", "kadinkes", "camat")


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = desk.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def cost(desk: Desk, act: Callable[[], Any]) -> int:
    with counted(desk) as sent:
        act()
    return len(sent)


def test_the_table_itself_refuses_two_binding_lines(desk: Desk) -> None:
    first = desk.create("ajudan", request("bupati"))
    other = desk.create("staf.dinkes", request("bupati", state="tentative"))

    with pytest.raises(IntegrityError, match="ex__booking__no_overlap"):
        desk.run(
            lambda uow: uow.session.execute(
                sa.text(
                    "UPDATE booking SET binds = true, standing = 'binding'"
                    " WHERE activity_id = :id"
                ),
                {"id": other.activity_id},
            )
        )
    with pytest.raises(IntegrityError, match="booking_check"):
        desk.run(
            lambda uow: uow.session.execute(
                sa.text("UPDATE booking SET binds = false WHERE activity_id = :id"),
                {"id": first.activity_id},
            )
        )


def test_the_migration_makes_the_tables_the_statements_name(desk: Desk) -> None:
    found = sa.MetaData()
    found.reflect(desk.database.engine)

    for name, table in tables.metadata.tables.items():
        made = found.tables[name]
        assert {column.name for column in table.columns} == {
            column.name for column in made.columns
        }
        for column in table.columns:
            assert column.nullable == made.columns[column.name].nullable, column
        assert [key.name for key in table.primary_key] == [
            key.name for key in made.primary_key
        ]


def test_the_number_of_statements_does_not_grow_with_people(desk: Desk) -> None:
    things = {"resource_ids": [key("aula")]}
    desk.create("protokol", request(*OFFICES, **things))  # everybody has a number

    few = cost(
        desk, lambda: desk.create("protokol", request("bupati", day=1, **things))
    )
    many = cost(
        desk, lambda: desk.create("protokol", request(*OFFICES, day=2, **things))
    )
    clash = cost(
        desk,
        lambda: refused(lambda: desk.create("protokol", request("bupati", day=1))),
    )
    more = cost(
        desk,
        lambda: refused(lambda: desk.create("protokol", request(*OFFICES, day=2))),
    )

    assert few == many <= 18
    assert clash == more <= 18


def test_the_number_of_statements_does_not_grow_with_the_page(desk: Desk) -> None:
    for hour in range(8):
        desk.create("ajudan", request("bupati", starts=8 + hour, ends=9 + hour))
        desk.create(
            "staf.dinkes",
            request("bupati", starts=8 + hour, ends=9 + hour, state="tentative"),
        )
    caller = desk.caller("protokol")

    def listing(limit: int) -> Callable[[UnitOfWork], Any]:
        return lambda uow: list_activities(uow, caller, ActivitiesQuery(limit=limit))

    def monitor(limit: int) -> Callable[[UnitOfWork], Any]:
        return lambda uow: list_conflicts(uow, caller, ConflictsQuery(limit=limit))

    for view, most in ((listing, 4), (monitor, 6)):
        costs = {
            cost(desk, lambda view=view, limit=limit: desk.run(view(limit)))
            for limit in (1, 12)
        }
        assert len(costs) == 1
        assert costs.pop() <= most


def test_rooms_and_vehicles_are_imported_by_code(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "resources.csv"
    head = "code,name,kind,unit_code,capacity,place\n"
    source.write_text(
        head + "aula,Aula baru,room,setda,200,Lantai II\nbus,Bus,vehicle,kominfo,,\n",
        encoding="utf-8",
    )

    for _ in range(2):
        assert desk.run(lambda uow: import_resources(uow, source, desk.org)) == 2

    assert desk.count("resource") == 4
    assert desk.count("resource", "code = 'aula' AND capacity = 200") == 1
    source.write_text(head + "x,X,room,nowhere,,\n", encoding="utf-8")
    with pytest.raises(Invalid):
        desk.run(lambda uow: import_resources(uow, source, desk.org))


def test_a_journey_over_new_year_is_one_span(desk: Desk) -> None:
    trip = request("bupati", starts=9, ends=9 + 24 * 40)

    desk.create("ajudan", trip)

    refused(lambda: desk.create("ajudan", request("bupati", day=39)))
    assert at(9, day=40) == trip.ends_at
