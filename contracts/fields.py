"""Field types that requests share: what a string, an instant or a date may be.

No control character reaches a store or a log: NUL breaks PostgreSQL, the others
break registers and terminals. `Request` also refuses dates no office means
(year 1, year 9999), which would overflow when shown in another zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

# Python's `$` also matches before a last newline, ECMA's (and so the schema's) does not.
END = r"$(?!\n)"
_LINE = r"^(?=.*\S)[^\x00-\x1f\x7f]*" + END
_TEXT = r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=_LINE)]
"""One line with something in it: a name, a subject, a number."""

ShortLine = Annotated[str, msgspec.Meta(min_length=1, max_length=150, pattern=_LINE)]

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=_TEXT)]
"""Free text of several lines."""

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=_TEXT)]
"""A note, a reason, a decision."""

Code = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.\-/]+" + END)
]
"""A code of a reference list; whether it exists is the service's question."""

SearchText = Annotated[
    str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*" + END)
]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware instant, RFC 3339 with offset."""

Positions = Annotated[list[UUID], msgspec.Meta(max_length=200)]

DAY_OR_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[-+ ][0-9]{2}:[0-9]{2})?)?" + END
)
"""The shape of a query's date, or its RFC 3339 instant: a ``+`` that was not escaped
arrives as a space."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class Part(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An object inside a request body."""


class Request(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A request body: unknown fields and impossible dates are refused."""

    def __post_init__(self) -> None:
        for path, value in _dates_of(self, ""):
            if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
                raise ValueError(f"Tanggal di luar jangkauan - at `${path}`")


def _dates_of(value: Any, path: str) -> Iterator[tuple[str, date]]:
    if isinstance(value, date):  # a datetime is one, too
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _dates_of(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _dates_of(item, f"{path}[{index}]")
