"""What a mapping file says of the old application's tables.

The shipped ones in ``deploy/imports/`` show every key; `load` names what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec

from contracts.letters import Direction

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class BadMapping(Exception):
    """One line for the operator."""


class Join(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A table looked up beside: ``on`` is ``{column here: column there}``."""

    table: Name
    on: dict[Name, Name]


class Table(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`columns`: our field → ``column`` or ``table.column``; `key` is unique and gives
    the order (for CSV the order is that of the lines)."""

    table: Name
    key: Name
    columns: dict[Name, Name]
    joins: list[Join] = []


class Letters(Table, kw_only=True):
    """`values`: per field, old value → ours (``*`` for any other, any case);
    `defaults`: per field, for what is empty."""

    direction: Direction = Direction.INCOMING
    values: dict[Name, dict[str, str]] = {}
    defaults: dict[Name, str] = {}


class Dispositions(Table, kw_only=True):
    """`letter`: the column that holds the key of the letter in `of`."""

    of: Name
    letter: Name


class Mapping(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`system` names the old application; with its ids it makes a second run harmless.
    `positions`: what the old application called an office → its code here."""

    system: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    letters: Annotated[list[Letters], msgspec.Meta(min_length=1)]
    dispositions: list[Dispositions] = []
    register: str | None = None
    encoding: str = "utf-8"
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    dates: tuple[str, ...] = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
    positions: dict[str, str] = {}


LETTER_FIELDS = frozenset(
    {
        *("external_id", "legacy_number", "number", "dated_on", "received_at"),
        *("sender", "sender_address", "recipients", "subject", "summary", "remark"),
        *("classification_code", "kind", "urgency", "secrecy", "addressees"),
        "ended_at",
    }
)
DISPOSITION_FIELDS = frozenset({"to", "from", "at", "due", "note", "instruction"})
VALUED = frozenset({"kind", "urgency", "secrecy"})


def load(path: Path) -> Mapping:
    """Raises: BadMapping."""
    try:
        found = msgspec.yaml.decode(path.read_bytes(), type=Mapping)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise BadMapping(f"{path.name}: {_line(error)}") from error
    _check(found, path.name)
    return found


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _check(found: Mapping, name: str) -> None:
    for letters in found.letters:
        _known(letters.columns, LETTER_FIELDS, f"{name}: {letters.table}")
        _known(letters.defaults, LETTER_FIELDS, f"{name}: defaults")
        _known(letters.values, VALUED, f"{name}: values")
        if "external_id" not in letters.columns:
            raise BadMapping(f"{name}: {letters.table} names no external_id")
    tables = {letters.table for letters in found.letters}
    for each in found.dispositions:
        _known(each.columns, DISPOSITION_FIELDS, f"{name}: {each.table}")
        if each.of not in tables:
            raise BadMapping(f"{name}: {each.table} belongs to no table of letters")


def _known(given: dict[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadMapping(f"{where}: unknown field {', '.join(unknown)}")
