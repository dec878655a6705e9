"""Requests for a slot: one, those to me, and those by me."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from contracts.errors import NotFound
from contracts.paging import Page, decode_cursor, encode_cursor
from contracts.schedule import ActivityState, ParticipantRole
from contracts.schedule_slot_requests import SlotRequest as Shown
from contracts.schedule_slot_requests import SlotRequestsQuery, SlotRequestState
from services.schedule import tables
from services.schedule.domain.activity import Activity
from services.schedule.domain.keepers import Caller, sees
from services.schedule.domain.slot_request import (
    SlotRequest,
    state_of,
    things_asked,
)
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.activities import present, subject_of

_A, _R = tables.activity.c, tables.slot_request.c
_Where = sa.ColumnElement[bool]


def present_request(slot: SlotRequest, activity: Activity, caller: Caller) -> Shown:
    """The request with its activity as the caller may see it."""
    state = state_of(slot, activity, caller.now)
    open_ = state in (SlotRequestState.OPEN, SlotRequestState.OFFERED)
    return Shown(
        activity_id=slot.activity_id,
        state=state,
        asked_starts_at=slot.asked_starts_at,
        asked_ends_at=slot.asked_ends_at,
        expires_at=slot.expires_at,
        answered_by=slot.answered_by,
        answered_at=slot.answered_at,
        note=slot.note,
        waiting_for=_silent(activity) if open_ else [],
        waiting_for_resources=_unanswered(activity)
        if state is SlotRequestState.OPEN
        else [],
        activity=present(activity, caller),
    )


def _silent(activity: Activity) -> list[UUID]:
    return [line.position_id for line in activity.binding() if line.decided_at is None]


def _unanswered(activity: Activity) -> list[UUID]:
    return [item.resource_id for item in things_asked(activity)]


def get_slot_request(uow: UnitOfWork, caller: Caller, activity_id: UUID) -> Shown:
    """Raises: NotFound, also when the caller may not know what it is about."""
    activity = uow.activities.get(activity_id)
    slot = uow.slot_requests.get(activity_id)
    if not sees(caller, subject_of(activity)):
        raise NotFound
    return present_request(slot, activity, caller)


def list_slot_requests(
    uow: UnitOfWork, caller: Caller, query: SlotRequestsQuery
) -> Page[Shown]:
    """Newest first.

    Raises: Invalid.
    """
    statement = (
        sa.select(tables.activity)
        .join(tables.slot_request, _R.activity_id == _A.activity_id)
        .where(*_filters(caller, query))
        .order_by(_A.activity_id.desc())
        .limit(query.limit + 1)
    )
    rows = uow.session.execute(statement).all()
    page = rows[: query.limit]
    slots = uow.slot_requests.find(row.activity_id for row in page)
    return Page(
        items=[
            present_request(slots[item.activity_id], item, caller)
            for item in uow.activities.complete(page)
            if sees(caller, subject_of(item))
        ],
        next_cursor=encode_cursor(page[-1].activity_id)
        if len(rows) > query.limit
        else None,
    )


def _filters(caller: Caller, query: SlotRequestsQuery) -> list[_Where]:
    mine = _by(caller)
    # Of whom nothing is known there, he is somebody else.
    found = [_to(caller), mine.isnot(True)] if query.box == "to_me" else [mine]
    if query.cursor:
        (before,) = decode_cursor(query.cursor, tuple[UUID])
        found.append(_A.activity_id < before)
    if query.open is not None:
        waiting = sa.and_(
            _A.state == ActivityState.PROPOSED.value, _R.expires_at > caller.now
        )
        found.append(waiting if query.open else ~waiting)
    return found


def _to(caller: Caller) -> _Where:
    line, item, thing = (
        table.c
        for table in (tables.participant, tables.activity_resource, tables.resource)
    )
    meant = sa.and_(
        line.activity_id == _A.activity_id, line.role != ParticipantRole.INVITED.value
    )
    units = [row.unit_id for row in caller.org.units if caller.organises(row.unit_id)]
    lent = sa.exists().where(
        item.activity_id == _A.activity_id,
        item.resource_id == thing.resource_id,
        thing.unit_id.in_(units),
    )
    return sa.or_(
        sa.exists().where(meant, line.position_id.in_(sorted(caller.kept))),
        sa.and_(lent, ~sa.exists().where(meant)),
    )


def _by(caller: Caller) -> _Where:
    client = caller.actor.client
    if client is not None:
        return _A.created_by_client == client.client_id
    office = _A.created_by["position"]["position_id"].astext
    return sa.or_(
        _A.created_by_person == caller.actor.person_id,
        office.in_([str(row.position_id) for row in caller.acting]),
    )
