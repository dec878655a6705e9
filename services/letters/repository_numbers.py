"""Numbers of outgoing letters: counters, the ledger of numbers taken, templates.

A number is taken by moving its counter's row and writing its line in the ledger in one
transaction, so none is given twice and none is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contracts.errors import Conflict
from services.letters import orm_outgoing as orm
from services.letters.domain import register_trail
from services.letters.domain.outgoing_number import Template
from services.letters.repository_registers import add_line

_NEXT = sa.text(
    """
    INSERT INTO number_counter (register_unit_id, series, year, last)
    VALUES (:register_unit_id, :series, :year, 1)
    ON CONFLICT (register_unit_id, series, year)
    DO UPDATE SET last = number_counter.last + 1 RETURNING last
    """
)
_LAST = sa.text(
    "SELECT last FROM number_counter WHERE register_unit_id = :register_unit_id"
    " AND series = :series AND year = :year"
)
_NUMBER = orm.outgoing_number


class Numbers:
    def __init__(self, session: Session) -> None:
        self._session = session

    # ---- the ledger -----------------------------------------------------------------

    def take(self, register_unit_id: UUID, series: str, year: int) -> int:
        """The next number of a series; its row stays locked until the commit."""
        values = {"register_unit_id": register_unit_id, "series": series, "year": year}
        return cast("int", self._session.scalar(_NEXT, values))

    def last(self, register_unit_id: UUID, series: str, year: int) -> int:
        values = {"register_unit_id": register_unit_id, "series": series, "year": year}
        return int(self._session.scalar(_LAST, values) or 0)

    def add(self, **values: Any) -> None:
        """A new line. Raises: Conflict ``number_taken``."""
        self._write(sa.insert(_NUMBER).values(**values), values.get("number"))

    def reserve(self, **values: Any) -> None:
        """A new line that no letter has yet, and the register's sealed line of it."""
        self.add(**values)
        add_line(
            self._session,
            values["register_unit_id"],
            at=values["created_at"],
            action=register_trail.RESERVED,
            actor=values["created_by"],
            detail=register_trail.reservation(values),
        )

    def of_letter(self, letter_id: UUID) -> sa.RowMapping | None:
        query = sa.select(_NUMBER).where(_NUMBER.c.letter_id == letter_id)
        return self._session.execute(query).mappings().first()

    def lock_reserved(
        self, number_id: UUID, register_unit_id: UUID
    ) -> sa.RowMapping | None:
        """A reservation of this register that no letter has yet."""
        query = sa.select(_NUMBER).where(
            _NUMBER.c.number_id == number_id,
            _NUMBER.c.register_unit_id == register_unit_id,
            _NUMBER.c.reason.is_not(None),
            _NUMBER.c.letter_id.is_(None),
        )
        return self._session.execute(query.with_for_update()).mappings().first()

    def bind(self, number_id: UUID, letter_id: UUID, number: str, pattern: str) -> None:
        """Fix the number to this letter. Raises: Conflict ``number_taken``."""
        statement = sa.update(_NUMBER).where(_NUMBER.c.number_id == number_id)
        values = {"letter_id": letter_id, "number": number, "pattern": pattern}
        self._write(statement.values(**values), number)

    def _write(self, statement: Any, number: str | None) -> None:
        """The same text twice in a year's register would be a template's mistake."""
        try:
            with self._session.begin_nested():
                self._session.execute(statement)
        except IntegrityError as error:
            constraint = getattr(error.orig, "diag", None)
            if getattr(constraint, "constraint_name", "") != _TEXT_ONCE:
                raise
            raise Conflict("number_taken", number=number) from None

    # ---- templates ------------------------------------------------------------------

    def templates(self) -> list[Template]:
        rows = self._session.execute(sa.select(orm.number_template)).mappings()
        names = ("unit_id", "kind", "signer_position_id", "pattern", "series")
        return [Template(**{name: row[name] for name in names}) for row in rows]

    def replace_templates(
        self,
        unit_id: UUID | None,
        rows: Iterable[dict[str, Any]],
        *,
        at: datetime,
        actor: dict[str, Any] | None,
    ) -> None:
        """The unit's templates anew, with the sealed line that says so; what an
        operator's file (no `actor`) leaves as it was leaves none."""
        table = orm.number_template
        of_unit = table.c.unit_id.is_not_distinct_from(unit_id)
        self._session.execute(_LOCK_TEMPLATES)
        before = self._session.execute(sa.select(table).where(of_unit)).mappings().all()
        self._session.execute(sa.delete(table).where(of_unit))
        given = [{**row, "unit_id": unit_id} for row in rows]
        if given:
            self._session.execute(sa.insert(table), given)
        detail = register_trail.change(
            map(register_trail.template, before), map(register_trail.template, given)
        )
        if actor is not None or detail["before"] != detail["after"]:
            add_line(
                self._session,
                unit_id or register_trail.REGENCY,
                at=at,
                action=register_trail.TEMPLATES,
                actor=actor,
                detail=detail,
            )


_TEXT_ONCE = "uq__outgoing_number__number"
_LOCK_TEMPLATES = sa.text("LOCK TABLE number_template IN SHARE ROW EXCLUSIVE MODE")
