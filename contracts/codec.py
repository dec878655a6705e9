"""msgspec structs to JSON-safe values and back, with our rules for time and ids.

Instants are aware; they are written in ``Asia/Makassar`` (RFC 3339 with offset).
Readers of events and answers ignore unknown fields; request bodies refuse them
(their structs say ``forbid_unknown_fields=True``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from contracts.errors import Invalid
from contracts.wording import error_of

ZONE = ZoneInfo("Asia/Makassar")

T = TypeVar("T")

_LOCALISED = frozenset({dict, list, tuple, datetime})


def dump(value: Any) -> Any:
    """JSON-safe form of a struct, list or mapping of structs."""
    return _localise(msgspec.to_builtins(value, builtin_types=(datetime,)))


def load(kind: type[T], value: Any, *, strict: bool = True) -> T:
    """Read `value` as `kind`; raises `Invalid` naming the field, in the words of
    `contracts.wording`.

    ``strict=False`` also turns strings into numbers, booleans and dates: for
    query strings.
    """
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise Invalid(errors=[error_of(str(error))]) from error


def _localise(value: Any) -> Any:
    """In place: `to_builtins` makes new containers, and most of what lies in them is
    neither a container nor an instant."""
    kind = type(value)
    if kind is dict:
        items = value.items()
    elif kind is list:
        items = enumerate(value)
    elif kind is tuple:
        return _localise(list(value))
    elif kind is datetime:
        return value.astimezone(ZONE).isoformat()
    else:
        return value
    for key, item in items:
        if type(item) in _LOCALISED:
            value[key] = _localise(item)
    return value
