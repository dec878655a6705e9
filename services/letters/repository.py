"""Letters in PostgreSQL: lock one with its tasks, and write what an act changed.

The letter's row is locked before anything else of it is read or written, so acts on
one letter stand in line and its numbers, trail and tasks need no other lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.errors import NotFound
from contracts.letters import (
    Action,
    Direction,
    LetterState,
    Outcome,
    Role,
    Secrecy,
    TaskState,
    Urgency,
)
from services.letters import orm, repository_outgoing
from services.letters.domain.attendance import ANSWERS
from services.letters.domain.audit import TrailLine
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from services.letters.domain.visibility import Why

_CHANGING = (
    "state",
    "acted",
    "outcome",
    "decision",
    "closed_at",
    "ended_at",
    "read_at",
    "disposed_at",
    "activity_id",
    "trail_seq",
    "trail_hash",
)
_LETTER = sa.select(orm.letter).where(
    orm.letter.c.letter_id == sa.bindparam("letter_id")
)
_SAVE_TASKS = sa.text(
    """
    UPDATE task SET state = c.state, since = c.since, due_at = c.due_at,
        read_at = c.read_at, ended_at = c.ended_at, overdue_at = c.overdue_at,
        due_soon_at = c.due_soon_at, version = task.version + 1
    FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS c(
        task_id uuid, state text, since timestamptz, due_at timestamptz,
        read_at timestamptz, ended_at timestamptz, overdue_at timestamptz,
        due_soon_at timestamptz, version int)
    WHERE task.task_id = c.task_id AND task.version = c.version
    """
)
_NEXT_SEQ = sa.text(
    """
    INSERT INTO agenda_counter (register_unit_id, direction, year, last)
    VALUES (:register_unit_id, :direction, :year, 1)
    ON CONFLICT (register_unit_id, direction, year)
    DO UPDATE SET last = agenda_counter.last + 1 RETURNING last
    """
)
_GRANT = sa.text(
    """
    INSERT INTO letter_visibility (position_id, letter_id, why, since)
    SELECT position_id, :letter_id, why, :since
    FROM unnest(CAST(:positions AS uuid[]), CAST(:whys AS text[]))
        AS given(position_id, why)
    ON CONFLICT (position_id, letter_id) DO UPDATE SET why = excluded.why
    WHERE array_position(CAST(:by_strength AS text[]), excluded.why)
        > array_position(CAST(:by_strength AS text[]), letter_visibility.why)
    """
)


class Letters:
    def __init__(self, session: Session) -> None:
        self._session = session

    def next_agenda_seq(
        self, register_unit_id: UUID, direction: Direction, year: int
    ) -> int:
        """The next number of a series; its row stays locked until the commit, so
        that a registration that fails leaves no gap."""
        key = {"register_unit_id": register_unit_id, "direction": direction.value}
        return cast("int", self._session.scalar(_NEXT_SEQ, {**key, "year": year}))

    def add(self, letter: Letter, facts: Mapping[str, Any]) -> None:
        """Insert a new letter; `facts`: the columns that never change after."""
        values = _changing(letter)
        self._session.execute(sa.insert(orm.letter).values(**values, **facts))
        self._save_outgoing(letter)

    def lock(self, letter_id: UUID) -> Letter:
        """The letter with all its tasks, locked until the transaction ends.

        Its key stays free to be referred to: a row that changes twice in a transaction
        has its references checked again, and a letter refers to the one it was born of.
        """
        return self._load(_LETTER.with_for_update(key_share=True), letter_id)

    def read(self, letter_id: UUID) -> Letter:
        """The letter with all its tasks, for looking only."""
        return self._load(_LETTER, letter_id)

    def born_of(self, letter_id: UUID) -> list[UUID]:
        """Letters in the registers it was sent to, in the order all lock them."""
        query = sa.select(orm.letter.c.letter_id).where(
            orm.letter.c.source_letter_id == letter_id
        )
        return list(self._session.scalars(query.order_by(orm.letter.c.letter_id)))

    def _load(self, query: sa.Select[Any], letter_id: UUID) -> Letter:
        found = self._session.execute(query, {"letter_id": letter_id})
        row = found.mappings().first()
        if row is None:
            raise NotFound
        letter = _letter(row)
        of_letter = orm.task.c.letter_id == letter_id
        tasks = self._session.execute(
            sa.select(orm.task).where(of_letter).order_by(orm.task.c.task_id)
        )
        letter.tasks = {one["task_id"]: _task(one) for one in tasks.mappings()}
        if letter.direction is Direction.OUTGOING and not row["legacy"]:
            letter.outgoing = repository_outgoing.load(self._session, letter_id)
        return letter

    def save(self, letter: Letter, changed: Iterable[Task]) -> None:
        """Write the letter's row and every task that changed or is new."""
        values = _changing(letter)
        acts = (one.action is not Action.VIEWED for one in letter.records)
        if letter.kept or any(acts):
            values["version"] = orm.letter.c.version + 1
        self._session.execute(
            sa.update(orm.letter)
            .where(orm.letter.c.letter_id == letter.letter_id)
            .values(**values)
        )
        self._update_tasks(list(changed))
        self.add_tasks(letter)
        self._save_outgoing(letter)

    def _save_outgoing(self, letter: Letter) -> None:
        if letter.outgoing is not None:
            repository_outgoing.save(self._session, letter.letter_id, letter.outgoing)

    def add_tasks(self, letter: Letter) -> None:
        rows = [_task_row(letter.letter_id, one) for one in letter.given]
        if rows:
            self._session.execute(sa.insert(orm.task), rows)

    def _update_tasks(self, tasks: list[Task]) -> None:
        if not tasks:
            return
        changes = msgspec.json.encode(tasks).decode()
        result = self._session.execute(_SAVE_TASKS, {"changes": changes})
        if cast("Any", result).rowcount != len(tasks):
            # Only possible when somebody wrote a task without its letter's lock.
            raise RuntimeError("a task changed outside its letter's lock")

    def grant(self, letter_id: UUID, rows: Mapping[UUID, Why], since: datetime) -> None:
        """Let these positions see the letter; the strongest reason is kept."""
        ordered = sorted(rows.items())
        self._session.execute(
            _GRANT,
            {
                "letter_id": letter_id,
                "since": since,
                "positions": [str(position_id) for position_id, _ in ordered],
                "by_strength": [why.value for why in Why],
                "whys": [why.value for _, why in ordered],
            },
        )

    def correct(self, letter_id: UUID, facts: Mapping[str, Any]) -> None:
        """Write columns that an ordinary act never changes; the row is locked."""
        self._session.execute(
            sa.update(orm.letter)
            .where(orm.letter.c.letter_id == letter_id)
            .values(**facts)
        )

    def facts(self, letter_id: UUID) -> sa.RowMapping:
        """The whole row."""
        return self._session.execute(_LETTER, {"letter_id": letter_id}).mappings().one()

    def revoke(self, letter_id: UUID, reasons: Iterable[Why]) -> None:
        """Those who see the letter for these reasons only, see it no more."""
        rows = orm.letter_visibility.c
        self._session.execute(
            sa.delete(orm.letter_visibility).where(
                rows.letter_id == letter_id,
                rows.why.in_([why.value for why in reasons]),
            )
        )

    def forget(self, letter_id: UUID, positions: Iterable[UUID]) -> None:
        """These offices see it no more; the letter's row is locked. Who has another
        reason is granted that one in the same transaction."""
        rows = orm.letter_visibility.c
        self._session.execute(
            sa.delete(orm.letter_visibility).where(
                rows.letter_id == letter_id, rows.position_id.in_(list(positions))
            )
        )

    def append_trail(self, lines: Iterable[TrailLine]) -> None:
        rows = [
            {name: getattr(line, name) for name in orm.trail.c.keys()}  # noqa: SIM118
            for line in lines
        ]
        if rows:
            self._session.execute(sa.insert(orm.trail), rows)

    def answers(self, letter_id: UUID) -> list[tuple[Action, dict[str, Any]]]:
        """What `attendance.standing` reads, oldest first."""
        line = orm.trail.c
        query = (
            sa.select(line.action, line.detail)
            .where(line.letter_id == letter_id, line.action.in_(ANSWERS))
            .order_by(line.seq)
        )
        rows = self._session.execute(query)
        return [(Action(row.action), row.detail) for row in rows]

    # ---- dispositions and reports -------------------------------------------------

    def add_disposition(self, **values: Any) -> None:
        self._session.execute(insert(orm.disposition).values(**values))

    def lock_disposition(self, disposition_id: UUID) -> sa.RowMapping:
        """Its letter is locked first (`views.letter_of_disposition` names it)."""
        query = sa.select(orm.disposition).where(
            orm.disposition.c.disposition_id == disposition_id
        )
        row = self._session.execute(query.with_for_update()).mappings().first()
        if row is None:
            raise NotFound
        return row

    def change_disposition(self, disposition_id: UUID, **values: Any) -> None:
        self._session.execute(
            sa.update(orm.disposition)
            .where(orm.disposition.c.disposition_id == disposition_id)
            .values(**values)
        )

    def add_report(self, **values: Any) -> None:
        self._session.execute(sa.insert(orm.report).values(**values))


