"""The main job: register, dispose, report, approve, and where the letter is."""

from __future__ import annotations

import pytest

from contracts import codec
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.letters import GiveReason, LettersQuery, ReportTask, TasksQuery
from services.letters import views_letters, views_tasks
from services.letters.use_cases import reading, working
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices


def test_a_letter_goes_its_way_and_is_completed(desk: Desk) -> None:
    letter = desk.register(copies=["wabup"])
    assert letter.agenda_number.startswith("SM/")
    assert letter.state == "registered"

    given = desk.later(minutes=5).dispose(
        "bupati", letter.letter_id, ("sekda", "handle", "tindaklanjuti"), note="Segera"
    )
    deep = desk.later(minutes=9)
    deep.dispose(
        "sekda",
        letter.letter_id,
        ("kadis.kominfo", "handle", "tindaklanjuti"),
        ("kadis.dinkes", "coordinate", "koordinasikan"),
    )
    tracking = deep.tracking("bupati", letter.letter_id)
    assert [one.position_id for one in tracking.must_handle] == [
        offices.position_id("kadis.kominfo")
    ]
    assert [one.position_id for one in tracking.following] == [
        offices.position_id("bupati"),
        offices.position_id("sekda"),
    ]
    assert tracking.following[0].waiting_for == offices.position_id("kadis.kominfo")
    assert len(tracking.must_coordinate) == 1
    assert [one.position_id for one in tracking.informed] == [
        offices.position_id("wabup")
    ]
    assert given.tasks[0].note == "Segera"

    final = codec.load(ReportTask, {"text": "Beres", "final": True})
    kominfo = desk.task_of(letter.letter_id, "kadis.kominfo")
    deep.do("kadis.kominfo", working.report_task, kominfo, final)
    waiting = deep.tracking("bupati", letter.letter_id)
    assert waiting.must_handle[0].waiting_for == offices.position_id("sekda")
    deep.do("sekda", working.approve_task, kominfo)
    dinkes = desk.task_of(letter.letter_id, "kadis.dinkes")
    deep.do("kadis.dinkes", working.acknowledge_task, dinkes)
    sekda = desk.task_of(letter.letter_id, "sekda")
    deep.do("sekda", working.report_task, sekda, final)
    deep.do("bupati", working.approve_task, sekda)

    done = deep.tracking("bupati", letter.letter_id)
    assert done.state == "completed"
    assert not (done.must_handle)
    assert not (done.must_coordinate)
    assert not (done.following)
    types = [one["type"] for one in desk.published(letter.letter_id)]
    assert types[0] == "letter.registered.v1"
    assert types[-1] == "letter.completed.v1"
    assert types.count("task.completed.v1") == 4


def test_a_stranger_sees_nothing(desk: Desk) -> None:
    letter = desk.register()
    for use_case in (reading.get_letter, reading.get_letter_tracking):
        with pytest.raises(NotFound):
            desk.do("kadis.kominfo", use_case, letter.letter_id)
    with pytest.raises(NotFound):
        desk.do("admin", reading.get_letter, letter.letter_id)
    with pytest.raises(NotFound):
        desk.dispose("kadis.kominfo", letter.letter_id, ("kadis.dinkes", "inform"))


def test_authority(desk: Desk) -> None:
    letter = desk.register(addressees=["kadis.kominfo"], who="tu.kominfo")
    with pytest.raises(Forbidden) as sideways:
        desk.dispose("kadis.kominfo", letter.letter_id, ("kadis.dinkes", "handle"))
    assert sideways.value.code == "outside_authority"
    with pytest.raises(Invalid) as oneself:
        desk.dispose("kadis.kominfo", letter.letter_id, ("kadis.kominfo", "inform"))
    assert oneself.value.errors[0]["field"] == "/recipients/0/position_id"
    with pytest.raises(Invalid):
        desk.dispose(
            "kadis.kominfo",
            letter.letter_id,
            ("kadis.dinkes", "inform"),
            ("kadis.dinkes", "inform"),
        )
    desk.dispose("kadis.kominfo", letter.letter_id, ("kadis.dinkes", "coordinate"))


def test_lists_and_search(desk: Desk) -> None:
    letter = desk.register(subject="Permohonan pembangunan jembatan Nagara")
    found = desk.look(
        "bupati", views_letters.listed, LettersQuery(q="jembatan", limit=1)
    )
    assert [one.letter_id for one in found.items] == [letter.letter_id]
    by_number = LettersQuery(q=letter.agenda_number)
    found = desk.look("bupati", views_letters.listed, by_number)
    assert found.items[0].letter_id == letter.letter_id
    tasks = desk.look(
        "bupati", views_tasks.mine, TasksQuery(letter_id=letter.letter_id)
    )
    assert [one.state for one in tasks.items] == ["sent"]
    counted = desk.look("bupati", views_tasks.counters)
    assert counted.open_tasks >= counted.unread_tasks >= 1


def test_returned_leaves_the_giver_with_a_task(desk: Desk) -> None:
    letter = desk.register()
    desk.dispose("bupati", letter.letter_id, ("sekda", "handle"))
    sekda = desk.task_of(letter.letter_id, "sekda")
    reason = GiveReason(reason="Bukan kewenangan")
    desk.do("sekda", working.return_task, sekda, reason)
    tracking = desk.tracking("bupati", letter.letter_id)
    assert tracking.state == "under_disposition"
    assert [one.position_id for one in tracking.must_handle] == [
        offices.position_id("bupati")
    ]
    with pytest.raises(Conflict):
        desk.do("sekda", working.return_task, sekda, reason)
