"""Outgoing letters: draft, review, sign, dispatch."""

from __future__ import annotations

from services.letters.service_core import Core


class OutgoingMethods(Core):
    pass
