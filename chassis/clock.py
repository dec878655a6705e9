"""The time of day, aware and in UTC; code that needs it takes it as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    """The current instant."""
    return datetime.now(UTC)
