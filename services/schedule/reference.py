"""Reference lists that belong to the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts import codec
from contracts.errors import NotFound
from services.schedule.domain.calendar import holidays
from services.schedule.domain.span import local_date


def get_reference(name: str, now: datetime) -> dict[str, Any]:
    """``{"items": […]}``; the holidays of this year and the next.

    Raises: NotFound for a list kept elsewhere.
    """
    if name != "holidays":
        raise NotFound
    year = local_date(now).year
    return {"items": codec.dump([*holidays(year), *holidays(year + 1)])}
