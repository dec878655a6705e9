"""Several small queries in one round trip.

::

    _PARTS = Bundle(
        files=("SELECT file_id, filename FROM file WHERE letter_id = :letter_id", File),
        notes=("SELECT disposition_id, note FROM disposition WHERE …", Note),
    )
    found = _PARTS.ask(session, {"letter_id": letter_id})
    found["files"]                                        # list[File]

A read of one letter needs little of many tables: what it costs is the statements, not
the rows. Each query answers the rows of its own type, in its own order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session


class Bundle:
    """Queries by name, each with the type of its rows: columns are named as fields."""

    def __init__(self, **parts: tuple[str, type]) -> None:
        self._decoders = {
            name: msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
            for name, (_, kind) in parts.items()
        }
        #: To be selected beside other columns; `rows_of` reads them.
        self.columns = ", ".join(
            f"(SELECT coalesce(json_agg(part), '[]') FROM ({query}) AS part)::text"
            f" AS {name}"
            for name, (query, _) in parts.items()
        )
        self._statement = sa.text(f"SELECT {self.columns}")

    def ask(self, session: Session, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        row = session.execute(self._statement, dict(values)).mappings().one()
        return self.rows_of(row)

    def rows_of(self, row: Mapping[Any, Any]) -> dict[str, list[Any]]:
        return {name: one.decode(row[name]) for name, one in self._decoders.items()}
