"""Lists: a page of items and an opaque cursor over the keyset."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from contracts.errors import Invalid, invalid

T = TypeVar("T")
K = TypeVar("K")

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class Page(msgspec.Struct, Generic[T], kw_only=True):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class ListQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every list takes; a list's own query struct extends it."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, msgspec.Meta(max_length=500)] | None = None


def encode_cursor(*keys: Any) -> str:
    """The keys of the last row of a page, as an opaque token."""
    return base64.urlsafe_b64encode(msgspec.json.encode(keys)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: type[K]) -> K:
    """Read a cursor back as `kind`, e.g. ``tuple[datetime | None, UUID]``."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if b"\\u0000" in raw:  # NUL, which no store takes and no cursor of ours has
            raise _bad_cursor()
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise _bad_cursor() from error


def _bad_cursor() -> Invalid:
    return invalid("/cursor", "Penunjuk halaman tidak sah")
