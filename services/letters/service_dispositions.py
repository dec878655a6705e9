"""Redirect, re-open, remind, hand over the paper; the overview."""

from __future__ import annotations

from services.letters.service_core import Core


class DispositionMethods(Core):
    pass
