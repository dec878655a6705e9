"""What happens by itself, what it costs, and what a trail proves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis.database import Database
from contracts.letters import (
    Box,
    LettersQuery,
    RecordFile,
    TasksQuery,
)
from services.letters import orm, views_letters, views_tasks
from services.letters.caller import Caller
from services.letters.unit_of_work import opener
from services.letters.use_cases import linking, reading, storing, upkeep
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices


def test_due_times_are_told_once_each(desk: Desk) -> None:
    letter = desk.register()  # segera: two days
    told: Counter[str] = Counter()
    for hours in (1, 30, 31, 50, 51):
        later = desk.later(hours=hours)
        assert (letter.letter_id in falling(later)) == (hours in (30, 50))
        mark(later, letter.letter_id)
        told = Counter(one["type"] for one in desk.published(letter.letter_id))
    assert told["task.due_soon.v1"] == told["task.overdue.v1"] == 1
    assert (
        desk.later(hours=51).tracking("bupati", letter.letter_id).must_handle[0].overdue
    )


def test_an_activity_is_linked_once(desk: Desk) -> None:
    letter = desk.register()
    first, second = offices.unit_id("one"), offices.unit_id("two")
    for activity in (first, second, first):
        desk.do("bupati", linking.link_activity, letter.letter_id, activity)
    found = desk.do("bupati", reading.get_letter, letter.letter_id)
    assert found.activity_id == first
    desk.do("bupati", linking.link_activity, second, first)  # no such letter: nothing


def test_files_nobody_attached_are_collected(desk: Desk) -> None:
    def record(sha256: str) -> UUID:
        body = RecordFile(
            sha256=sha256 * 64, size_bytes=1, media_type="image/png", filename="a.png"
        )
        return desk.do("tu.setda", storing.record_file, body).file_id

    record("a")
    shared = record("b")
    desk.register(file_ids=[str(shared)])
    record("b")
    assert collect(desk.later(hours=23)) == []
    assert collect(desk.later(hours=25)) == ["a" * 64]


def test_a_suggestion_grows_from_habit(desk: Desk) -> None:
    sender = {"name": "Kanwil yang sering menulis"}

    def suggested() -> list[UUID]:
        letter = desk.register(sender=sender, kind="laporan")
        found = desk.do("bupati", reading.suggest_disposition, letter.letter_id)
        desk.dispose("bupati", letter.letter_id, ("sekda", "handle", "pelajari"))
        return [one.position_id for one in found.recipients]

    assert [len(suggested()) for _ in range(3)] == [0, 0, 1]
    letter = desk.register(sender=sender, kind="laporan")
    vacant = Desk(desk.database, offices.regency(vacant=["sekda"]))
    nothing = vacant.do("bupati", reading.suggest_disposition, letter.letter_id)
    assert (nothing.recipients, nothing.suggestion) == ([], True)


def test_the_migration_creates_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, orm.metadata)
    assert differences == []


def test_the_cost_of_a_request_does_not_grow(desk: Desk, database: Database) -> None:
    few, many = desk.register(), desk.register()
    for number in range(8):
        desk.dispose("bupati", many.letter_id, ("sekda",), ("wabup", "inform"))
        desk.dispose("sekda", many.letter_id, ("kadis.dinkes",), note=f"n{number}")
    desk.dispose("bupati", few.letter_id, ("sekda",), ("wabup", "inform"))
    desk.dispose("sekda", few.letter_id, ("kadis.dinkes",), note="n")

    def cost(act: Callable[[UUID], object]) -> list[int]:
        return [
            statements(database, act, one) for one in (few.letter_id, many.letter_id)
        ]

    acts: dict[str, Callable[[UUID], object]] = {
        "letter": lambda key: desk.do("bupati", reading.get_letter, key),
        "tracking": lambda key: desk.tracking("bupati", key),
        "task": lambda key: desk.do(
            "tu.setda", reading.get_task, desk.task_of(key, "kadis.dinkes")
        ),
        "tasks": lambda key: desk.look(
            "sekda", views_tasks.mine, TasksQuery(letter_id=key)
        ),
        "dispose": lambda key: desk.dispose("bupati", key, ("sekda",), ("wabup",)),
        "list": lambda key: desk.look(
            "bupati", views_letters.listed, LettersQuery(box=Box.ALL)
        ),
    }
    costs = {name: cost(act) for name, act in acts.items()}
    assert all(one == other for one, other in costs.values()), costs
    assert max(most for most, _ in costs.values()) <= 14, costs


def statements(database: Database, act: Callable[[UUID], object], key: UUID) -> int:
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(database.engine, "before_cursor_execute", counted)
    try:
        act(key)
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", counted)
    return count


def falling(desk: Desk) -> list[UUID]:
    with opener(desk.database, lambda: desk.now)() as uow:
        return upkeep.letters_falling_due(uow)


def mark(desk: Desk, letter_id: UUID) -> None:
    with opener(desk.database, lambda: desk.now)() as uow:
        upkeep.mark_due(uow, Caller.nobody(desk.org, desk.now), letter_id)
        uow.commit()


def collect(desk: Desk) -> list[str]:
    with opener(desk.database, lambda: desk.now)() as uow:
        hashes = storing.collect_files(uow)
        uow.commit()
        return hashes
