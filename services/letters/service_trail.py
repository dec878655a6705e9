"""Corrections, secrecy, and the trail that can be verified."""

from __future__ import annotations

from typing import Any

import structlog

from chassis.config import Config
from chassis.entrypoints import every, rpc
from chassis.unit_of_work import repeatable
from contracts import codec
from contracts.letters import CorrectLetter, DigestsQuery, TrailQuery
from services.letters.sealing import BadKey, SealKey
from services.letters.service_core import Core, key_of
from services.letters.use_cases import auditing, correcting

log = structlog.get_logger(__name__)


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

    @rpc
    def get_letter_audit(self, letter_id: str, query: Any = None) -> Any:
        key, wanted = key_of(letter_id), codec.load(TrailQuery, query or {})
        return self._query(
            lambda uow, by: auditing.get_letter_audit(uow, by, key, wanted)
        )

    @rpc
    def list_trail_digests(self, query: Any = None) -> Any:
        """Public: a digest names no letter."""
        wanted = codec.load(DigestsQuery, query or {})
        with self._opener()() as uow:
            return codec.dump(auditing.list_digests(uow, wanted))

    @rpc
    def get_trail_digest(self, day: str) -> Any:
        with self._opener()() as uow:
            return codec.dump(auditing.get_digest(uow, day))

    @every(600)
    def make_trail_digests(self) -> None:
        """Yesterday's, soon after midnight; what an absence left, day by day."""
        key = seal_key()
        while key is not None and self._make_next(key):
            pass

    def _make_next(self, key: SealKey) -> bool:
        def attempt() -> bool:
            with self._opener()() as uow:
                day = auditing.make_next(uow, key, self.clock())
                uow.commit()
            if day is not None:
                log.info("trail digest made", day=day.isoformat())
            return day is not None

        return repeatable(attempt)


def seal_key() -> SealKey | None:
    """None, with a warning, where the operator gave no key: trails go on without."""
    text = Config.from_env().trail_key
    try:
        return SealKey(text) if text else None
    except BadKey as error:
        log.warning("no trail digest is made", reason=str(error))
        return None
