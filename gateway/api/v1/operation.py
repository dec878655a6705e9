"""One row per HTTP operation; routing, validation, OpenAPI and RPC all read it.

The rows themselves stand in `letters.py`, `schedule.py`, … next to this module,
each a tuple named ``OPERATIONS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class OneOf:
    """A body whose member `by` says which of the structs it is."""

    by: str
    kinds: tuple[tuple[str, type], ...]

    def of(self, value: Any) -> type:
        """The struct `value` claims to be; the first when it claims none of them."""
        claimed = value.get(self.by) if isinstance(value, dict) else None
        return next((kind for name, kind in self.kinds if name == claimed), self.first)

    @property
    def first(self) -> type:
        return self.kinds[0][1]

    @property
    def structs(self) -> tuple[type, ...]:
        return tuple(kind for _, kind in self.kinds)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a caller may do, and which RPC method does it.

    `name` is the operationId and the RPC method. Path parameters are passed on by
    name as strings, the JSON body as ``body``, the query struct as ``query`` and
    the version of ``If-Match`` as ``expected_version``.
    """

    name: str
    method: str
    path: str  # "/letters/{letter_id}/dispositions", without /api/v1
    at_root: bool = False  # the path is meant without /api/v1
    service: str  # "letters"
    summary: str
    tag: str
    response: Any = None  # a msgspec struct or Page[...]; None = no content
    body: type | OneOf | None = None  # forbids unknown fields; None = {} or nothing
    query: type | None = None
    status: int = 200  # 201 for creations, 204 for deletes
    command: bool = False  # POST, PATCH, DELETE: idempotency, run_command's answer
    scope: str | None = None  # client scope; None = people only
    public: bool = False
    etag: bool = False  # the answer has `version`; PATCH, PUT need If-Match
    errors: tuple[str, ...] = ()  # documented codes beyond the usual ones

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path parameters, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def needs_if_match(self) -> bool:
        return self.etag and self.method in ("PATCH", "PUT")
