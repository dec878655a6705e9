"""Corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.letters import CorrectLetter
from services.letters.service_core import Core, key_of
from services.letters.use_cases import correcting


class TrailMethods(Core):
    @rpc
    def correct_letter(
        self, letter_id: str, body: Any, expected_version: int | None = None
    ) -> Any:
        key, request = key_of(letter_id), codec.load(CorrectLetter, body)
        return self._command(
            lambda uow, by: correcting.correct_letter(
                uow, by, key, request, expected_version
            )
        )
