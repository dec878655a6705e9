"""One row per HTTP operation; routing, validation, OpenAPI and RPC all read it.

The rows themselves stand in `letters.py`, `schedule.py`, … next to this module,
each a tuple named ``OPERATIONS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PARAMETER = re.compile(r"{(\w+)}")


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
    service: str  # "letters"
    summary: str
    tag: str
    response: Any = None  # a msgspec struct or Page[...]; None = no content
    body: type | None = None  # forbid_unknown_fields=True; None = {} or nothing
    query: type | None = None
    status: int = 200  # 201 for creations, 204 for deletes
    command: bool = False  # POST, PATCH, DELETE: idempotency, run_command's answer
    scope: str | None = None  # client scope; None = people only
    public: bool = False
    etag: bool = False  # the answer has `version`; PATCH needs If-Match
    errors: tuple[str, ...] = ()  # documented codes beyond the usual ones

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path parameters, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def needs_if_match(self) -> bool:
        return self.etag and self.method == "PATCH"
