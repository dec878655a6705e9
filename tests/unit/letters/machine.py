"""One letter on which whoever has a task acts at random, allowed or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from contracts.codec import ZONE
from contracts.errors import Conflict, Forbidden, Invalid
from contracts.letters import LetterState, Outcome, Role, Secrecy, TaskState
from services.letters.domain import acts, closing, paper, redirecting
from services.letters.domain.letter import Letter
from services.letters.domain.paper import PaperPlace
from services.letters.domain.task import Task
from services.letters.domain.visibility import rows_for
from tests.unit.letters import offices
from tests.unit.letters.model import dispose, fresh_id, letter

ORG = offices.regency()
CODES = ("bupati", "wabup", "sekda", "asisten.1", "kabag.kesra", "kadis.dinkes")
ADDRESSED = ("bupati", "wabup", "sekda", "asisten.1")

numbers = st.integers(0, 9)
offices_of = st.sampled_from(CODES)
recipients = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(Role)), min_size=1, max_size=3
)


class Acts(RuleBasedStateMachine):
    """`steps`: acts tried by all examples together."""

    steps = 0

    @initialize(secrecy=st.sampled_from(Secrecy))
    def begin(self, secrecy: Secrecy) -> None:
        self.it: Letter = letter("bupati", "sekda", copies=("wabup",), secrecy=secrecy)
        self.now: datetime = offices.NOW
        self.ended: dict[Any, TaskState] = {}
        self.reported: set[UUID] = set()
        self.reminded: set[tuple[UUID, date]] = set()
        self.seen_by: set[UUID] = set()
        self.born: dict[UUID, str] = dict.fromkeys(self.it.tasks, "registered")
        registrar = offices.position_id("tu.setda")
        self.place = PaperPlace(position_id=registrar, since=self.now)
        self.signed: list[UUID] = [registrar]
        self.grant("registered", [registrar])

    def pick(self, number: int) -> Task:
        tasks = list(self.it.tasks.values())
        return tasks[-1 - number % len(tasks)]

    def attempt(self, effect: Any, *args: Any, **more: Any) -> bool:
        """An act that is refused must change nothing."""
        Acts.steps += 1
        self.now += timedelta(minutes=17)
        before = self.picture()
        try:
            effect(*args, **more)
        except (Conflict, Forbidden, Invalid):
            assert self.picture() == before
            return False
        self.grant(getattr(effect, "__name__", "act"), ())
        return True

    def grant(self, how: str, registering: Any) -> None:
        """As after every act: who got a task, and who stands above him, sees it."""
        new = [task for key, task in self.it.tasks.items() if key not in self.born]
        self.born |= {task.task_id: how for task in new}
        first = [] if not registering else list(self.it.tasks.values())
        told = [task.position_id for task in (*new, *first)]
        by = registering[0] if registering else None
        self.seen_by |= set(rows_for(ORG, told, by, self.it.secrecy))

    def picture(self) -> Any:
        states = [(key, task.state) for key, task in self.it.tasks.items()]
        return self.it.state, self.it.addressees, states, len(self.it.records)

    # ---- acts -------------------------------------------------------------------

    @rule(number=numbers, to=recipients)
    def passes_on(self, number: int, to: list[tuple[str, Role]]) -> None:
        self.attempt(dispose, self.it, ORG, self.pick(number), *to, now=self.now)

    @rule(
        number=numbers,
        act=st.sampled_from(
            [acts.read, acts.accept, acts.acknowledge, acts.approve, acts.withdraw]
        ),
    )
    def moves(self, number: int, act: Any) -> None:
        self.attempt(act, self.it, self.pick(number), self.now)

    @rule(number=numbers, act=st.sampled_from([acts.reject, acts.cancel]))
    def moves_with_a_reason(self, number: int, act: Any) -> None:
        self.attempt(act, self.it, self.pick(number), self.now, reason="Sebab")

    @rule(number=numbers, final=st.booleans())
    def reports(self, number: int, final: bool) -> None:
        task = self.pick(number)
        more = {"final": final, "report_id": fresh_id()}
        if self.attempt(acts.report, self.it, task, self.now, **more):
            self.reported.add(task.task_id)

    @rule(number=numbers)
    def gives_back(self, number: int) -> None:
        more = {"reason": "Bukan kewenangan", "new_task_id": fresh_id()}
        self.attempt(acts.give_back, self.it, self.pick(number), self.now, **more)

    @rule(those=st.lists(numbers, min_size=1, max_size=5))
    def acknowledges_many(self, those: list[int]) -> None:
        """One refused does not keep the others from being done."""
        for task in {id(one): one for one in map(self.pick, those)}.values():
            self.attempt(acts.acknowledge, self.it, task, self.now)

    @rule(number=numbers)
    def reminds(self, number: int) -> None:
        task, day = self.pick(number), self.now.astimezone(ZONE).date()
        if (task.task_id, day) in self.reminded:
            return
        if self.attempt(acts.remind, self.it, task, self.now, day=day.isoformat()):
            self.reminded.add((task.task_id, day))
            assert task.state in (TaskState.SENT, TaskState.READ, TaskState.IN_PROGRESS)

    @rule(to=st.lists(st.sampled_from(ADDRESSED), min_size=1, max_size=3, unique=True))
    def is_redirected(self, to: list[str]) -> None:
        before = {key: one.state for key, one in self.it.tasks.items()}
        begun = {key for key in before if self.work_below(self.it.tasks[key])}
        what = redirecting.Redirecting(
            addressees=[offices.position_id(one) for one in to],
            reported=self.reported,
            reason="Salah alamat",
            new_id=fresh_id,
        )
        if self.attempt(redirecting.redirect, self.it, what, self.now):
            for key in begun | self.reported:  # nobody's work was thrown away
                assert self.it.tasks[key].state is before[key]

    @rule(chance=st.integers(0, 5), to=st.sampled_from(ADDRESSED))
    def is_reopened(self, chance: int, to: str) -> None:
        if chance:
            return
        before = self.it.state
        more = {"to": [offices.position_id(to)], "reason": "Lagi", "new_id": fresh_id}
        if self.attempt(redirecting.reopen, self.it, self.now, **more):
            assert before in (LetterState.COMPLETED, LetterState.CLOSED)
            assert self.it.state is LetterState.UNDER_DISPOSITION
            assert self.it.outcome is None

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

    @rule(to=offices_of)
    def hands_the_paper_over(self, to: str) -> None:
        """Whoever holds it; that nobody else can is the caller's affair."""
        receiver = offices.position_id(to)
        sees = receiver in self.seen_by

        def send() -> None:
            paper.check_sending(self.place, receiver, sees=sees)
            self.place = PaperPlace(
                position_id=self.place.position_id,
                since=self.place.since,
                on_the_way_to=receiver,
            )

        self.attempt(send)

    @rule(by=offices_of, accepted=st.booleans())
    def signs_for_the_paper(self, by: str, accepted: bool) -> None:
        who, place = offices.position_id(by), self.place
        if place.on_the_way_to is None:
            return

        def sign() -> None:
            receives, sends = who == place.on_the_way_to, who == place.position_id
            paper.check_receipt(receives, sends, accepted=accepted)
            holder = place.on_the_way_to if accepted else place.position_id
            assert holder is not None
            self.place = PaperPlace(position_id=holder, since=self.now)
            if accepted:
                self.signed.append(holder)

        self.attempt(sign)

    def work_below(self, task: Task) -> bool:
        return any(
            child.is_open or child.state is TaskState.COMPLETED
            for child in self.it.descendants(task)
        )
