"""A due time in somebody's absence, and what an acting official takes over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from chassis.database import Database
from contracts import codec
from contracts.actor import PersonRef
from contracts.directory import AssignmentEnded, AssignmentStarted
from contracts.letters import ChangeDue, IssueDisposition
from services.letters.caller import Caller
from services.letters.domain import absence
from services.letters.unit_of_work import opener
from services.letters.use_cases import disposing, taking_over, working
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

BEGINS = offices.NOW + timedelta(days=1)
ENDS = offices.NOW + timedelta(days=8)
PLH = msgspec.structs.replace(
    offices.holds("asisten.1", "sekda", "plh", until=ENDS), starts_at=BEGINS
)


@pytest.fixture
def away(database: Database) -> Desk:
    """Sekda is away from tomorrow for a week; Assistant 1 acts for him."""
    return Desk(database, offices.regency(also=[PLH]))


def test_the_giver_hears_who_will_have_it(away: Desk) -> None:
    letter_id = away.register(urgency="segera").letter_id  # due in two days
    given = away.dispose("bupati", letter_id, ("sekda",), ("wabup",))
    (notice,) = given.warnings
    assert (notice.code, notice.position_id) == (
        "recipient_absent",
        offices.position_id("sekda"),
    )
    assert (notice.from_, notice.until) == (BEGINS, ENDS)
    assert notice.acting.person_id == offices.person_id("asisten.1")
    assert notice.acting.capacity == "plh"


def test_before_sending_the_portal_asks_who_will_be_away(away: Desk) -> None:
    asked = [offices.position_id(code) for code in ("sekda", "wabup")]
    during = absence.expected(away.org, asked, BEGINS + timedelta(days=1))
    assert [(one.position_id, one.until) for one in during] == [(asked[0], ENDS)]
    assert absence.expected(away.org, asked, ENDS + timedelta(days=1)) == []


def test_a_new_due_time_is_judged_again(away: Desk) -> None:
    letter_id = away.register(urgency="amat_segera").letter_id
    soon = {"due_at": (BEGINS - timedelta(hours=2)).isoformat()}
    line = {"position_id": offices.position_id("sekda"), "role": "handle", **soon}
    given = dispose(away, letter_id, line)
    assert given.warnings == []
    task_id = given.tasks[0].task_id
    for days, codes in ((3, ["recipient_absent"]), (20, [])):
        later = ChangeDue(due_at=away.now + timedelta(days=days), reason="Longgar")
        changed = away.do("bupati", working.change_due, task_id, later)
        assert [one.code for one in changed.warnings] == codes


def dispose(desk: Desk, letter_id: UUID, line: dict[str, Any]) -> Any:
    body = codec.load(IssueDisposition, codec.dump({"recipients": [line]}))
    return desk.do("bupati", disposing.issue_disposition, letter_id, body)


def test_the_task_goes_to_the_acting_official_in_his_time(away: Desk) -> None:
    letter_id = away.register().letter_id
    away.dispose("bupati", letter_id, ("sekda",))
    task_id = away.task_of(letter_id, "sekda")
    in_his_time = away.later(days=2)
    done = in_his_time.do("asisten.1", working.accept_task, task_id)
    assert done.state == "in_progress"
    (holding,) = in_his_time.tracking("bupati", letter_id).must_handle
    assert holding.person is not None
    assert holding.person.person_id == offices.person_id("asisten.1")


@pytest.mark.parametrize("kind", [AssignmentStarted, AssignmentEnded])
def test_one_summary_at_the_beginning_and_at_the_end(away: Desk, kind: Any) -> None:
    first, second = (away.register().letter_id for _ in range(2))
    for one in (first, second):
        away.dispose("bupati", one, ("kabag.kesra",))
    told = tell(away.later(days=3), kind, "kabag.kesra", "plh")
    assert told["open_tasks"] == 2 == told["overdue_tasks"]
    assert told["began"] is (kind is AssignmentStarted)
    assert told["person_id"] == str(offices.person_id("asisten.1"))
    for one in (first, second):
        task_id = away.task_of(one, "kabag.kesra")
        away.do("bupati", working.withdraw_task, task_id)
    assert tell(away, kind, "kabag.kesra", "plh") is None  # nothing waits there
    assert tell(away, kind, "bupati", "definitive") is None  # no stand-in


def test_givers_hear_of_an_absence_that_was_not_known_when_they_gave(
    desk: Desk,
) -> None:
    """The other order: given first, the Plh appointed afterwards."""
    for days in (2, 3, 30):
        due_at = (desk.now + timedelta(days=days)).isoformat()
        to = {"position_id": offices.position_id("asisten.2"), "role": "handle"}
        given = dispose(desk, desk.register().letter_id, {**to, "due_at": due_at})
        assert given.warnings == []
    told = tell(desk, AssignmentStarted, "asisten.2", "plh")

    assert told is not None
    (one,) = told["givers"]
    assert (one["position_id"], one["tasks"]) == (str(offices.position_id("bupati")), 2)
    for kind, capacity in ((AssignmentStarted, "plt"), (AssignmentEnded, "plh")):
        other = tell(desk, kind, "asisten.2", capacity)
        assert other is not None
        assert other["givers"] == []


def tell(desk: Desk, kind: Any, office: str, capacity: str) -> dict[str, Any] | None:
    event = kind(
        assignment_id=PLH.assignment_id,
        person=PersonRef(person_id=offices.person_id("asisten.1"), name="Asisten"),
        position=desk.org.position_ref(offices.position_id(office)),
        capacity=type(PLH.capacity)(capacity),
        starts_on=BEGINS.date(),
        ends_on=None,
        starts_at=BEGINS,
        ends_at=ENDS,
    )
    with opener(desk.database, lambda: desk.now)() as uow:
        taking_over.tell_taken_over(uow, Caller.nobody(desk.org, desk.now), event)
        queued = [one.data for one in uow._events]
        uow.commit()
    stored = sa.text("SELECT count(*) FROM outbox WHERE type = 'tasks.taken_over.v1'")
    with desk.database.session() as session:
        assert bool(session.scalar(stored)) or not queued
    return queued[0] if queued else None
