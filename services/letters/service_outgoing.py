"""Outgoing letters: draft, review, sign, dispatch; their numbers."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.letters import (
    AttachScan,
    DispatchLetter,
    GiveInitial,
    NumberTemplatesQuery,
    PutNumberTemplates,
    ReservationsQuery,
    ReserveNumber,
    ReviewsQuery,
    SaveDraft,
    SignLetter,
)
from services.letters import views_outgoing
from services.letters.domain.correcting import given_in
from services.letters.service_core import Core, key_of
from services.letters.use_cases import (
    dispatching,
    drafting,
    previewing,
    reserving,
    reviewing,
    signing,
)
from services.letters.use_cases.reauthenticating import reauthenticate
from services.letters.use_cases.signer_identity import identity_of_caller
from services.letters.workshop import LetterWorkshop


class OutgoingMethods(Core):
    # ---- the draft -----------------------------------------------------------------

    @rpc
    def save_draft(self, letter_id: str, body: Any, expected_version: int) -> Any:
        key, given = key_of(letter_id), given_in(codec.load(SaveDraft, body))
        return self._command(
            lambda uow, by: drafting.save_draft(uow, by, key, given, expected_version)
        )

    # ---- review --------------------------------------------------------------------

    @rpc
    def submit_letter(self, letter_id: str, body: Any = None) -> Any:
        key = key_of(letter_id)
        return self._command(lambda uow, by: reviewing.submit_letter(uow, by, key))

    @rpc
    def recall_letter(self, letter_id: str, body: Any = None) -> Any:
        key = key_of(letter_id)
        return self._command(lambda uow, by: reviewing.recall_letter(uow, by, key))

    @rpc
    def initial_letter(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(GiveInitial, body)
        return self._command(
            lambda uow, by: reviewing.give_initial(uow, by, key, request)
        )

    @rpc
    def list_letter_revisions(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._query(lambda uow, by: previewing.list_revisions(uow, by, key))

    @rpc
    def list_reviews(self, query: Any = None) -> Any:
        wanted = codec.load(ReviewsQuery, query or {})
        return self._query(
            lambda uow, by: views_outgoing.reviews(uow.session, by, wanted)
        )

    # ---- signature and dispatch ------------------------------------------------------

    @rpc
    def sign_letter(self, letter_id: str, body: Any) -> Any:
        """Not one transaction: `signing` says why."""
        key, request = key_of(letter_id), codec.load(SignLetter, body)
        caller = self._caller()
        reauthenticate(caller, request, self.remote)
        workshop = LetterWorkshop.from_env()
        done = signing.sign_letter(
            self._opener(),
            self.call,
            caller,
            key,
            request,
            workshop,
            lambda: identity_of_caller(self.remote),
        )
        return self._noted(done)

    @rpc
    def attach_scan(self, letter_id: str, body: Any) -> Any:
        key, request = key_of(letter_id), codec.load(AttachScan, body)
        return self._command(
            lambda uow, by: dispatching.attach_scan(uow, by, key, request)
        )

    @rpc
    def dispatch_letter(self, letter_id: str, body: Any = None) -> Any:
        key, request = key_of(letter_id), codec.load(DispatchLetter, body or {})
        return self._command(
            lambda uow, by: dispatching.dispatch_letter(
                uow, by, key, force=request.force
            )
        )

    # ---- numbers -----------------------------------------------------------------------

    @rpc
    def preview_number(self, letter_id: str) -> Any:
        key = key_of(letter_id)
        return self._query(lambda uow, by: previewing.preview_number(uow, by, key))

    @rpc
    def list_number_templates(self, query: Any = None) -> Any:
        wanted = codec.load(NumberTemplatesQuery, query or {})
        return self._query(lambda uow, by: reserving.list_templates(uow, by, wanted))

    @rpc
    def put_number_templates(self, body: Any) -> Any:
        request = codec.load(PutNumberTemplates, body)
        return self._command(lambda uow, by: reserving.put_templates(uow, by, request))

    @rpc
    def reserve_number(self, unit_id: str, body: Any) -> Any:
        key, request = key_of(unit_id), codec.load(ReserveNumber, body)
        return self._command(
            lambda uow, by: reserving.reserve_number(uow, by, key, request)
        )

    @rpc
    def list_reservations(self, unit_id: str, query: Any = None) -> Any:
        key, wanted = key_of(unit_id), codec.load(ReservationsQuery, query or {})
        return self._query(
            lambda uow, by: reserving.list_reservations(uow, by, key, wanted)
        )
