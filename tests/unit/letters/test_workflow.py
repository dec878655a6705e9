"""The table of moves: what is allowed, what it includes, what it refuses."""

from __future__ import annotations

from itertools import product

import pytest

from contracts.errors import Conflict
from contracts.letters import Action, LetterState, Role, TaskState
from services.letters.domain import acts, closing
from services.letters.domain.task import OPEN
from services.letters.domain.workflow import MOVES, Act, allows, perform
from tests.unit.letters import offices
from tests.unit.letters.model import dispose, fresh_id, letter, root, task_of

NOW = offices.NOW
ORG = offices.regency()
HANDLE, COORDINATE, INFORM = Role.HANDLE, Role.COORDINATE, Role.INFORM


def test_nothing_leaves_an_end() -> None:
    for act, state, role in product(Act, set(TaskState) - OPEN, Role):
        task = root(offices.position_id("sekda"), role)
        task.state = state
        assert not allows(act, task)


def test_every_move_ends_in_a_state_of_its_own() -> None:
    for act, role in product(Act, Role):
        for state in MOVES[act].sources:
            task = root(offices.position_id("sekda"), role)
            task.state = state
            if allows(act, task):
                perform(act, task, NOW)
                target = MOVES[act].target
                assert target is None or task.state is target
                assert (task.ended_at is None) == (task.state in OPEN)


def test_reporting_includes_reading_and_accepting() -> None:
    it = letter()
    acts.report(it, task_of(it, "bupati"), NOW, final=False, report_id=fresh_id())
    assert [one.action for one in it.records] == [
        Action.READ,
        Action.ACCEPTED,
        Action.REPORTED,
    ]


def test_reading_twice_is_no_mistake() -> None:
    it = letter()
    task = task_of(it, "bupati")
    acts.read(it, task, NOW)
    acts.read(it, task, NOW)
    assert [one.action for one in it.records] == [Action.READ]


def test_a_root_is_completed_by_its_own_final_report() -> None:
    it = letter()
    acts.report(it, task_of(it, "bupati"), NOW, final=True, report_id=fresh_id())
    assert it.state is LetterState.COMPLETED


def test_a_root_is_completed_by_its_last_child() -> None:
    it = letter()
    first, second, told = dispose(
        it,
        ORG,
        task_of(it, "bupati"),
        ("sekda", HANDLE),
        ("kadis.dinkes", COORDINATE),
        ("kadis.pupr", INFORM),
    )
    acts.report(it, first, NOW, final=True, report_id=fresh_id())
    acts.approve(it, first, NOW)
    assert it.state is LetterState.UNDER_DISPOSITION
    acts.acknowledge(it, second, NOW)
    assert it.state is LetterState.COMPLETED
    assert told.is_open


def test_a_forwarded_task_further_down_is_not_completed_by_its_children() -> None:
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", HANDLE))
    (dinkes,) = dispose(it, ORG, sekda, ("kadis.dinkes", HANDLE))
    acts.report(it, dinkes, NOW, final=True, report_id=fresh_id())
    acts.approve(it, dinkes, NOW)
    assert sekda.state is TaskState.IN_PROGRESS


def test_a_withdrawn_only_child_leaves_the_work_with_the_giver() -> None:
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", HANDLE))
    acts.withdraw(it, sekda, NOW)
    assert task_of(it, "bupati").is_open
    assert it.state is LetterState.UNDER_DISPOSITION


def test_a_final_report_waits_for_the_children() -> None:
    it = letter()
    dispose(it, ORG, task_of(it, "bupati"), ("sekda", HANDLE))
    with pytest.raises(Conflict) as refused:
        acts.report(it, task_of(it, "bupati"), NOW, final=True, report_id=fresh_id())
    assert refused.value.code == "open_children"


def test_a_late_withdrawal_says_so() -> None:
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", HANDLE))
    acts.read(it, sekda, NOW)
    with pytest.raises(Conflict) as refused:
        acts.withdraw(it, sekda, NOW)
    assert refused.value.code == "already_read"
    assert refused.value.facts == {"state": "read"}


def test_a_cancelled_task_takes_everything_below_with_it() -> None:
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", HANDLE))
    (dinkes,) = dispose(it, ORG, sekda, ("kadis.dinkes", HANDLE))
    acts.cancel(it, sekda, NOW, reason="Dialihkan")
    assert {sekda.state, dinkes.state} == {TaskState.CANCELLED}
    assert task_of(it, "bupati").is_open


def test_a_returned_root_goes_to_the_registrar() -> None:
    it = letter()
    new = acts.give_back(
        it, task_of(it, "bupati"), NOW, reason="Salah alamat", new_task_id=fresh_id()
    )
    assert new is not None
    assert new.position_id == offices.position_id("tu.setda")
    assert it.state is LetterState.UNDER_DISPOSITION


def test_a_returned_copy_leaves_no_work() -> None:
    it = letter(copies=("wabup",))
    new = acts.give_back(
        it, task_of(it, "wabup"), NOW, reason="Bukan urusan", new_task_id=fresh_id()
    )
    assert new is None


def test_void_only_before_anybody_acted() -> None:
    it = letter()
    acts.read(it, task_of(it, "bupati"), NOW)
    closing.void(it, NOW, reason="Salah catat")
    assert it.state is LetterState.VOID
    other = letter()
    dispose(other, ORG, task_of(other, "bupati"), ("sekda", HANDLE))
    with pytest.raises(Conflict):
        closing.void(other, NOW, reason="Terlambat")


def test_nothing_moves_in_an_ended_letter() -> None:
    it = letter()
    closing.void(it, NOW, reason="Salah catat")
    with pytest.raises(Conflict):
        acts.read(it, task_of(it, "bupati"), NOW)
