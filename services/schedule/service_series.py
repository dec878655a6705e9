"""Recurring activities: series and their occurrences."""

from __future__ import annotations

from services.schedule.service_core import Core


class SeriesMethods(Core):
    pass
