"""Recurring activities: series and their occurrences."""

from __future__ import annotations

from chassis.entrypoints import every
from services.schedule.extending import extend_all
from services.schedule.service_core import Core


class SeriesMethods(Core):
    @every(600)
    def extend_series(self) -> None:
        """Two years ahead; each local day's first look does it."""
        extend_all(self._open, self.org, self.clock())
