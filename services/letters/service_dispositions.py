"""Redirect, re-open, remind, hand over the paper; the overview."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from chassis.sharing import SharedAnswers
from contracts import codec
from contracts.letters.dispositions import (
    AbsencesQuery,
    AcknowledgeTasks,
    HandOverPaper,
    OverviewQuery,
    RedirectLetter,
    RemindTask,
    ReopenLetter,
    SignReceipt,
)
from services.letters.domain import absence
from services.letters.service_core import Core, key_of
from services.letters.use_cases import (
    handing_over,
    overviewing,
    redirecting,
    reminding,
    reopening,
)

OVERVIEW_SECONDS = 5.0  # so old may the numbers be


class DispositionMethods(Core):
    overviews: Any = SharedAnswers(OVERVIEW_SECONDS)

    @rpc
    def redirect_letter(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(RedirectLetter, body)
        return self._command(
            lambda uow, by: redirecting.redirect_letter(uow, by, key, request)
        )

    @rpc
    def reopen_letter(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(ReopenLetter, body)
        return self._command(
            lambda uow, by: reopening.reopen_letter(uow, by, key, request)
        )

    @rpc
    def acknowledge_tasks(self, body: Any) -> Any:
        request = codec.load(AcknowledgeTasks, body)
        return self._command(
            lambda uow, by: reminding.acknowledge_tasks(uow, by, request)
        )

    @rpc
    def remind_task(self, task_id: str, body: Any = None) -> Any:
        request = codec.load(RemindTask, body or {})
        return self._act(reminding.remind_task, task_id, request)

    # ---- the paper ------------------------------------------------------------------

    @rpc
    def hand_over_paper(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(HandOverPaper, body)
        return self._command(
            lambda uow, by: handing_over.hand_over_paper(uow, by, key, request)
        )

    @rpc
    def sign_receipt(self, letter_id: str, handover_id: str, body: Any = None) -> Any:
        key, handover = key_of(letter_id), key_of(handover_id)
        request = codec.load(SignReceipt, body or {})
        return self._command(
            lambda uow, by: handing_over.sign_receipt(uow, by, key, handover, request)
        )

    @rpc
    def list_handovers(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._query(lambda uow, by: handing_over.list_handovers(uow, by, key))

    @rpc
    def list_absences(self, query: Any) -> Any:
        """For the portal: who of the recipients will be away when it falls due."""
        wanted = codec.load(AbsencesQuery, query)
        return self._query(
            lambda uow, by: {
                "items": absence.expected(by.org, wanted.position_ids, wanted.at)
            }
        )

    # ---- the leader's view ----------------------------------------------------------

    @rpc
    def get_overview(self, query: Any = None) -> Any:
        """Shared by all who ask the same as the same offices; see ADR 0118."""
        wanted = codec.load(OverviewQuery, query or {})
        asked = overviewing.question_of(self._caller(), wanted)
        return self.overviews.get(
            asked,
            lambda: self._tally(lambda uow, by: overviewing.answer(uow, by, asked)),
        )
