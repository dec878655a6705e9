"""Which event an act publishes, whom it tells, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from contracts.letters import (
    DispositionIssued,
    LetterClosed,
    LetterCompleted,
    LetterFacts,
    LetterVoided,
    Outcome,
    Role,
    Secrecy,
    TaskCancelled,
    TaskCompleted,
    TaskDueChanged,
    TaskRejected,
    TaskReported,
    TaskReturned,
    TaskWithdrawn,
)
from services.letters.domain import acts, closing
from services.letters.domain.letter import Letter
from services.letters.publishing import Publishing
from tests.unit.letters import offices
from tests.unit.letters.model import dispose, fresh_id, letter, task_of
from tests.unit.letters.offices import NOW, position_id

ORG = offices.regency()
WISHES = {"tindaklanjuti": None, "wakili": "recipient"}


def events_of(it: Letter, acting: str | None) -> list[LetterFacts]:
    """What the records so far publish; the records are used up."""
    who = position_id(acting) if acting else None
    publishing = Publishing(it, ORG, WISHES, who, NOW)
    found = [publishing.event(record) for record in it.records]
    it.records.clear()
    return [event for event in found if event is not None]


def told(events: list[LetterFacts], kind: type[LetterFacts]) -> list[str]:
    """Codes of the offices the event of this kind is for."""
    codes = {row.position_id: row.code for row in ORG.positions}
    (event,) = [one for one in events if isinstance(one, kind)]
    return [codes[one] for one in event.recipients]


def started() -> Letter:
    """Bupati gave it to Sekda, who read it."""
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", Role.HANDLE))
    it.records.clear()
    acts.accept(it, sekda, NOW)
    it.records.clear()
    return it


def reported() -> Letter:
    it = started()
    acts.report(it, task_of(it, "sekda"), NOW, final=True, report_id=fresh_id())
    it.records.clear()
    return it


Act = Callable[[Letter], object]
SOONER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "act", "acting", "kind", "recipients"),
    [
        (
            started,
            lambda it: acts.report(
                it, task_of(it, "sekda"), NOW, final=True, report_id=fresh_id()
            ),
            "sekda",
            TaskReported,
            ["bupati"],
        ),
        (
            started,
            lambda it: acts.give_back(
                it, task_of(it, "sekda"), NOW, reason="x", new_task_id=fresh_id()
            ),
            "sekda",
            TaskReturned,
            ["bupati"],
        ),
        (
            started,
            lambda it: acts.cancel(it, task_of(it, "sekda"), NOW, reason="x"),
            "bupati",
            TaskCancelled,
            ["sekda"],
        ),
        (
            started,
            lambda it: acts.change_due(
                it, task_of(it, "sekda"), NOW, due_at=SOONER, reason="x"
            ),
            "bupati",
            TaskDueChanged,
            ["sekda"],
        ),
        (
            reported,
            lambda it: acts.reject(it, task_of(it, "sekda"), NOW, reason="x"),
            "bupati",
            TaskRejected,
            ["sekda"],
        ),
        (
            reported,
            lambda it: acts.approve(it, task_of(it, "sekda"), NOW),
            "bupati",
            LetterCompleted,
            ["tu.setda"],
        ),
        (
            started,
            lambda it: closing.close(
                it, NOW, by=(), outcome=Outcome.NOTED, decision=None, force=True
            ),
            "bupati",
            LetterClosed,
            ["tu.setda", "sekda"],
        ),
        (
            letter,
            lambda it: closing.void(it, NOW, reason="x"),
            "tu.setda",
            LetterVoided,
            ["bupati"],
        ),
    ],
)
def test_whom_an_act_tells(
    start: Callable[[], Letter],
    act: Act,
    acting: str,
    kind: type[LetterFacts],
    recipients: list[str],
) -> None:
    it = start()
    act(it)
    assert told(events_of(it, acting), kind) == recipients


def test_a_disposition_tells_its_recipients() -> None:
    it = letter()
    dispose(
        it,
        ORG,
        task_of(it, "bupati"),
        ("sekda", Role.HANDLE),
        ("wabup", Role.INFORM),
    )
    assert told(events_of(it, "bupati"), DispositionIssued) == ["sekda", "wabup"]


def test_a_withdrawn_task_is_told_to_whom_it_was_for() -> None:
    it = letter()
    (sekda,) = dispose(it, ORG, task_of(it, "bupati"), ("sekda", Role.HANDLE))
    it.records.clear()
    acts.withdraw(it, sekda, NOW)
    assert told(events_of(it, "bupati"), TaskWithdrawn) == ["sekda"]


def test_closing_is_one_event_not_one_per_task() -> None:
    it = started()
    closing.close(it, NOW, by=(), outcome=Outcome.NOTED, decision=None, force=True)
    assert [type(one) for one in events_of(it, "bupati")] == [LetterClosed]


def test_an_end_says_how_it_came() -> None:
    it = reported()
    acts.approve(it, task_of(it, "sekda"), NOW)
    ends = [one for one in events_of(it, "bupati") if isinstance(one, TaskCompleted)]
    assert [one.by for one in ends] == ["approval", "children"]


@pytest.mark.parametrize("secrecy", [one for one in Secrecy if one.rank])
def test_the_subject_of_a_restricted_letter_stays_inside(secrecy: Secrecy) -> None:
    it = letter(secrecy=secrecy)
    dispose(it, ORG, task_of(it, "bupati"), ("sekda", Role.HANDLE))
    for event in events_of(it, "bupati"):
        assert (event.subject, event.sender_name) == (None, None)
