"""Random acts of many offices: after each, nobody is promised twice and every line
stands as its activity says."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chassis.database import Database
from contracts.errors import RakatError
from contracts.schedule import ActivityState, ParticipantRole, Standing
from contracts.schedule_requests import OverrideRequest
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.lines import bookable_of
from services.schedule.domain.transitions import LIVE
from services.schedule.rebinding import rebind_lines
from services.schedule.unit_of_work import UnitOfWork, opener
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.keeping import approve, block, enter
from tests.integration.schedule.post import Letter, deliver
from tests.unit.schedule.offices import assignment, at, key, organisation, request

LONG = bool(os.environ.get("RAKAT_TEST_LONG"))
OFFICES = ("bupati", "wabup", "sekda", "kadis", "camat", "kabid", "vacant")
BELOW = ("wabup", "sekda", "kadis", "kabid")
TERMS = (
    assignment("sekda", "bupati", "plh", date(2026, 11, 25), date(2026, 11, 30)),
    assignment("kadis", "vacant", "plt", date(2026, 11, 25), date(2026, 12, 30)),
    assignment("mertua", "kadis", "plh", date(2026, 11, 26), date(2026, 11, 26)),
)
hours = st.integers(8, 12)
offices = st.sampled_from(OFFICES)
groups = st.lists(offices, min_size=1, max_size=3, unique=True)
roles = st.sampled_from(["required", "invited"])
states = st.sampled_from(["proposed", "tentative", "confirmed", "confirmed"])


class Schedule(RuleBasedStateMachine):
    """Acts are done as Sekda with an override or by keepers; refusals are fine."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.desk.clear()
        self.desk.org = organisation()
        self.desk.furnish()
        self.lent = enter(self.desk, "kadis", needs_approval=True).resource_id
        self.made: list[UUID] = []
        self.letters: list[Letter] = []

    @rule(group=groups, hour=hours, length=st.integers(1, 3), state=states, role=roles)
    def create(
        self, group: list[str], hour: int, length: int, state: str, role: str
    ) -> None:
        wanted = request(
            *group,
            starts=hour,
            ends=hour + length,
            state=state,
            travel_minutes_before=15 * (length - 1),
            resource_ids=[key("aula"), self.lent] if role == "invited" else [],
        )
        wanted.participants[-1].role = ParticipantRole(role)
        self._try(lambda: self._keep(self.desk.create("protokol", wanted)))

    @rule(group=groups, hour=hours)
    def override(self, group: list[str], hour: int) -> None:
        urgent = request(
            *group,
            starts=hour,
            ends=hour + 1,
            override=OverrideRequest(reason="Darurat"),
        )
        self._try(lambda: self._keep(self.desk.create("sekda", urgent)))

    @precondition(lambda self: self.made)
    @rule(chance=st.randoms(use_true_random=False), hour=hours, group=groups)
    def move(self, chance: Any, hour: int, group: list[str]) -> None:
        activity_id = chance.choice(self.made)
        fields: dict[str, Any] = {"starts_at": at(hour), "ends_at": at(hour + 1)}
        if chance.random() < 0.5:
            fields = {"participants": request(*group).participants}
        self._try(lambda: self.desk.update("protokol", activity_id, **fields))

    @precondition(lambda self: self.made)
    @rule(chance=st.randoms(use_true_random=False))
    def act(self, chance: Any) -> None:
        activity_id = chance.choice(self.made)
        desk = self.desk
        act = chance.choice([desk.confirm, desk.cancel, desk.postpone, desk.complete])
        self._try(lambda: act("protokol", activity_id))

    @precondition(lambda self: self.made)
    @rule(
        chance=st.randoms(use_true_random=False),
        office=offices,
        response=st.sampled_from(["attending", "not_attending", "represented"]),
        by=st.sampled_from(BELOW),
    )
    def respond(self, chance: Any, office: str, response: str, by: str) -> None:
        activity_id = chance.choice(self.made)
        sent = by if response == "represented" else None
        for who in ("protokol", "tu.kominfo"):
            self._try(
                lambda who=who: self.desk.respond(
                    who, activity_id, office, response, sent
                )
            )

    @precondition(lambda self: self.made)
    @rule(chance=st.randoms(use_true_random=False), agreed=st.booleans())
    def approve(self, chance: Any, agreed: bool) -> None:
        activity_id = chance.choice(self.made)
        self._try(
            lambda: approve(self.desk, "kadis", activity_id, self.lent, agreed=agreed)
        )

    @rule(hour=hours, length=st.integers(1, 3))
    def block(self, hour: int, length: int) -> None:
        self._try(
            lambda: self._keep(
                block(self.desk, "kadis", self.lent, hour, hour + length)
            )
        )

    @rule(hour=hours, office=st.sampled_from(OFFICES), asked=offices)
    def hear_of_a_letter(self, hour: int, office: str, asked: str) -> None:
        if office == "vacant":
            return
        letter = Letter(hour=hour)
        messages = [letter.attendance(office, "attend", minute=1)]
        if asked != office:
            messages.append(letter.disposition("bupati", asked, minute=2))
        deliver(self.desk, *messages)

    @rule(terms=st.sets(st.sampled_from(range(len(TERMS)))))
    def change_offices(self, terms: set[int]) -> None:
        self.desk.org = organisation(*(TERMS[index] for index in sorted(terms)))
        rebind_lines(
            opener(self.desk.database, lambda: self.desk.now),
            self.desk.org,
            self.desk.now,
        )

    @invariant()
    def nobody_is_promised_twice(self) -> None:
        assert self.desk.double_bookings() == []

    @invariant()
    def every_line_stands_as_its_activity_says(self) -> None:
        for activity in self.desk.run(_everything):
            for line in activity.attendees:
                _check(activity, line.position_id, self.desk)
            for item in activity.equipment:
                _check_thing(activity, item)

    def _keep(self, made: Any) -> None:
        self.made.append(made.activity_id)

    def _try(self, act: Any) -> None:
        self.desk.now += timedelta(seconds=1)
        with suppress(RakatError):
            act()


def _everything(uow: UnitOfWork) -> list[Activity]:
    from sqlalchemy import select

    from services.schedule import tables

    return uow.activities.complete(uow.session.execute(select(tables.activity)).all())


def _check(activity: Activity, position_id: UUID, desk: Desk) -> None:
    line = activity.attendee(position_id)
    assert line is not None
    if activity.state not in LIVE or not line.claims:
        assert line.standing is None
        return
    bound = bookable_of(desk.org, position_id, activity.starts_at)
    if activity.state is not ActivityState.COMPLETED:
        assert (line.person_id or position_id) == bound.ref
    assert line.standing is not None
    if line.would_bind and activity.confirmed:
        assert line.standing in (
            Standing.BINDING,
            Standing.DISPLACED,
            Standing.BLOCKED,
        )


def _check_thing(activity: Activity, item: Equipment) -> None:
    if activity.state not in LIVE:
        assert item.standing is None
    elif activity.confirmed and item.approved:
        assert item.standing in (
            Standing.BINDING,
            Standing.DISPLACED,
            Standing.BLOCKED,
        )
    else:
        assert item.standing in (Standing.PROPOSED, Standing.TENTATIVE)


@pytest.mark.timeout(300)
def test_random_acts_never_promise_anybody_twice(database: Database) -> None:
    Schedule.desk = Desk(database)

    run_state_machine_as_test(
        Schedule,
        settings=settings(
            max_examples=150 if LONG else 12,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
