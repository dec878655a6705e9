"""Corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from services.letters.service_core import Core


class TrailMethods(Core):
    pass
