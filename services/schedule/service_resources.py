"""Rooms and vehicles kept; how much of each week is taken."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.schedule_approvals import ResourceApprovalsQuery
from contracts.schedule_requests import (
    ApproveResource,
    BlockResource,
    CreateResource,
    LoadQuery,
    ScopeQuery,
    UpdateResource,
)
from services.schedule.service_core import Core, Json, key_of
from services.schedule.use_cases.keeping import (
    block_resource,
    create_resource,
    update_resource,
)
from services.schedule.use_cases.series_approving import approve_scope
from services.schedule.views.load import get_schedule_load
from services.schedule.views.resource_approvals import list_resource_approvals


class ResourceMethods(Core):
    @rpc
    def get_resource(self, resource_id: str) -> Any:
        self._caller()
        return self._query(lambda uow: uow.resources.get(key_of(resource_id)))

    @rpc
    def get_schedule_load(self, query: Json | None = None) -> Any:
        request, caller = self._load(LoadQuery, query), self._caller()
        return self._query(lambda uow: get_schedule_load(uow, caller, request))

    @rpc
    def create_resource(self, body: Json) -> Json:
        request, caller = codec.load(CreateResource, body), self._caller()
        return self._command(lambda uow: create_resource(uow, caller, request))

    @rpc
    def update_resource(
        self, resource_id: str, body: Json, expected_version: int | None = None
    ) -> Json:
        request, caller = codec.load(UpdateResource, body), self._caller()
        return self._command(
            lambda uow: update_resource(
                uow, caller, key_of(resource_id), request, expected_version
            )
        )

    @rpc
    def block_resource(self, resource_id: str, body: Json) -> Json:
        request, caller = codec.load(BlockResource, body), self._caller()
        return self._command(
            lambda uow: block_resource(uow, caller, key_of(resource_id), request)
        )

    @rpc
    def approve_resource(
        self,
        activity_id: str,
        resource_id: str,
        body: Json | None = None,
        query: Json | None = None,
    ) -> Json:
        request, caller = codec.load(ApproveResource, body or {}), self._caller()
        named = key_of(activity_id), key_of(resource_id)
        scope = self._load(ScopeQuery, query).scope
        return self._command(
            lambda uow: approve_scope(uow, caller, *named, request, scope)
        )

    @rpc
    def list_resource_approvals(self, query: Json | None = None) -> Any:
        request, caller = self._load(ResourceApprovalsQuery, query), self._caller()
        return self._query(lambda uow: list_resource_approvals(uow, caller, request))
