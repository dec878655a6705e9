"""Ids of letters: UUIDv7 made at the act's own clock.

Lists walk letters in the order of their ids, so the id's time must be the time of
registration, also when history is seeded with a clock in the past.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import uuid_utils

_NANOSECONDS = 1_000_000_000


def id_at(moment: datetime) -> UUID:
    nanoseconds = int(moment.timestamp() * _NANOSECONDS)
    return UUID(int=uuid_utils.uuid7(nanoseconds=nanoseconds).int)


def ids_at(moment: datetime, count: int) -> list[UUID]:
    """Several ids of one act, ascending: lists keep the order they were given in."""
    return sorted(id_at(moment) for _ in range(count))


def first_id_at(moment: datetime) -> UUID:
    """The smallest id an act at `moment` may have (to its millisecond)."""
    milliseconds = min(max(int(moment.timestamp() * 1000), 0), 2**48 - 1)
    return UUID(int=milliseconds << 80)
