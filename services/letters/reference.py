"""Reference lists of letters: kinds, instructions, classifications; rows, not code."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.errors import NotFound
from services.letters.documents import richtext
from services.letters.orm import reference_item

LISTS = ("kinds", "instructions", "classifications")
TEXTS = "letter_texts"
_LABELS = ("label_id", "label_en")


def load(session: Session, folder: Path) -> None:
    """Fill the lists from ``kinds.csv``, ``instructions.csv``, ``classifications.csv``;
    what stands there already is replaced by code. ``texts/<kind>.html`` are the texts
    a draft of that kind may start from."""
    for name in LISTS:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            replace(session, name, csv.DictReader(lines))
    _load_texts(session, folder / "texts")


def _load_texts(session: Session, folder: Path) -> None:
    """One file a kind, cleaned like what people write; raises ``Invalid``."""
    kinds = {item["code"]: item for item in items(session, "kinds")}
    rows = [
        {
            "code": path.stem,
            "label_id": kinds[path.stem]["label_id"],
            "label_en": kinds[path.stem]["label_en"],
            "html": richtext.clean(path.read_text(encoding="utf-8")),
        }
        for path in sorted(folder.glob("*.html"))
        if path.stem in kinds
    ]
    if rows:
        replace(session, TEXTS, rows)


def replace(session: Session, name: str, rows: Iterable[dict[str, str]]) -> None:
    values = [_row(name, place, row) for place, row in enumerate(rows)]
    statement = insert(reference_item)
    columns = ("place", *_LABELS, "attributes")
    statement = statement.on_conflict_do_update(
        index_elements=["list", "code"],
        set_={column: statement.excluded[column] for column in columns},
    )
    session.execute(statement, values)


def items(session: Session, name: str) -> list[dict[str, Any]]:
    """The items of a list in its order, ready to be served."""
    if name not in (*LISTS, TEXTS):
        raise NotFound
    table = reference_item.c
    query = sa.select(reference_item).where(table.list == name).order_by(table.place)
    return [
        {
            "code": row.code,
            "label_id": row.label_id,
            "label_en": row.label_en,
            **row.attributes,
        }
        for row in session.execute(query)
    ]


def codes(session: Session, name: str) -> frozenset[str]:
    query = sa.select(reference_item.c.code).where(reference_item.c.list == name)
    return frozenset(session.scalars(query))


def instructions(session: Session) -> dict[str, str | None]:
    """Each instruction with whom an activity is for: ``recipient``, ``giver``, None."""
    wish: sa.ColumnElement[str] = reference_item.c.attributes["activity_for"].astext
    query = sa.select(reference_item.c.code, sa.func.nullif(wish, "none")).where(
        reference_item.c.list == "instructions"
    )
    return {row.code: row[1] for row in session.execute(query)}


def _row(name: str, place: int, row: dict[str, str]) -> dict[str, Any]:
    given = {key: (value or "").strip() for key, value in row.items()}
    code = given.pop("code")
    title = given.pop("title", code)
    label_id = given.pop("label_id", title)
    label_en = given.pop("label_en", title)
    return {
        "list": name,
        "code": code,
        "place": place,
        "label_id": label_id,
        "label_en": label_en,
        "attributes": {key: _typed(value) for key, value in given.items()},
    }


def _typed(value: str) -> str | bool | None:
    return {"true": True, "false": False, "": None}.get(value, value)
