"""Rooms and vehicles that wait for their keeper.

RPC methods: ``list_resource_approvals``; the answer is ``approve_resource``, of one
date or, with `scope`, of all open dates of a series.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from contracts.paging import ListQuery
from contracts.schedule import Activity, ActivityResource


class ResourceApproval(msgspec.Struct, kw_only=True):
    """A thing an activity asks for. Of a series its open dates are one: `activity` is
    the first of them, `dates` how many, `last_starts_at` the last."""

    resource: ActivityResource
    unit_id: UUID
    dates: int
    last_starts_at: datetime
    activity: Activity


class ResourceApprovalsQuery(ListQuery):
    """What waits for the caller, by the time it is for."""

    resource_id: UUID | None = None
