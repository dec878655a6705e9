"""Notifications of the caller; the live stream stands in `gateway.stream`."""

from __future__ import annotations

from contracts.notify import SERVICE, AllRead, Notification, NotificationsQuery
from contracts.paging import Page
from gateway.api.v1.operation import Operation

_TAG = "notifications"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="list_notifications",
        method="GET",
        path="/notifications",
        service=SERVICE,
        summary="Notifications of the caller, newest first",
        tag=_TAG,
        query=NotificationsQuery,
        response=Page[Notification],
        errors=("invalid",),
    ),
    Operation(
        name="read_notification",
        method="POST",
        path="/notifications/{notification_id}/read",
        service=SERVICE,
        summary="Mark one as read; the first time counts",
        tag=_TAG,
        response=Notification,
        command=True,
        errors=("not_found",),
    ),
    Operation(
        name="read_all_notifications",
        method="POST",
        path="/notifications/read-all",
        service=SERVICE,
        summary="Mark everything that is there now as read",
        tag=_TAG,
        response=AllRead,
        command=True,
    ),
)
