"""Random acts on the schedule against a calendar of half hours, after every step.

10,000 steps, ten times as many with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from contracts.schedule import Standing
from services.schedule.domain.slots import Claim, earliest
from services.schedule.domain.span import Span
from tests.unit.schedule.machine import CELL, LIVE, OFFICES, Acts, cell_of
from tests.unit.schedule.naive import (
    busy_times,
    holder_key,
    nobody_is_let_down,
    promised_twice,
)
from tests.unit.schedule.offices import at, key

STEPS = 100_000 if os.environ.get("RAKAT_TEST_LONG") == "1" else 10_000
STEPS_EACH = 50
DAY = 48  # half hours
FIRST, LAST = 14, 28  # of them the ones in which anything happens


class CheckedActs(Acts):
    @property
    def taken(self) -> list[tuple[UUID, UUID, Span]]:
        return [
            (own, bookable.ref, line.span)
            for own, lines in self.lines.items()
            for bookable, line in lines.items()
            if line.binds
        ]

    @invariant()
    def nobody_is_promised_twice(self) -> None:
        assert promised_twice(self.taken) == []

    @invariant()
    def what_binds_are_the_half_hours_that_are_taken(self) -> None:
        assert {
            (whose, cell): own
            for own, whose, span in self.taken
            for cell in range(cell_of(span.start), cell_of(span.end))
        } == self.cells

    @invariant()
    def what_lost_its_time_is_told_and_nothing_else(self) -> None:
        assert {
            (own, bookable.ref)
            for own, lines in self.lines.items()
            for bookable, line in lines.items()
            if line.standing is Standing.DISPLACED
        } == self.lost

    @invariant()
    def who_claims_no_time_has_no_line(self) -> None:
        for own, it in self.made.items():
            live = it.state in LIVE and any(line.claims for line in it.attendees)
            assert bool(self.lines[own]) == live

    @invariant()
    def who_is_represented_is_so_by_one_who_comes(self) -> None:
        for it in self.made.values():
            assert nobody_is_let_down(it)

    @invariant()
    def free_slots_are_the_empty_half_hours(self) -> None:
        """Of other offices, lengths and travel after each act."""
        turn = self.turn
        day, length, travel = turn % 2, 1 + turn % 4, turn % 3
        codes = OFFICES[turn % 7], OFFICES[turn // 7 % 7]
        people = {holder_key(self.org, key(code), at(0, day)) for code in codes}
        claims = [Claim(one, before=30 * travel) for one in people]  # type: ignore[arg-type]

        found = earliest(
            Span(at(FIRST / 2, day), at(LAST / 2, day)),
            length * CELL,
            lambda _day: claims,
            busy_times(self.taken),  # type: ignore[arg-type]
            count=DAY,
            any_hour=True,
        )

        empty = [
            start
            for start in range(day * DAY + FIRST, day * DAY + LAST - length + 1)
            if not any(
                (one, cell) in self.cells
                for one in people
                for cell in range(start - travel, start + length)
            )
        ]
        assert [cell_of(slot.start) for slot in found] == empty
        assert {slot.length for slot in found} <= {timedelta(minutes=30 * length)}


def test_random_acts() -> None:
    Acts.steps = 0
    run: Callable[..., None] = run_state_machine_as_test
    run(
        CheckedActs,
        settings=settings(
            max_examples=STEPS // STEPS_EACH * 5 // 4,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Acts.steps >= STEPS
