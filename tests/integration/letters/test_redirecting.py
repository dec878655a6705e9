"""Redirect, re-open, acknowledge many, remind: what an office expects of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.database import Database
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from contracts.letters import (
    CloseLetter,
    GiveReason,
    Outcome,
    ReportTask,
    Role,
    VoidLetter,
)
from contracts.letters.dispositions import (
    AcknowledgeTasks,
    GivenTasksQuery,
    RedirectLetter,
    RemindTask,
    ReopenLetter,
)
from services.letters import views_given
from services.letters.use_cases import (
    closing,
    reading,
    redirecting,
    reminding,
    reopening,
    working,
)
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

WHY = ReopenLetter(reason="Belum selesai")


def redirect(desk: Desk, letter_id: UUID, *to: str, who: str = "tu.setda") -> Any:
    ids = [offices.position_id(one) for one in to]
    body = RedirectLetter(addressees=ids, reason="Salah alamat")
    return desk.do(who, redirecting.redirect_letter, letter_id, body)


def types(desk: Desk, letter_id: UUID) -> list[str]:
    return [one["type"] for one in desk.published(letter_id)]


def test_a_letter_goes_to_the_right_office(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati"])
    desk.do("bupati", working.read_task, desk.task_of(letter.letter_id, "bupati"))
    done = redirect(desk, letter.letter_id, "sekda")
    assert done.addressees == [offices.position_id("sekda")]
    lists = desk.tracking("sekda", letter.letter_id)
    assert [one.position_id for one in lists.must_handle] == done.addressees
    assert lists.must_handle[0].due_at == letter.due_at
    told = desk.published(letter.letter_id)[-1]["data"]
    assert set(told["recipients"]) == {
        str(offices.position_id(one)) for one in ("bupati", "sekda")
    }
    # He had it before him: what he could read he may read, and only look.
    old = desk.do("bupati", reading.get_letter, letter.letter_id).my_tasks
    assert [one.state for one in old] == ["cancelled"]
    with pytest.raises(Conflict):
        desk.dispose("bupati", letter.letter_id, ("kadis.dinkes",))


def test_one_who_stays_keeps_his_task(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    kept = desk.task_of(letter.letter_id, "bupati")
    redirect(desk, letter.letter_id, "bupati", "sekda")
    assert desk.task_of(letter.letter_id, "bupati") == kept
    handle = desk.tracking("bupati", letter.letter_id).must_handle
    assert {one.position_id for one in handle} == {
        offices.position_id(one) for one in ("bupati", "sekda")
    }


def test_what_came_back_to_the_registrar_goes_on(desk: Desk) -> None:
    letter = desk.register(addressees=["wabup"])
    task_id = desk.task_of(letter.letter_id, "wabup")
    desk.do("wabup", working.return_task, task_id, GiveReason(reason="Bukan saya"))
    redirect(desk, letter.letter_id, "sekda")
    (holding,) = desk.tracking("sekda", letter.letter_id).must_handle
    assert holding.position_id == offices.position_id("sekda")


@pytest.mark.parametrize("begin", ["dispose", "report"])
def test_a_branch_that_began_is_not_torn_off(desk: Desk, begin: str) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    if begin == "dispose":
        desk.dispose("bupati", letter.letter_id, ("sekda",))
    else:
        task_id = desk.task_of(letter.letter_id, "bupati")
        body = ReportTask(text="Sebagian", final=False)
        desk.do("bupati", working.report_task, task_id, body)
    with pytest.raises(Conflict) as refused:
        redirect(desk, letter.letter_id, "sekda")
    assert refused.value.code == "branch_begun"
    assert refused.value.facts["position_ids"] == [str(offices.position_id("bupati"))]
    # The other branch did not begin.
    redirect(desk, letter.letter_id, "bupati", "sekda")


def test_who_may_redirect_and_whereto(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati"])
    with pytest.raises(Forbidden):
        redirect(desk, letter.letter_id, "wabup", who="bupati")
    for who in ("wabup", "tu.dinkes"):
        with pytest.raises(NotFound):
            redirect(desk, letter.letter_id, "wabup", who=who)
    with pytest.raises(Forbidden) as refused:
        redirect(desk, letter.letter_id, "kadis.dinkes")
    assert refused.value.code == "outside_register"
    for to in (("bupati",), ("sekda", "sekda")):
        with pytest.raises(Invalid):
            redirect(desk, letter.letter_id, *to)
    desk.do("tu.setda", closing.void_letter, letter.letter_id, VoidLetter(reason="x"))
    with pytest.raises(Conflict):
        redirect(desk, letter.letter_id, "wabup")


def test_a_closed_letter_is_opened_again(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    end = CloseLetter(outcome=Outcome.NOTED, force=True)
    desk.do("bupati", closing.close_letter, letter.letter_id, end)
    done = desk.do("bupati", reopening.reopen_letter, letter.letter_id, WHY)
    assert (done.state, done.outcome, done.closed_at) == (
        "under_disposition",
        None,
        None,
    )
    tracking = desk.tracking("bupati", letter.letter_id)
    assert [one.position_id for one in tracking.must_handle] == [
        offices.position_id("bupati")
    ]
    entry = tracking.timeline[-1]
    assert (entry.action, entry.detail["outcome"]) == ("reopened", "noted")
    assert types(desk, letter.letter_id)[-1] == "letter.reopened.v1"
    with pytest.raises(Conflict):
        desk.do("bupati", reopening.reopen_letter, letter.letter_id, WHY)


def test_the_registrar_opens_it_for_all_addressees(desk: Desk) -> None:
    letter = desk.register(addressees=["bupati", "wabup"])
    for who in ("bupati", "wabup"):
        body = ReportTask(text="Selesai", final=True)
        desk.do(who, working.report_task, desk.task_of(letter.letter_id, who), body)
    with pytest.raises(Forbidden):
        desk.do("sekda", reopening.reopen_letter, letter.letter_id, WHY)
    desk.do("tu.setda", reopening.reopen_letter, letter.letter_id, WHY)
    assert len(desk.tracking("bupati", letter.letter_id).must_handle) == 2


def test_many_are_acknowledged_each_with_its_result(desk: Desk) -> None:
    letters = [desk.register(copies=["wabup"]) for _ in range(3)]
    mine = [desk.task_of(one.letter_id, "wabup") for one in letters]
    not_mine = desk.task_of(letters[0].letter_id, "bupati")
    nowhere = offices.unit_id("nowhere")
    desk.do("wabup", working.acknowledge_task, mine[1])
    body = AcknowledgeTasks(task_ids=[mine[2], nowhere, mine[1], not_mine, mine[0]])
    results = desk.do("wabup", reminding.acknowledge_tasks, body).results
    assert [one.task_id for one in results] == body.task_ids
    assert [one.code for one in results] == [
        None,
        "not_found",
        "illegal_transition",
        "position_not_held",
        None,
    ]
    assert [one.ok for one in results] == [True, False, False, False, True]
    assert results[0].task is not None
    assert results[0].task.state == "completed"
    assert results[1].task is None
    for one in letters:
        told = types(desk, one.letter_id)
        assert told.count("task.completed.v1") == 1


def test_a_reminder_once_a_day(desk: Desk, database: Database) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    task_id = desk.task_of(letter.letter_id, "sekda")
    body = RemindTask(note="Ditunggu sebelum Jumat")
    with pytest.raises(Forbidden):
        desk.do("sekda", reminding.remind_task, task_id, body)
    desk.do("bupati", reminding.remind_task, task_id, body)
    with pytest.raises(TooMany) as refused:
        desk.later(hours=13).do("bupati", reminding.remind_task, task_id, body)
    # 10:00 in Kandangan, thirteen hours later: an hour to midnight.
    assert 3_590 < refused.value.facts["retry_after"] <= 3_601
    desk.later(hours=14).do("bupati", reminding.remind_task, task_id, body)
    assert types(desk, letter.letter_id).count("task.reminded.v1") == 2
    told = desk.tracking("sekda", letter.letter_id).timeline[-1]
    assert (told.action, told.detail["note"]) == ("reminded", body.note)
    assert (
        desk.tracking("tu.setda", letter.letter_id).timeline[-1].detail.get("note")
        is None
    )


def test_nobody_is_reminded_of_what_is_done(desk: Desk) -> None:
    letter = desk.register()
    root = desk.task_of(letter.letter_id, "bupati")
    with pytest.raises(Forbidden):  # nobody gave it
        desk.do("tu.setda", reminding.remind_task, root, RemindTask())
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    task_id = desk.task_of(letter.letter_id, "sekda")
    body = ReportTask(text="Selesai", final=True)
    desk.do("sekda", working.report_task, task_id, body)
    with pytest.raises(Conflict):  # it is the giver's turn
        desk.do("bupati", reminding.remind_task, task_id, RemindTask())


def test_redirecting_late_gives_time_anew(desk: Desk) -> None:
    letter = desk.register(urgency="amat_segera")
    late = desk.later(days=3)
    redirect(late, letter.letter_id, "sekda")
    (holding,) = late.tracking("sekda", letter.letter_id).must_handle
    assert holding.due_at == late.now + timedelta(hours=24)


def given(desk: Desk, who: str, **query: Any) -> list[Any]:
    wanted = GivenTasksQuery(**query)
    return desk.look(who, views_given.given, wanted).items


def test_how_far_is_what_i_gave(desk: Desk) -> None:
    letter = desk.register(subject="Tanggul 100% darurat")
    letter_id = letter.letter_id
    desk.dispose("bupati", letter_id, ("sekda",), ("wabup", "inform"))
    desk.dispose("sekda", letter_id, ("kadis.dinkes",), ("kadis.kominfo",))
    done = desk.task_of(letter_id, "kadis.dinkes")
    final = ReportTask(text="Selesai", final=True)
    desk.do("kadis.dinkes", working.report_task, done, final)
    desk.do("sekda", working.approve_task, done)
    task_id = desk.task_of(letter_id, "sekda")
    desk.do("bupati", reminding.remind_task, task_id, RemindTask())
    late = desk.later(days=4)
    of_letter = {"letter_id": letter_id}
    (one,) = given(late, "bupati", **of_letter, role=Role.HANDLE)
    assert one.task_id == task_id
    assert (one.progress.children, one.progress.open_children) == (2, 1)
    assert (one.progress.completed_children, one.progress.overdue_children) == (1, 1)
    assert one.reminded_at == desk.now
    assert one.progress.last_report_at is None
    to = offices.position_id("wabup")
    assert [t.role for t in given(late, "bupati", **of_letter, to_position_id=to)] == [
        "inform"
    ]
    for sought, found in (
        ("100% DAR", 2),
        ("100_ dar", 0),
        (letter.agenda_number, 2),
        ("kucing", 0),
    ):
        assert len(given(late, "bupati", **of_letter, q=sought)) == found


def test_what_waits_for_me(desk: Desk) -> None:
    letter_id = desk.register().letter_id
    desk.dispose("bupati", letter_id, ("sekda",))
    desk.dispose("sekda", letter_id, ("kadis.dinkes",))
    task_id = desk.task_of(letter_id, "kadis.dinkes")
    final = ReportTask(text="Selesai", final=True)
    desk.do("kadis.dinkes", working.report_task, task_id, final)
    asked = {"letter_id": letter_id, "waiting": True}
    assert [one.task_id for one in given(desk, "sekda", **asked)] == [task_id]
    assert given(desk, "sekda", letter_id=letter_id, waiting=False) == []
    assert given(desk, "bupati", **asked) == []
    # The secretary's office is vacant now: the approval falls to the regent.
    vacant = Desk(desk.database, offices.regency(vacant=["sekda"]))
    (one,) = given(vacant, "bupati", **asked)
    assert vacant.do("bupati", working.approve_task, one.task_id).state == "completed"


def test_a_list_is_no_way_into_secret_words(desk: Desk) -> None:
    letter = desk.register(secrecy="rahasia", subject="Rencana operasi")
    desk.dispose("bupati", letter.letter_id, ("sekda",))
    asked = {"letter_id": letter.letter_id}
    assert len(given(desk, "bupati", **asked, q=letter.agenda_number)) == 1
    assert given(desk, "bupati", **asked, q="operasi") == []
