"""Errors that may cross a process border, by kind.

::

    RakatError                 carries a stable `code`, facts and field errors
    ├── Malformed         400  the request cannot be read at all
    ├── Unauthenticated   401  nobody is logged in
    ├── Forbidden         403  the caller may not do this here
    ├── NotFound          404  absent, or the caller may not know of it
    ├── Conflict          409  the state of the world forbids it now
    ├── Stale             412  the caller saw an older version
    ├── TooLarge          413
    ├── UnsupportedMedia  415
    ├── Invalid           422  readable, but breaks a rule
    ├── PreconditionRequired 428
    ├── TooMany           429  carries `retry_after` seconds
    └── Unavailable       503  carries `retry_after` seconds

A service raises with facts only; the gateway words them for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypedDict


class FieldError(TypedDict):
    """One rejected field; `field` is a JSON Pointer into the request body."""

    field: str
    message: str


class RakatError(Exception):
    """Base of every error that may leave a service.

    `facts` are JSON-safe values that travel as extra members of the problem
    document (e.g. ``state``, ``conflicts``, ``position_ids``).
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"

    def __init__(
        self,
        code: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        **facts: Any,
    ) -> None:
        self.code = code or self.default_code
        self.errors = list(errors)
        self.facts = facts
        super().__init__(self.code)

    def to_wire(self) -> dict[str, Any]:
        """The JSON-safe form that `from_wire` reads."""
        return {
            "kind": type(self).__name__,
            "code": self.code,
            "errors": self.errors,
            "facts": self.facts,
        }

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Malformed(RakatError):
    status = 400
    default_code = "malformed"


class Unauthenticated(RakatError):
    status = 401
    default_code = "unauthenticated"


class Forbidden(RakatError):
    status = 403
    default_code = "forbidden"


class NotFound(RakatError):
    status = 404
    default_code = "not_found"


class Conflict(RakatError):
    status = 409
    default_code = "conflict"


class Stale(RakatError):
    status = 412
    default_code = "version_conflict"


class TooLarge(RakatError):
    status = 413
    default_code = "too_large"


class UnsupportedMedia(RakatError):
    status = 415
    default_code = "unsupported_media_type"


class Invalid(RakatError):
    status = 422
    default_code = "invalid"


class PreconditionRequired(RakatError):
    status = 428
    default_code = "precondition_required"


class TooMany(RakatError):
    status = 429
    default_code = "rate_limited"


class Unavailable(RakatError):
    status = 503
    default_code = "service_unavailable"


KINDS: dict[str, type[RakatError]] = {
    kind.__name__: kind
    for kind in (
        Malformed,
        Unauthenticated,
        Forbidden,
        NotFound,
        Conflict,
        Stale,
        TooLarge,
        UnsupportedMedia,
        Invalid,
        PreconditionRequired,
        TooMany,
        Unavailable,
    )
}


def from_wire(wire: dict[str, Any]) -> RakatError:
    """Rebuild an error sent by `RakatError.to_wire`."""
    kind = KINDS.get(wire["kind"], RakatError)
    return kind(wire["code"], errors=wire.get("errors", ()), **wire.get("facts", {}))


def invalid(field: str, message: str, code: str = "invalid") -> Invalid:
    """An `Invalid` about one field; `field` is a JSON Pointer such as ``/due_at``."""
    return Invalid(code, errors=[{"field": field, "message": message}])
