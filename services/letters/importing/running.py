"""The whole import: chunk after chunk, each in one transaction, every row told.

Killed at any moment it is run again: what was taken over is there and is skipped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from chassis.database import Database
from chassis.organisation import Organisation
from services.letters import reference
from services.letters.importing import cleaning
from services.letters.importing.adopting import Adopter
from services.letters.importing.comparing import Stored, differences, stored
from services.letters.importing.converting import Converter, LegacyLetter, Refused
from services.letters.importing.later import Later
from services.letters.importing.mapping import BadMapping, Letters, Mapping
from services.letters.importing.source import KEY, PLACE, Row, Source

Status = Literal["ok", "skipped", "changed", "updated", "error"]
JOB = "import-letters"


@dataclass(frozen=True)
class Told:
    """What became of one row; `field` and `message` also of an ok one: a warning.

    ``changed``: taken over before, but its row says something else today, and that was
    not taken; ``updated``: it was.
    """

    table: str
    place: str
    external_id: str
    status: Status
    field: str = ""
    message: str = ""


class Import:
    """Raises: BadMapping for a register or an office nobody knows."""

    def __init__(
        self,
        database: Database,
        org: Organisation,
        mapping: Mapping,
        register: str | None,
        now: datetime,
        *,
        dry_run: bool = False,
        update: bool = False,
    ) -> None:
        self._database, self._mapping, self._dry_run = database, mapping, dry_run
        self._update = update
        self._tried: set[tuple[str, str]] = set()
        self._compared: set[tuple[str, str]] = set()
        with database.reading() as session:
            kinds = reference.codes(session, "kinds")
        self._adopter = _adopter(org, mapping, register, now)
        self._converter = Converter(mapping, now, _office_of(org), kinds)
        for code in mapping.positions.values():
            if org.position_by_code(code) is None:
                raise BadMapping(f"positions: there is no office {code}")

    def run(self, source: Source) -> Iterator[Told]:
        """One import at a time. Raises: BadMapping for what the source lacks."""
        with _alone(self._database):
            for table in self._mapping.letters:
                for chunk in source.rows(table):
                    yield from self._chunk(source, table, chunk)
            yield from self._orphans(source)

    def _orphans(self, source: Source) -> Iterator[Told]:
        """Dispositions that belong to no letter: nobody misses them silently."""
        tables = {one.table: one for one in self._mapping.letters}
        for each in self._mapping.dispositions:
            for row in source.orphans(each, tables[each.of]):
                place, of = str(row[PLACE]), row[KEY]
                text = f"surat {of} tidak ada" if of is not None else "tanpa surat"
                yield Told(each.table, place, "", "error", each.letter, text)

    def _chunk(self, source: Source, table: Letters, rows: Sequence[Row]) -> list[Told]:
        given = self._dispositions(source, table, rows)
        read = [(row, self._read(table, row, given)) for row in rows]
        letters = [one for _, one in read if isinstance(one, LegacyLetter)]
        with self._database.session() as session:
            ids = [one.external_id for one in letters]
            known = stored(
                session,
                self._mapping.system,
                table.direction,
                ids,
                lock=self._update and not self._dry_run,
            )
            fresh = self._fresh(table, letters, known.keys())
            later = self._later(table, letters, known)
            if not self._dry_run:
                self._adopter.adopt(session, [*fresh.values()])
                for one in later:
                    one.take(session, self._adopter)
                session.commit()
        told = {id(one.letter): one for one in later}
        return [
            line for row, one in read for line in _told(table, row, one, fresh, told)
        ]

    def _later(
        self, table: Letters, letters: Sequence[LegacyLetter], known: dict[str, Stored]
    ) -> list[Later]:
        """Those whose rows say something else than what was taken; of an old id that
        comes twice the first row counts, as it did then."""
        found = []
        for letter in letters:
            key, there = (
                (table.direction.value, letter.external_id),
                known.get(letter.external_id),
            )
            if there is None or key in self._compared:
                continue
            self._compared.add(key)
            differs = differences(letter, there, self._mapping.system)
            if differs:
                found.append(Later(letter, there, differs, wanted=self._update))
        return found

    def _read(
        self, table: Letters, row: Row, given: dict[str, list[Row]]
    ) -> LegacyLetter | Refused:
        try:
            return self._converter.letter(table, row, given.get(str(row[KEY]), ()))
        except Refused as error:
            return error

    def _fresh(
        self, table: Letters, letters: Sequence[LegacyLetter], known: Collection[str]
    ) -> dict[str, LegacyLetter]:
        """Those that are not there yet, each old id once."""
        fresh: dict[str, LegacyLetter] = {}
        for letter in letters:
            key = (table.direction.value, letter.external_id)
            if letter.external_id not in known and key not in self._tried:
                fresh.setdefault(letter.external_id, letter)
        if self._dry_run:  # nothing is written that a later chunk would find
            self._tried |= {(table.direction.value, each) for each in fresh}
        return fresh

    def _dispositions(
        self, source: Source, table: Letters, rows: Sequence[Row]
    ) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        keys = [row[KEY] for row in rows if row[KEY] is not None]
        for each in self._mapping.dispositions:
            if each.of == table.table:
                for key, lines in source.dispositions(each, keys).items():
                    found.setdefault(key, []).extend(lines)
        return found


def _told(
    table: Letters,
    row: Row,
    one: LegacyLetter | Refused,
    fresh: dict[str, LegacyLetter],
    later: dict[int, Later],
) -> list[Told]:
    given = cleaning.line(row.get("external_id")) or ""
    place = (table.table, str(row[PLACE]), given)
    if isinstance(one, Refused):
        return [Told(*place, "error", one.field, one.message)]
    if (changed := later.get(id(one))) is not None:
        status: Status = "updated" if changed.taken else "changed"
        why = changed.why_not
        return [
            Told(*place, status, name, f"{text}; tidak diambil: {why}" if why else text)
            for name, text in changed.differs
        ]
    if fresh.get(one.external_id) is not one:
        return [Told(*place, "skipped", "external_id", "sudah ada")]
    warnings = [Told(*place, "ok", name, text) for name, text in one.warnings]
    return warnings or [Told(*place, "ok")]


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """A lock of the session, not of a transaction: an import may take hours."""
    key = {"job": JOB}
    with database.engine.connect() as raw:
        connection = raw.execution_options(isolation_level="AUTOCOMMIT")
        lock = "SELECT pg_try_advisory_lock(hashtextextended(:job, 0))"
        if not connection.scalar(sa.text(lock), key):
            raise BadMapping("another import is running")
        try:
            yield
        finally:
            unlock = "SELECT pg_advisory_unlock(hashtextextended(:job, 0))"
            connection.execute(sa.text(unlock), key)


def _adopter(
    org: Organisation, mapping: Mapping, register: str | None, now: datetime
) -> Adopter:
    code = register or mapping.register
    if code is None:
        raise BadMapping("which register? Give --register or `register:`")
    unit = next((one for one in org.units if one.code == code), None)
    if unit is None:
        raise BadMapping(f"there is no unit {code}")
    registrars = org.registrars_of(unit.unit_id)
    if not registrars:
        raise BadMapping(f"{code} keeps no register")
    return Adopter(
        org=org,
        system=mapping.system,
        unit_id=unit.unit_id,
        registrar=registrars[0].position_id,
        now=now,
    )


def _office_of(org: Organisation) -> Any:
    def of(code: str) -> Any:
        position = org.position_by_code(code)
        return position.position_id if position else None

    return of
