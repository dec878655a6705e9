"""Random acts of many offices against a naive recomputation, after every step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.errors import Conflict, Forbidden, Invalid
from contracts.letters import Action, LetterState, Outcome, Role, TaskState
from services.letters.domain import acts, closing, tracking
from services.letters.domain.letter import Letter
from services.letters.domain.task import Task
from tests.unit.letters import offices
from tests.unit.letters.model import dispose, fresh_id, letter

ORG = offices.regency()
CODES = ("bupati", "wabup", "sekda", "asisten.1", "kabag.kesra", "kadis.dinkes")
ENDED = {LetterState.COMPLETED, LetterState.CLOSED, LetterState.VOID}
WORKING = {Role.HANDLE, Role.REPRESENT, Role.COORDINATE}

recipients = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(Role)), min_size=1, max_size=3
)


class Acts(RuleBasedStateMachine):
    """One letter; whoever has a task acts at random, allowed or not."""

    def __init__(self) -> None:
        super().__init__()
        self.it: Letter = letter("bupati", "sekda", copies=("wabup",))
        self.now: datetime = offices.NOW
        self.ended: dict[Any, TaskState] = {}

    def pick(self, number: int) -> Task:
        tasks = list(self.it.tasks.values())
        return tasks[-1 - number % len(tasks)]

    def attempt(self, effect: Any, *args: Any, **more: Any) -> None:
        """An act that is refused must change nothing."""
        self.now += timedelta(minutes=1)
        before = self.picture()
        try:
            effect(*args, **more)
        except (Conflict, Forbidden, Invalid):
            assert self.picture() == before

    def picture(self) -> Any:
        states = [(key, task.state) for key, task in self.it.tasks.items()]
        return self.it.state, states, len(self.it.records)

    # ---- acts -------------------------------------------------------------------

    @rule(number=st.integers(0, 9), to=recipients)
    def passes_on(self, number: int, to: list[tuple[str, Role]]) -> None:
        self.attempt(dispose, self.it, ORG, self.pick(number), *to, now=self.now)

    @rule(
        number=st.integers(0, 9),
        act=st.sampled_from(
            [acts.read, acts.accept, acts.acknowledge, acts.approve, acts.withdraw]
        ),
    )
    def moves(self, number: int, act: Any) -> None:
        self.attempt(act, self.it, self.pick(number), self.now)

    @rule(number=st.integers(0, 9), act=st.sampled_from([acts.reject, acts.cancel]))
    def moves_with_a_reason(self, number: int, act: Any) -> None:
        self.attempt(act, self.it, self.pick(number), self.now, reason="Sebab")

    @rule(number=st.integers(0, 9), final=st.booleans())
    def reports(self, number: int, final: bool) -> None:
        task = self.pick(number)
        more = {"final": final, "report_id": fresh_id()}
        self.attempt(acts.report, self.it, task, self.now, **more)

    @rule(number=st.integers(0, 9))
    def gives_back(self, number: int) -> None:
        more = {"reason": "Bukan kewenangan", "new_task_id": fresh_id()}
        self.attempt(acts.give_back, self.it, self.pick(number), self.now, **more)

    @rule(chance=st.integers(0, 30), force=st.booleans())
    def is_closed(self, chance: int, force: bool) -> None:
        if chance == 17:
            more: dict[str, Any] = {
                "by": self.it.addressees,
                "outcome": Outcome.NOTED,
                "decision": None,
                "force": force,
            }
            self.attempt(closing.close, self.it, self.now, **more)

    @rule(chance=st.integers(0, 30))
    def is_voided(self, chance: int) -> None:
        if chance == 17:
            self.attempt(closing.void, self.it, self.now, reason="Salah catat")

    # ---- what always holds ----------------------------------------------------------

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


def naive_base(giver: Any) -> Any:
    return (
        offices.position_id("bupati")
        if giver == offices.position_id("wabup")
        else giver
    )


TestActs = Acts.TestCase
TestActs.settings = settings(
    max_examples=250,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
