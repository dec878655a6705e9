"""The statements a read sends, and how PostgreSQL would carry each out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.database import PRELUDE, Database

LARGE = frozenset(
    {
        *("letter", "letter_visibility", "letter_text", "task", "disposition"),
        *("trail", "file", "file_text", "letter_unit"),
    }
)

"""Those that grow with the letters."""
ROWS = 1_000  # what a table holds from which on it must not be walked


@dataclass(frozen=True)
class Sent:
    """As psycopg2 gets it: `text` with its own marks for `values`."""

    text: str
    values: Any

    @property
    def reads(self) -> bool:
        return self._begins(("SELECT", "WITH"))

    @property
    def has_plan(self) -> bool:
        return self._begins(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))

    def _begins(self, words: tuple[str, ...]) -> bool:
        return self.text.lstrip(" (\n").upper().startswith(words)


def sent_by(database: Database, act: Callable[[], object]) -> list[Sent]:
    """Everything `act` sends to the database."""
    found: list[Sent] = []

    def note(c: Any, _u: Any, text: str, values: Any, _x: Any, _m: Any) -> None:
        if prelude := c.info.get(PRELUDE):
            found.append(Sent(prelude, None))
            text = text.removeprefix(prelude)
        found.append(Sent(text, values))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
    return found


def whole_scans(
    database: Database, sent: list[Sent], names: frozenset[str] = LARGE
) -> list[str]:
    """Large tables that one of the statements would read from end to end; of a table
    that holds nothing no other plan is any better."""
    found = []
    large = large_tables(database, names)
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        for one in sent:
            if one.has_plan:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {one.text}", one.values)
                plan = cursor.fetchone()[0][0]["Plan"]
                found += [
                    f"{node['Relation Name']}: {one.text}"
                    for node in _nodes(plan)
                    if node["Node Type"] == "Seq Scan"
                    and node["Relation Name"] in large
                ]
    return found


def large_tables(database: Database, names: frozenset[str] = LARGE) -> frozenset[str]:
    """Of these those that really are."""
    with database.engine.connect() as connection:
        return frozenset(
            name
            for name in names
            if connection.scalar(sa.text(f"SELECT 1 FROM {name} OFFSET {ROWS} LIMIT 1"))
        )


def rows_touched(database: Database, sent: list[Sent]) -> int:
    """Rows all steps of the statements produced or threw away."""
    total = 0
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        for one in sent:
            if one.reads:
                explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)"
                cursor.execute(f"{explain} {one.text}", one.values)
                plan = cursor.fetchone()[0][0]["Plan"]
                total += sum(_rows(node) for node in _nodes(plan))
    return total


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> int:
    once = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(once * node["Actual Loops"])
