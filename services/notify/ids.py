"""Ids of notifications: UUIDv7 of the time of what happened, to the microsecond.

Inboxes are read in the order of ids, so an event that comes late, or a history that
is seeded, takes its place among the others and not on top.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION, _VARIANT = 7 << 76, 0b10 << 62


def id_at(moment: datetime) -> UUID:
    """RFC 9562, 6.2 method 3: the fraction of the millisecond follows it."""
    milliseconds, rest = divmod(moment - _EPOCH, timedelta(milliseconds=1))
    fraction = rest.microseconds * 4096 // 1000
    number = milliseconds << 80 | _VERSION | fraction << 64 | _VARIANT
    return UUID(int=number | secrets.randbits(62))


def first_id_of(moment: datetime) -> UUID:
    """Not above any id of `moment` or later."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << 80)