def _changing(letter: Letter) -> dict[str, Any]:
    values = {name: getattr(letter, name) for name in _CHANGING}
    return {**values, "unit_ids": sorted(letter.unit_ids)}


def _letter(row: sa.RowMapping) -> Letter:
    plain = (
        "letter_id kind number agenda_number register_unit_id registrar_position_id"
        " sender_name subject classification_code invitation activity_id acted"
        " decision closed_at ended_at read_at disposed_at legacy version"
        " trail_seq trail_hash"
    )
    return Letter(
        **{name: row[name] for name in plain.split()},
        direction=Direction(row["direction"]),
        received_at=row["received_at"] or row["created_at"],
        urgency=Urgency(row["urgency"]),
        secrecy=Secrecy(row["secrecy"]),
        state=LetterState(row["state"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        addressees=tuple(row["addressees"]),
        copies=tuple(row["copies"]),
        unit_ids=set(row["unit_ids"]),
    )


def _task(row: sa.RowMapping) -> Task:
    plain = (
        "task_id position_id created_at since disposition_id parent_task_id given_by"
        " note due_at read_at ended_at overdue_at due_soon_at version"
    )
    return Task(
        **{name: row[name] for name in plain.split()},
        role=Role(row["role"]),
        state=TaskState(row["state"]),
        instructions=tuple(row["instructions"]),
    )


def _task_row(letter_id: UUID, task: Task) -> dict[str, Any]:
    row = {name: getattr(task, name) for name in Task.__slots__}
    return {**row, "letter_id": letter_id, "instructions": list(task.instructions)}
