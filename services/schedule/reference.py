"""Reference lists that belong to the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts import codec
from contracts.errors import NotFound
from contracts.lengths import assumed
from contracts.reference import ACTIVITY_KINDS, Word
from contracts.schedule import ActivityKind
from services.schedule.domain.calendar import holidays
from services.schedule.domain.span import local_date


def get_reference(name: str, now: datetime) -> dict[str, Any]:
    """``{"items": […]}``; the holidays of this year and the next; how long what has no
    end is held for, by kind.

    Raises: NotFound for a list kept elsewhere.
    """
    if name == "assumed_lengths":
        return {"items": [_length(word) for word in ACTIVITY_KINDS]}
    if name != "holidays":
        raise NotFound
    year = local_date(now).year
    return {"items": codec.dump([*holidays(year), *holidays(year + 1)])}


def _length(word: Word) -> dict[str, Any]:
    length = assumed(ActivityKind(word.code))
    minutes = None if length is None else int(length.total_seconds() // 60)
    return {**word._asdict(), "assumed_minutes": minutes}
