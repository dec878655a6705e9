"""Random acts of many offices against a naive recomputation, after every step.

10,000 steps, ten times as many with ``RAKAT_TEST_LONG=1``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from contracts.letters import Action, LetterState, Role, Secrecy, TaskState
from services.letters.domain import tracking
from tests.unit.letters import offices
from tests.unit.letters.machine import ADDRESSED, ORG, Acts

ENDED = {LetterState.COMPLETED, LetterState.CLOSED, LetterState.VOID}
WORKING = {Role.HANDLE, Role.REPRESENT, Role.COORDINATE}
STEPS = 100_000 if os.environ.get("RAKAT_TEST_LONG") == "1" else 10_000
STEPS_EACH = 50


class CheckedActs(Acts):
    @invariant()
    def tracking_is_empty_exactly_when_the_letter_has_ended(self) -> None:
        lists = {tracking.list_of(self.it, one) for one in self.it.tasks.values()}
        assert (not lists - {None, "informed"}) == (self.it.state in ENDED)

    @invariant()
    def tracking_equals_a_naive_recomputation(self) -> None:
        tasks = self.it.tasks.values()
        for task in tasks:
            open_below = [
                one
                for one in tasks
                if one.parent_task_id == task.task_id
                and one.role in WORKING
                and one.ended_at is None
            ]
            expected = None
            if task.role is Role.INFORM:
                told = (TaskState.WITHDRAWN, TaskState.RETURNED, TaskState.CANCELLED)
                expected = None if task.state in told else "informed"
            elif task.ended_at is None and task.role is Role.COORDINATE:
                expected = "must_coordinate"
            elif task.ended_at is None:
                expected = "following" if open_below else "must_handle"
            assert tracking.list_of(self.it, task) == expected

    @invariant()
    def no_ended_task_has_open_work_below(self) -> None:
        for task in self.it.tasks.values():
            if not task.is_open:
                assert not self.it.blocked(task)

    @invariant()
    def somebody_must_act_on_every_open_task(self) -> None:
        for task in self.it.tasks.values():
            waiting = tracking.waiting_for(self.it, task, ORG, self.now)
            assert (waiting is None) == (not task.is_open)

    @invariant()
    def an_end_is_for_ever_and_recorded_once(self) -> None:
        for key, state in self.ended.items():
            assert self.it.tasks[key].state is state
        for key, task in self.it.tasks.items():
            if not task.is_open:
                self.ended[key] = task.state
        final = (Action.RETURNED, Action.WITHDRAWN, Action.CANCELLED, Action.APPROVED)
        ends = [one.task for one in self.it.records if one.action in final]
        assert len({id(one) for one in ends}) == len(ends)

    @invariant()
    def everybody_with_a_task_is_in_the_chain(self) -> None:
        chain = set(self.it.chain())
        assert {one.position_id for one in self.it.tasks.values()} <= chain

    @invariant()
    def nobody_gave_outside_authority(self) -> None:
        for task in self.it.tasks.values():
            if task.given_by is None:
                continue
            down = naive_base(task.given_by) in ORG.above(task.position_id)
            assert down or task.role in (Role.COORDINATE, Role.INFORM)
            assert task.position_id != task.given_by
            assert task.position_id not in ORG.above(task.given_by)

    @invariant()
    def no_task_is_in_two_states(self) -> None:
        """Played again from what was recorded, every task is where it is."""
        states = dict.fromkeys(self.it.tasks, TaskState.SENT)
        for one in self.it.records:
            if one.task is not None:
                key, after = one.task.task_id, AFTER.get(one.action)
                if one.action is Action.REPORTED:
                    final = one.detail["final"]
                    after = TaskState.REPORTED if final else TaskState.IN_PROGRESS
                states[key] = after or states[key]
        assert states == {key: one.state for key, one in self.it.tasks.items()}

    @invariant()
    def every_task_has_an_origin(self) -> None:
        """Given by a disposition within authority, or a root for who is or was
        addressed, informed, or got it back."""
        roots = {*self.it.copies, self.it.registrar_position_id}
        roots |= {offices.position_id(one) for one in ADDRESSED}
        for key, task in self.it.tasks.items():
            how = self.born[key]
            if how == "dispose":
                assert task.given_by == self.it.tasks[task.parent_task_id].position_id  # type: ignore[index]
            elif how == "give_back":
                assert task.role is Role.HANDLE
                assert task.given_by is None
            else:
                assert how in ("registered", "redirect", "reopen")
                assert task.parent_task_id is None
                assert task.position_id in roots

    @invariant()
    def nobody_sees_what_visibility_forbids(self) -> None:
        chain = {one.position_id for one in self.it.tasks.values()}
        chain.add(offices.position_id("tu.setda"))
        expected = set(chain)
        if self.it.secrecy is Secrecy.BIASA:
            expected |= {upper for one in chain for upper in ORG.above(one)}
        if self.it.secrecy in (Secrecy.BIASA, Secrecy.TERBATAS):
            expected |= {upper for one in chain for upper in REGISTRARS[one]}
        assert self.seen_by == expected

    @invariant()
    def the_paper_is_with_whoever_signed_last(self) -> None:
        assert self.place.position_id == self.signed[-1]
        assert self.place.on_the_way_to != self.place.position_id
        assert set(self.signed) <= self.seen_by


AFTER = {
    Action.READ: TaskState.READ,
    Action.ACCEPTED: TaskState.IN_PROGRESS,
    Action.APPROVED: TaskState.COMPLETED,
    Action.ACKNOWLEDGED: TaskState.COMPLETED,
    Action.COMPLETED: TaskState.COMPLETED,
    Action.REJECTED: TaskState.IN_PROGRESS,
    Action.RETURNED: TaskState.RETURNED,
    Action.WITHDRAWN: TaskState.WITHDRAWN,
    Action.CANCELLED: TaskState.CANCELLED,
}
REGISTRARS = {
    one.position_id: [
        row.position_id
        for row in ORG.positions
        if row.duty == "registrar"
        and ORG.register_unit_of(row.position_id)
        == ORG.register_unit_of(one.position_id)
    ]
    for one in ORG.positions
}


def naive_base(giver: Any) -> Any:
    return (
        offices.position_id("bupati")
        if giver == offices.position_id("wabup")
        else giver
    )


def test_random_acts() -> None:
    Acts.steps = 0
    run: Callable[..., None] = run_state_machine_as_test
    run(
        CheckedActs,
        settings=settings(
            max_examples=STEPS // STEPS_EACH * 2,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Acts.steps >= STEPS
