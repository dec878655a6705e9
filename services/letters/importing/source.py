"""Rows of the old application: any database SQLAlchemy reaches, or CSV files.

Tables are walked by their key, a chunk at a time, so that nothing grows with them and
a locked-down, read-only account is enough. CSV files are first taken into a temporary
SQLite database, line by line: then they are tables like any other.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.letters.importing.mapping import BadMapping, Dispositions, Mapping, Table

CHUNK = 500
PLACE, KEY = "(place)", "(key)"
LINE = "rakat_line"
"""The key of a table that was a CSV file: the number of its line."""

Row = dict[str, Any]


class Source:
    """`files`: the tables that were CSV files; None = a database with all of them."""

    def __init__(
        self, engine: sa.Engine, *, files: frozenset[str] | None = None
    ) -> None:
        self._engine, self._files = engine, files
        self._from_csv = files is not None

    def rows(self, table: Table) -> Iterator[list[Row]]:
        """Chunks of rows, each ``{our field: old value}``, with its place in the walk
        under `PLACE` and the table's own key under `KEY`."""
        if self._lacks(table):
            return
        query, key = _select(table, LINE if self._from_csv else table.key)
        after: Any = None
        while True:
            part = query if after is None else query.where(key > after)
            with self._reading() as connection:
                found = connection.execute(part.order_by(key).limit(CHUNK))
                chunk = [_named(row, table) for row in found]
            if not chunk:
                return
            yield chunk
            after = chunk[-1][PLACE]

    def dispositions(
        self, table: Dispositions, letters: Sequence[Any]
    ) -> dict[str, list[Row]]:
        """Of these letters (by their own key), in order."""
        if self._lacks(table):
            return {}
        query, key = _select(table, LINE if self._from_csv else table.key)
        letter = _column(table, table.letter)
        wanted = [str(one) if self._from_csv else one for one in letters]
        query = query.add_columns(letter.label("of")).where(letter.in_(wanted))
        found: dict[str, list[Row]] = {}
        with self._reading() as connection:
            for row in connection.execute(query.order_by(letter, key)):
                found.setdefault(str(row.of), []).append(_named(row, table))
        return found

    def orphans(self, table: Dispositions, letters: Table) -> Iterator[Row]:
        """Those whose letter is not in its table."""
        if self._lacks(table) or self._lacks(letters):
            return
        query, key = _select(table, LINE if self._from_csv else table.key)
        theirs = _column(table, table.letter)
        of = sa.select(sa.literal(1)).select_from(_table(letters.table))
        known = of.where(_column(letters, letters.key) == theirs).exists()
        query = query.add_columns(theirs.label("of")).where(~known)
        with self._reading() as connection:
            for row in connection.execute(query.order_by(key)):
                yield {**_named(row, table), KEY: row.of}

    def _lacks(self, table: Table) -> bool:
        return self._files is not None and table.table not in self._files

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (sa.exc.ProgrammingError, sa.exc.OperationalError) as error:
            told = " ".join(str(error.orig).split())[:200]
            raise BadMapping(f"the old database says: {told}") from error


def _select(table: Table, key_name: str) -> tuple[sa.Select[Any], Any]:
    key = _column(table, key_name)
    columns = [
        _column(table, name).label(f"f_{field}")
        for field, name in table.columns.items()
    ]
    source: Any = _table(table.table)
    for join in table.joins:
        other = _table(join.table)
        on = [
            _column(table, here) == sa.literal_column(_quoted(join.table, there))
            for here, there in join.on.items()
        ]
        source = source.outerjoin(other, sa.and_(*on))
    own = _column(table, table.key).label("rakat_own")
    query = sa.select(key.label("rakat_place"), own, *columns).select_from(source)
    return query, key


def _table(name: str) -> Any:
    return sa.table(name)


def _column(table: Table, name: str) -> Any:
    owner, _, column = name.rpartition(".")
    return sa.literal_column(_quoted(owner or table.table, column))


def _quoted(table: str, column: str) -> str:
    """Names come from the operator's file; quoted, they stay names."""
    return ".".join(
        f'"{part.replace(chr(34), chr(34) * 2)}"' for part in (table, column)
    )


def _named(row: Any, table: Table) -> Row:
    values = row._mapping
    named = {field: values[f"f_{field}"] for field in table.columns}
    return {**named, PLACE: values["rakat_place"], KEY: values["rakat_own"]}


# ---- opening ---------------------------------------------------------------------


@contextmanager
def opened(where: str, mapping: Mapping) -> Iterator[Source]:
    """From a URL, a CSV file, or a folder of ``<table>.csv``. Raises: BadMapping."""
    path = Path(where)
    if path.exists():
        with tempfile.TemporaryDirectory(prefix="rakat-import-") as folder:
            engine = sa.create_engine(f"sqlite:///{folder}/source.db")
            yield Source(engine, files=_take_in(engine, path, mapping))
            engine.dispose()
        return
    try:
        engine = sa.create_engine(where)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        raise BadMapping(f"--from: {' '.join(str(error).split())[:200]}") from error
    if engine.dialect.name == "mysql":
        # Names are quoted as the standard has it.
        sa.event.listen(engine, "connect", _speak_ansi)
    yield Source(engine)
    engine.dispose()


def _speak_ansi(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SET SESSION sql_mode = 'ANSI_QUOTES'")
    cursor.close()


def _take_in(engine: sa.Engine, path: Path, mapping: Mapping) -> frozenset[str]:
    """The tables there are now: of one file only the first of the mapping."""
    tables = [*mapping.letters, *mapping.dispositions]
    names = [table.table for table in tables]
    names += [join.table for table in tables for join in table.joins]
    if path.is_file():
        files = {names[0]: path}
    else:
        files = {name: path / f"{name}.csv" for name in dict.fromkeys(names)}
    for name, file in files.items():
        if not file.exists():
            raise BadMapping(f"{file.name} is missing")
        _read_csv(engine, name, file, mapping)
    return frozenset(files)


def _create(engine: sa.Engine, name: str, columns: Sequence[str]) -> sa.Table:
    made = sa.Table(
        name,
        sa.MetaData(),
        sa.Column(LINE, sa.Integer, primary_key=True),
        *(sa.Column(column, sa.Text) for column in columns),
    )
    made.create(engine)
    return made


def _read_csv(engine: sa.Engine, name: str, path: Path, mapping: Mapping) -> None:
    encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as lines:
            delimiter = mapping.delimiter or _delimiter(lines.readline())
            lines.seek(0)
            reader = csv.reader(
                (line.replace("\0", "") for line in lines), delimiter=delimiter
            )
            heads = [head.strip() for head in next(reader, [])]
            if not heads or len(set(heads)) < len(heads):
                raise BadMapping(f"{path.name}: the first line must name the columns")
            table = _create(engine, name, heads)
            numbered = enumerate(reader, start=2)
            while chunk := list(islice(numbered, CHUNK)):
                rows = [_padded(heads, line, cells) for line, cells in chunk if cells]
                if rows:
                    with engine.begin() as connection:
                        connection.execute(sa.insert(table), rows)
    except (LookupError, csv.Error) as error:
        raise BadMapping(f"{path.name}: {error}") from error


def _padded(heads: Sequence[str], line: int, cells: Sequence[str]) -> Row:
    """Short lines are filled; what is beyond the last column is not ours."""
    given = dict(zip(heads, cells, strict=False))
    return {LINE: line, **{head: given.get(head) for head in heads}}


def _delimiter(line: str) -> str:
    return max((";", ",", "\t"), key=line.count)
