"""Which of the suggested ways out are open to the reader, and whom to ask else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contracts.actor import Actor
from contracts.directory import Duty, Position
from contracts.schedule import ParticipantRole, Suggestion
from services.schedule import tables
from services.schedule.domain.activity import Activity, Attendee
from services.schedule.domain.keepers import (
    Caller,
    keepers_of,
    organisers_of,
    sees,
)
from services.schedule.domain.transitions import TABLE, Act
from services.schedule.domain.ways_out import may_move
from services.schedule.mapping import ATTENDEE, activity_of, attendee_of
from services.schedule.repository import one_of
from services.schedule.unit_of_work import UnitOfWork
from services.schedule.views.activities import subject_of

_ARRANGING = (Duty.AIDE, Duty.PROTOCOL, Duty.SECRETARY, Duty.REGISTRAR)
"""Who arranges time for others is asked before who is busy himself."""


def with_people(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Activity]:
    """What the rules look at, without rooms and standings: one statement."""
    activity, people = tables.activity, tables.participant
    query = (
        sa.select(activity, *ATTENDEE[:-1], sa.null().label("standing"))
        .outerjoin(people, people.c.activity_id == activity.c.activity_id)
        .where(one_of(activity.c.activity_id, ids))
        .order_by(activity.c.activity_id, people.c.ordinal)
    )
    found: dict[UUID, Activity] = {}
    for row in uow.session.execute(query):
        known = found.setdefault(row.activity_id, activity_of(row, [], []))
        known.attendees += _lines(row)
    return found


def _lines(row: sa.Row[Any]) -> list[Attendee]:
    return [attendee_of(row[-len(ATTENDEE) :])] if row.position_id else []


@dataclass
class Openers:
    """For one reader and one page: every office is looked at once."""

    caller: Caller
    _as_office: dict[UUID, Caller | None] = field(default_factory=dict)
    _keepers: dict[UUID, list[UUID]] = field(default_factory=dict)
    _organisers: dict[UUID, list[UUID]] = field(default_factory=dict)

    def judge(
        self, found: Suggestion, activity: Activity, position_id: UUID | None
    ) -> None:
        """Note on `found` whether the reader may take it, or who may."""
        found.allowed = _may(self.caller, found, activity, position_id)
        if found.allowed:
            return
        office = self._who_may(found, activity, position_id)
        if office is not None:
            found.ask_position_id = office.position_id
            found.ask_name = office.short_title or office.title

    def _who_may(
        self, found: Suggestion, activity: Activity, position_id: UUID | None
    ) -> Position | None:
        for key in dict.fromkeys(self._candidates(found, activity, position_id)):
            office = self._acting_as(key)
            if office is not None and _may(office, found, activity, position_id):
                return self.caller.org.position(key)
        return None

    def _candidates(
        self, found: Suggestion, activity: Activity, position_id: UUID | None
    ) -> Iterator[UUID]:
        hidden = not sees(self.caller, subject_of(activity))
        if hidden or found.act == "represent":
            # Of what the reader may not see, who made it and who hosts it tells.
            if position_id is not None:
                yield from self._keepers_of(position_id)
            return
        creator = activity.created_by.position
        if creator is not None:
            yield creator.position_id
        yield from self._organisers_of(activity.organiser_unit_id)
        hosts = [x for x in activity.attendees if x.role is ParticipantRole.HOST]
        for line in hosts or activity.attendees:
            yield from self._keepers_of(line.position_id)

    def _acting_as(self, position_id: UUID) -> Caller | None:
        """What whoever holds this office now could do as it."""
        if position_id not in self._as_office:
            self._as_office[position_id] = self._holder_of(position_id)
        return self._as_office[position_id]

    def _holder_of(self, position_id: UUID) -> Caller | None:
        org, now = self.caller.org, self.caller.now
        holder = org.holder(position_id, now)
        if holder is None:
            return None
        actor = Actor(person_id=holder.person_id, acting_as=position_id)
        return Caller.of(actor, org, now)

    def _keepers_of(self, position_id: UUID) -> list[UUID]:
        if position_id not in self._keepers:
            found = keepers_of(self.caller.org, position_id)
            self._keepers[position_id] = self._ordered(found)
        return self._keepers[position_id]

    def _organisers_of(self, unit_id: UUID) -> list[UUID]:
        if unit_id not in self._organisers:
            found = organisers_of(self.caller.org, unit_id)
            self._organisers[unit_id] = self._ordered(found)
        return self._organisers[unit_id]

    def _ordered(self, keys: Iterable[UUID]) -> list[UUID]:
        found = [row for row in map(self.caller.org.position, keys) if row]
        return [row.position_id for row in sorted(found, key=_turn)]


def _turn(office: Position) -> tuple[int, int, str]:
    known = office.duty in _ARRANGING
    turn = _ARRANGING.index(office.duty) if known else len(_ARRANGING)
    return turn, office.level, office.code


def _may(
    caller: Caller, found: Suggestion, activity: Activity, position_id: UUID | None
) -> bool:
    if not sees(caller, subject_of(activity)):
        return False
    if found.act == "represent":
        answers = Act.RESPOND in TABLE[activity.state]
        return answers and position_id in caller.kept
    return may_move(caller, activity)
