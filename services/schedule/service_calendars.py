"""Calendar feeds, imports, day sheets, the public agenda."""

from __future__ import annotations

from services.schedule.service_core import Core


class CalendarMethods(Core):
    pass
