"""The time of day, aware and in UTC; code that needs it takes it as an argument."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    """The current instant."""
    return datetime.now(UTC)


def jittered(seconds: float) -> float:
    """Between half of `seconds` and all: so that many do not come back at once."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
