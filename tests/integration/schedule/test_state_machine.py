"""Random acts of many offices: after each, nobody is promised twice, every line stands
as its activity says, and what is called free is free.

500 acts tried, ten times as many with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from chassis.database import Database
from contracts.schedule import ActivityState, Standing
from services.schedule.domain.activity import Activity, Equipment
from services.schedule.domain.lines import bookable_of
from services.schedule.domain.slots import Claim
from services.schedule.domain.span import Span, day_start
from services.schedule.domain.transitions import LIVE
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.machine import OFFICES, THIRD_YEAR, Acts
from tests.integration.schedule.machine_all import AllActs
from tests.integration.schedule.test_slots import keys, slots
from tests.unit.schedule.naive import (
    Taken,
    busy_times,
    free_by_hand,
    holder_key,
    nobody_is_let_down,
    promised_twice,
    taken_by,
)
from tests.unit.schedule.offices import at, key

LONG = bool(os.environ.get("RAKAT_TEST_LONG"))
STEPS = 5000 if LONG else 500
STEPS_EACH = 30
MOST = 200  # slots an answer holds
RANGES = ((0, 1), (0, 0), (1, 2), (THIRD_YEAR, THIRD_YEAR))
UNSETTLED = (Standing.BINDING, Standing.DISPLACED, Standing.BLOCKED)


class Schedule(AllActs):
    @invariant()
    def nobody_is_promised_twice(self) -> None:
        """Neither in the table nor by what the activities tell of themselves."""
        taken = taken_by(self.seen)
        assert promised_twice(taken) == []
        assert self.desk.run(lambda uow: _laid(uow.session)) == taken

    @invariant()
    def every_line_stands_as_its_activity_says(self) -> None:
        for activity in self.seen:
            for line in activity.attendees:
                _check(activity, line.position_id, self.desk)
            for item in activity.equipment:
                _check_thing(activity, item)

    @invariant()
    def what_took_place_had_begun(self) -> None:
        for each in self.some(ActivityState.COMPLETED):
            assert each.updated_at >= each.starts_at

    @invariant()
    def who_is_represented_is_so_by_one_who_comes(self) -> None:
        for each in self.seen:
            assert nobody_is_let_down(each)

    @invariant()
    def what_stands_is_about_somebody_or_something(self) -> None:
        assert all(each.lines for each in self.some(*LIVE))

    @invariant()
    def what_nobody_comes_to_is_marked(self) -> None:
        found = self.desk.run(lambda uow: _deserted(uow.session))
        assert found == {x.activity_id for x in self.seen if x.deserted}

    @invariant()
    def free_slots_are_those_found_by_hand(self) -> None:
        """Of other offices, rooms, days and hours after each act."""
        turn = self.turn
        codes = [OFFICES[turn % 7], *([OFFICES[turn // 7 % 7]] if turn % 3 else [])]
        things = [self.lent, key("mobil")] if turn % 2 else []
        days, travel = RANGES[turn % 4], 15 * (turn % 5 // 2)
        any_hour, minutes = turn % 11 > 7, 30 * (1 + turn % 4)

        found = slots(
            self.desk,
            "staf.dinkes",
            position_ids=keys(*dict.fromkeys(codes)),
            resource_ids=[str(each) for each in things],
            **{"from": str(at(0, days[0]).date()), "to": str(at(0, days[1]).date())},
            duration_minutes=minutes,
            travel_minutes_before=travel,
            working_hours=not any_hour,
            limit=MOST,
        )

        expected = free_by_hand(
            Span(at(0, days[0]), at(0, days[1] + 1)),
            timedelta(minutes=minutes),
            lambda day: self._claims(day, codes, things, travel),
            busy_times(taken_by(self.seen)),
            any_hour=any_hour,
        )
        assert found.more == (len(expected) > MOST)
        assert [(x.starts_at, x.ends_at) for x in found.slots] == [
            (span.start, span.end) for span in expected[:MOST]
        ]

    def _claims(
        self, day: date, codes: list[str], things: list[UUID], travel: int
    ) -> list[tuple[UUID, Claim]]:
        when: datetime = max(day_start(day), self.desk.now)
        people = [holder_key(self.desk.org, key(code), when) for code in codes]
        return [
            *((whose, Claim(0, travel)) for whose in people),
            *((x, Claim(0, travel if x == key("mobil") else 0)) for x in things),
        ]


_LAID = sa.text(
    "SELECT l.activity_id, b.ref, lower(l.during) AS start, upper(l.during) AS until"
    " FROM booking l JOIN bookable b ON b.key = l.key WHERE l.binds"
)


def _laid(session: sa.orm.Session) -> set[Taken]:
    return {
        (row.activity_id, row.ref, Span(row.start, row.until))
        for row in session.execute(_LAID)
    }


def _deserted(session: sa.orm.Session) -> set[UUID]:
    query = sa.text("SELECT activity_id FROM activity WHERE deserted")
    return set(session.scalars(query))


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
        assert line.standing in UNSETTLED


def _check_thing(activity: Activity, item: Equipment) -> None:
    if activity.state not in LIVE:
        assert item.standing is None
    elif activity.confirmed and item.approved:
        assert item.standing in UNSETTLED
    else:
        assert item.standing in (Standing.PROPOSED, Standing.TENTATIVE)


@pytest.mark.timeout(900 if LONG else 300)
def test_random_acts_never_promise_anybody_twice(database: Database) -> None:
    Schedule.desk = Desk(database)
    Acts.steps = 0

    run_state_machine_as_test(
        Schedule,
        settings=settings(
            max_examples=STEPS // STEPS_EACH * 2,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Acts.steps >= STEPS
