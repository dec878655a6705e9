"""What tests do with rooms and vehicles: enter, change, block, agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from contracts.paging import Page
from contracts.schedule import Activity, Resource
from contracts.schedule_approvals import ResourceApproval, ResourceApprovalsQuery
from contracts.schedule_requests import (
    ApproveResource,
    BlockResource,
    CreateResource,
    UpdateResource,
)
from services.schedule.use_cases import keeping
from services.schedule.use_cases.series_approving import approve_scope
from services.schedule.use_cases.series_scope import Scope
from services.schedule.views.resource_approvals import list_resource_approvals
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import at, key


def enter(desk: Desk, who: str, **fields: Any) -> Resource:
    given = {"code": "pendopo", "name": "Pendopo", "kind": "room"}
    wanted = msgspec.convert(
        {**given, "unit_id": str(key("kominfo")), **fields}, CreateResource
    )
    caller = desk.caller(who)
    return desk.run(lambda uow: keeping.create_resource(uow, caller, wanted))


def change(
    desk: Desk, who: str, resource_id: UUID, version: int | None = None, **fields: Any
) -> Resource:
    wanted, caller = msgspec.convert(fields, UpdateResource), desk.caller(who)
    return desk.run(
        lambda uow: keeping.update_resource(uow, caller, resource_id, wanted, version)
    )


def block(
    desk: Desk, who: str, resource_id: UUID, starts: float = 9, ends: float = 10
) -> Activity:
    caller = desk.caller(who)
    wanted = BlockResource(starts_at=at(starts), ends_at=at(ends), reason="Perbaikan")
    return desk.run(
        lambda uow: keeping.block_resource(uow, caller, resource_id, wanted)
    )


def approve(
    desk: Desk,
    who: str,
    activity_id: UUID,
    resource_id: UUID,
    *,
    agreed: bool = True,
    scope: Scope = "this",
) -> Activity:
    caller = desk.caller(who)
    wanted = ApproveResource(approved=agreed, reason=None if agreed else "Dipakai")
    return desk.run(
        lambda uow: approve_scope(uow, caller, activity_id, resource_id, wanted, scope)
    )


def waiting(desk: Desk, who: str, **query: Any) -> Page[ResourceApproval]:
    caller, wanted = desk.caller(who), msgspec.convert(query, ResourceApprovalsQuery)
    return desk.run(lambda uow: list_resource_approvals(uow, caller, wanted))
