"""Rooms and vehicles kept; free hours and who could represent."""

from __future__ import annotations

from services.schedule.service_core import Core


class ResourceMethods(Core):
    pass
