"""Requests for a slot and what came of an activity."""

from __future__ import annotations

from services.schedule.service_core import Core


class RequestMethods(Core):
    pass
