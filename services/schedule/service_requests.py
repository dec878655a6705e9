"""Requests for a slot and what came of an activity."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import every, rpc
from contracts import codec
from contracts.errors import Unavailable
from contracts.schedule_requests import RecordOutcome
from contracts.schedule_slot_requests import (
    AcceptSlotRequest,
    MoveSlotRequest,
    RefuseSlotRequest,
    SlotRequestsQuery,
)
from services.schedule.service_core import Core, Json, key_of
from services.schedule.use_cases.answering import (
    accept_slot_request,
    move_slot_request,
    refuse_slot_request,
)
from services.schedule.use_cases.expiring import expire_requests, lapse_pencilled
from services.schedule.use_cases.recording import record_outcome
from services.schedule.views.slot_requests import get_slot_request, list_slot_requests


class RequestMethods(Core):
    @rpc
    def record_outcome(
        self, activity_id: str, body: Json, expected_version: int | None = None
    ) -> Json:
        request, caller = codec.load(RecordOutcome, body), self._caller()
        return self._command(
            lambda uow: record_outcome(
                uow, caller, key_of(activity_id), request, expected_version
            )
        )

    @rpc
    def list_slot_requests(self, query: Json | None = None) -> Any:
        request, caller = self._load(SlotRequestsQuery, query), self._caller()
        return self._query(lambda uow: list_slot_requests(uow, caller, request))

    @rpc
    def get_slot_request(self, activity_id: str) -> Any:
        caller = self._caller()
        return self._query(
            lambda uow: get_slot_request(uow, caller, key_of(activity_id))
        )

    @rpc
    def accept_slot_request(self, activity_id: str, body: Json | None = None) -> Json:
        request, caller = codec.load(AcceptSlotRequest, body or {}), self._caller()
        return self._command(
            lambda uow: accept_slot_request(uow, caller, key_of(activity_id), request)
        )

    @rpc
    def move_slot_request(self, activity_id: str, body: Json) -> Json:
        request, caller = codec.load(MoveSlotRequest, body), self._caller()
        return self._command(
            lambda uow: move_slot_request(uow, caller, key_of(activity_id), request)
        )

    @rpc
    def refuse_slot_request(self, activity_id: str, body: Json) -> Json:
        request, caller = codec.load(RefuseSlotRequest, body), self._caller()
        return self._command(
            lambda uow: refuse_slot_request(uow, caller, key_of(activity_id), request)
        )

    @every(30)
    def expire_slot_requests(self) -> None:
        """Unanswered in time, or never settled: called off and told; every replica
        may try."""
        try:
            org = self.org()
        except Unavailable:
            return  # the read copy was never filled: whom to tell is not known yet
        expire_requests(self._open, org, self.clock())
        lapse_pencilled(self._open, org, self.clock())
