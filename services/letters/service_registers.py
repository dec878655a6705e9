"""Registers, reservations of numbers, retention."""

from __future__ import annotations

from services.letters.service_core import Core


class RegisterMethods(Core):
    pass
