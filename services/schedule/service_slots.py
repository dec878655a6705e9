"""When everybody is free, who could go instead, and who goes for whom."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.schedule_requests import ExchangeParticipants
from contracts.schedule_slots import FreeSlotsQuery, RepresentativesQuery
from services.schedule.service_core import Core, Json, key_of
from services.schedule.use_cases.exchanging import exchange_participants
from services.schedule.views.free_slots import list_free_slots
from services.schedule.views.representatives import list_representatives


class SlotMethods(Core):
    @rpc
    def exchange_participants(self, activity_id: str, body: Json) -> Json:
        request, caller = codec.load(ExchangeParticipants, body), self._caller()
        return self._command(
            lambda uow: exchange_participants(uow, caller, key_of(activity_id), request)
        )

    @rpc
    def list_free_slots(self, query: Json | None = None) -> Any:
        request, caller = self._load(FreeSlotsQuery, query), self._caller()
        return self._query(lambda uow: list_free_slots(uow, caller, request))

    @rpc
    def list_representatives(self, activity_id: str, query: Json | None = None) -> Any:
        request, caller = self._load(RepresentativesQuery, query), self._caller()
        return self._query(
            lambda uow: list_representatives(uow, caller, key_of(activity_id), request)
        )
