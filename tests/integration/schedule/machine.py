"""Random acts of many offices at the schedule's desk, allowed or not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
)

from contracts.errors import RakatError
from contracts.schedule import ActivityState, ParticipantRole
from contracts.schedule_requests import OverrideRequest, ParticipantRequest
from services.schedule import tables
from services.schedule.domain.activity import Activity
from services.schedule.unit_of_work import UnitOfWork
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.keeping import approve, block, enter
from tests.unit.schedule.offices import (
    POSITIONS,
    at,
    key,
    organisation,
    request,
)

T = TypeVar("T")

KOMINFO = ("kadis", "kabid", "vacant")  # `camat` and `kabid` are held by one person
OFFICES = ("bupati", "wabup", "sekda", "camat", *KOMINFO)
CODES = {key(row.code): row.code for row in POSITIONS}
BELOW = ("wabup", "sekda", "kadis", "kabid")
THIRD_YEAR = 731  # the day to which the nightly extension carries a yearly rule
STATES = ActivityState
CHANGEABLE = (STATES.PROPOSED, STATES.TENTATIVE, STATES.CONFIRMED)
FROM = {
    "confirm": (STATES.PROPOSED, STATES.TENTATIVE, STATES.POSTPONED),
    "cancel": (*CHANGEABLE, STATES.POSTPONED),
    "postpone": CHANGEABLE,
    "complete": (STATES.CONFIRMED,),
}

numbers = st.integers(0, 9)
hours = st.integers(8, 12)
days = st.sampled_from([0, 0, 0, 1, 1, THIRD_YEAR])
offices = st.sampled_from(OFFICES)
groups = st.one_of(
    st.lists(st.sampled_from(OFFICES[:5]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(KOMINFO), min_size=1, max_size=2, unique=True),
)
roles = st.sampled_from(["required", "invited"])
states = st.sampled_from(["proposed", "tentative", "confirmed", "confirmed"])


class Acts(RuleBasedStateMachine):
    """Acts are done as Sekda with an override or by keepers; refusals are fine.

    `steps`: acts tried by all examples together.
    """

    desk: Desk
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.desk.clear()
        self.desk.org = organisation()
        self.desk.furnish()
        self.lent = enter(self.desk, "kadis", needs_approval=True).resource_id
        self.turn = 0
        self._seen: list[Activity] | None = None

    # ---- what stands on the schedule ------------------------------------------------

    @property
    def seen(self) -> list[Activity]:
        """Every activity, in the order in which they were made."""
        if self._seen is None:
            self._seen = self.desk.run(_everything)
        return self._seen

    def some(self, *states: ActivityState) -> list[Activity]:
        return [each for each in self.seen if each.state in states]

    @property
    def occurrences(self) -> list[Activity]:
        return [x for x in self.some(*CHANGEABLE) if x.series_id is not None]

    @property
    def waiting(self) -> list[Activity]:
        """For the keeper of the lent room."""
        return [
            each
            for each in self.some(ActivityState.CONFIRMED)
            if self.lent in [item.resource_id for item in each.waiting]
        ]

    def attempt(self, act: Any) -> None:
        Acts.steps += 1
        self.turn += 1
        self.desk.now += timedelta(seconds=1)
        self._seen = None
        with suppress(RakatError):
            act()

    # ---- single activities ----------------------------------------------------------

    @rule(
        group=groups,
        hour=hours,
        day=days,
        length=st.integers(1, 3),
        state=states,
        role=roles,
    )
    def create(
        self, group: list[str], hour: int, day: int, length: int, state: str, role: str
    ) -> None:
        wanted = request(
            *group,
            starts=hour,
            ends=hour + length,
            day=day,
            state=state,
            travel_minutes_before=15 * (length - 1),
            resource_ids=[key("mobil"), self.lent] if role == "invited" else [],
        )
        wanted.participants[0].role = ParticipantRole(role)
        self.attempt(lambda: self.desk.create(keeper_of(group), wanted))

    @rule(group=groups, hour=hours, day=days)
    def override(self, group: list[str], hour: int, day: int) -> None:
        urgent = request(
            *group,
            starts=hour,
            ends=hour + 1,
            day=day,
            override=OverrideRequest(reason="Darurat"),
        )
        self.attempt(lambda: self.desk.create("sekda", urgent))

    @precondition(lambda self: self.some(*CHANGEABLE))
    @rule(number=numbers, people=st.booleans(), hour=hours, group=groups)
    def move(self, number: int, people: bool, hour: int, group: list[str]) -> None:
        activity = pick(self.some(*CHANGEABLE), number)
        fields: dict[str, Any] = {"starts_at": at(hour), "ends_at": at(hour + 1)}
        if people:
            fields = {"participants": request(*group).participants}
        self.attempt(
            lambda: self.desk.update(keeper(activity), activity.activity_id, **fields),
        )

    @precondition(lambda self: self.some(*FROM["cancel"]))
    @rule(number=numbers, name=st.sampled_from([*FROM, "confirm"]))
    def act(self, number: int, name: str) -> None:
        activity = pick(self.some(*FROM[name]), number)
        act = getattr(self.desk, name)
        if activity is not None:
            self.attempt(lambda: act(keeper(activity), activity.activity_id))

    @precondition(lambda self: self.some(*FROM["complete"]))
    @rule(number=numbers)
    def complete_when_over(self, number: int) -> None:
        """Its end comes; then the clock is put back."""
        activity = pick(self.some(*FROM["complete"]), number)

        def at_its_end() -> None:
            now, self.desk.now = self.desk.now, activity.span.end
            try:
                self.desk.complete(keeper(activity), activity.activity_id)
            finally:
                self.desk.now = now

        self.attempt(at_its_end)

    @precondition(lambda self: self.some(*CHANGEABLE))
    @rule(
        number=numbers,
        line=numbers,
        response=st.sampled_from(["attending", "not_attending", "represented"]),
        by=st.sampled_from(BELOW),
    )
    def respond(self, number: int, line: int, response: str, by: str) -> None:
        activity = pick(self.some(*CHANGEABLE), number)
        attendee = pick(activity.attendees, line)
        if attendee is None:
            return
        code = CODES[attendee.position_id]
        who = "tu.kominfo" if code in KOMINFO else "protokol"
        sent = by if response == "represented" else None
        self.attempt(
            lambda: self.desk.respond(who, activity.activity_id, code, response, sent),
        )

    @precondition(lambda self: self.some(*CHANGEABLE))
    @rule(number=numbers, line=numbers)
    def leave_out(self, number: int, line: int) -> None:
        """One is taken out of the list, perhaps who was sent for another."""
        activity = pick(self.some(*CHANGEABLE), number)
        gone = pick(activity.attendees, line)
        rest = [
            ParticipantRequest(position_id=each.position_id, role=each.role)
            for each in activity.attendees
            if each is not gone
        ]
        self.attempt(
            lambda: self.desk.update(
                keeper(activity), activity.activity_id, participants=rest
            ),
        )

    @precondition(lambda self: len(self.some(*CHANGEABLE)) > 1)
    @rule(number=numbers, further=numbers, line=numbers, theirs=numbers)
    def exchange(self, number: int, further: int, line: int, theirs: int) -> None:
        one, other = (pick(self.some(*CHANGEABLE), x) for x in (number, further))
        here, there = pick(one.attendees, line), pick(other.attendees, theirs)
        if here and there:
            leaving, coming = CODES[here.position_id], CODES[there.position_id]
            self.attempt(
                lambda: self.desk.exchange(
                    keeper_of([leaving, coming]),
                    *(one.activity_id, leaving, other.activity_id, coming),
                ),
            )

    @precondition(lambda self: self.waiting)
    @rule(number=numbers, agreed=st.booleans())
    def approve(self, number: int, agreed: bool) -> None:
        wanted = pick(self.waiting, number).activity_id
        self.attempt(
            lambda: approve(self.desk, "kadis", wanted, self.lent, agreed=agreed),
        )

    @rule(hour=hours, length=st.integers(1, 3))
    def block(self, hour: int, length: int) -> None:
        self.attempt(
            lambda: block(self.desk, "kadis", self.lent, hour, hour + length),
        )


def pick(some: list[T], number: int) -> T | None:
    return some[-1 - number % len(some)] if some else None


def keeper_of(codes: Iterable[str]) -> str:
    return "tu.kominfo" if set(codes) <= set(KOMINFO) else "protokol"


def keeper(activity: Activity) -> str:
    return keeper_of(CODES[line.position_id] for line in activity.attendees)


def _everything(uow: UnitOfWork) -> list[Activity]:
    head = tables.activity.c
    order = head.created_at, head.starts_at, head.activity_id
    rows = uow.session.execute(sa.select(tables.activity).order_by(*order)).all()
    return uow.activities.complete(rows)
