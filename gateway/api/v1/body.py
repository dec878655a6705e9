"""From the bytes of a request to a JSON object, refusing what JSON should not be.

Refused here, before any schema: foreign content types, invalid UTF-8, duplicate
names, NaN and Infinity, nesting without end, text that no store can keep.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from contracts.errors import (
    FieldError,
    Invalid,
    Malformed,
    UnsupportedMedia,
)
from gateway.problems import BODY_LIMIT, body_too_large

DEEPEST = 32
_JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body; an empty body is an empty object."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise body_too_large()
    raw = await request.read()
    if not raw.strip():
        return {}
    if request.content_type not in _JSON_TYPES:
        raise UnsupportedMedia(expected="application/json")
    return parse_object(raw)


def parse_object(raw: bytes) -> dict[str, Any]:
    """Raises `Malformed`, or `Invalid` for text that cannot be stored."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Malformed(reason=_reason(error)) from error
    if not isinstance(value, dict):
        raise Invalid(errors=[{"field": "", "message": "Harus berupa objek."}])
    check_value(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    """What is wrong, without a piece of what was sent."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON (line {error.lineno}, column {error.colno})"
    return str(error)


def check_value(value: Any) -> None:
    """Raises for nesting, numbers and text that JSON or a store cannot hold."""
    bad: list[FieldError] = []
    _walk(value, "", 0, bad)
    if bad:
        raise Invalid(errors=bad)


def _walk(value: Any, pointer: str, depth: int, bad: list[FieldError]) -> None:
    if depth > DEEPEST:
        raise Malformed(reason="nested too deeply")
    if isinstance(value, str):
        if not is_storable(value):
            bad.append({"field": pointer, "message": UNSTORABLE})
    elif isinstance(value, (int, float)) and not _is_storable_number(value):
        raise Malformed(reason="number out of range")
    for name, item in _items(value):
        _walk(item, f"{pointer}/{name}", depth + 1, bad)


def _is_storable_number(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return math.isfinite(value)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Parts of an object or a list, by the name they have in a pointer."""
    if isinstance(value, list):
        yield from ((str(index), item) for index, item in enumerate(value))
    elif isinstance(value, dict):
        for name, item in value.items():
            if not is_storable(name):
                raise Malformed(reason="unreadable name")
            yield escape(name), item


UNSTORABLE = "Memuat karakter yang tidak dapat disimpan."


def is_storable(text: str) -> bool:
    """No NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def escape(name: str) -> str:
    """A name as a part of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")
