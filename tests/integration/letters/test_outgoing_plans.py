"""What waits for me, among ten thousand outgoing letters that wait for nobody."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Database
from contracts.letters import ReviewsQuery
from services.letters import views_outgoing
from services.letters.use_cases import reading
from tests.bench.letters_plans import (
    large_tables,
    rows_touched,
    sent_by,
    whole_scans,
)
from tests.integration.letters.desk import Desk
from tests.integration.letters.sending import draft, submit
from tests.unit.letters import offices

LETTERS = 10_000
CLONE = """
INSERT INTO {table} SELECT (jsonb_populate_record(o, jsonb_build_object(
    'letter_id', md5(n::text)::uuid) || CAST(:changes AS jsonb))).*
FROM {table} o, generate_series(1, :count) n WHERE o.letter_id = :letter_id
"""
DISPOSED = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM (
    SELECT (jsonb_populate_record(o, jsonb_build_object(
        'letter_id', md5(n::text)::uuid, '{table}_id', md5('{table}' || n)::uuid,
        'disposition_id', md5('disposition' || n)::uuid))).*
    FROM {table} o, generate_series(1, :count) n WHERE o.{table}_id = :row_id) made
"""
CHANGES = {
    "letter": "{}",
    "outgoing": '{"step": null, "step_since": null}',
    "outgoing_initial": '{"state": "waiting", "revision": null, "at": null}',
    "outgoing_recipient": "{}",
    "letter_visibility": "{}",
}


@pytest.fixture(scope="module")
def crowded(database: Database) -> Desk:
    """One draft many times over, none of them asking anybody for anything; then some
    that do."""
    desk = Desk(database, offices.regency())
    letter = submit(desk, draft(desk))
    with database.session() as session:
        for table, changes in CHANGES.items():
            values = {"letter_id": letter.letter_id, "count": LETTERS}
            statement = sa.text(CLONE.format(table=table))
            session.execute(statement, {**values, "changes": changes})
        session.commit()
    for _ in range(30):
        submit(desk, draft(desk, initials=[]))
    dispose_of_every_clone(desk)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in (*CHANGES, "disposition", "task"):
            connection.execute(sa.text(f"ANALYZE {table}"))
    return desk


def dispose_of_every_clone(desk: Desk) -> None:
    """The tables a letter is joined with are as large as its own; what the planner
    chooses for an empty one says nothing."""
    told = desk.dispose("bupati", desk.register().letter_id, ("sekda",))
    rows = {"disposition": told.disposition_id, "task": told.tasks[0].task_id}
    with desk.database.session() as session:
        for table, row_id in rows.items():
            columns = own_columns(session, table)
            statement = sa.text(DISPOSED.format(table=table, columns=columns))
            session.execute(statement, {"row_id": row_id, "count": LETTERS})
        session.commit()


def own_columns(session: Session, table: str) -> str:
    """All but those the database computes itself."""
    query = (
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
        " WHERE table_name = :table AND is_generated = 'NEVER'"
    )
    return str(session.scalar(sa.text(query), {"table": table}))


def test_the_tables_of_outgoing_letters_are_large(crowded: Desk) -> None:
    own = {"letter", "letter_visibility", "task", "disposition"}
    assert large_tables(crowded.database) >= own


def waiting(desk: Desk, who: str) -> Callable[[], object]:
    return lambda: desk.look(who, views_outgoing.reviews, ReviewsQuery())


@pytest.mark.parametrize(
    ("who", "count"),
    [("sekda", 30), ("asisten.1", 1), ("tu.setda", 0), ("kabag.kesra", 0)],
)
def test_what_waits_for_me_walks_no_table(crowded: Desk, who: str, count: int) -> None:
    assert len(waiting(crowded, who)().items) == count  # type: ignore[attr-defined]
    asked = sent_by(crowded.database, waiting(crowded, who))
    assert whole_scans(crowded.database, asked) == []
    assert rows_touched(crowded.database, asked) < 1_000


def test_a_letter_with_replies_and_source_is_found_by_keys(crowded: Desk) -> None:
    letter_id: UUID = draft(crowded).letter_id
    asked = sent_by(
        crowded.database,
        lambda: crowded.do("sekda", reading.get_letter, letter_id),
    )
    assert whole_scans(crowded.database, asked) == []
    assert rows_touched(crowded.database, asked) < 1_000
