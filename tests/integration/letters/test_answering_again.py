"""An invitation answered again: a changed mind, an activity that was called off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.ids import new_id
from contracts import codec
from contracts.actor import ActorRef
from contracts.errors import Conflict
from contracts.letters import DecideAttendance
from contracts.schedule import ActivityKind, ActivityState, Response, Visibility
from contracts.schedule_events import ParticipantResponded
from services.letters.use_cases import attending, hearing_answers, linking
from tests.integration.letters.desk import Desk
from tests.unit.letters import offices

DECIDED = "letter.attendance_decided.v1"
WITHDRAWN = "task.withdrawn.v1"


def answer(desk: Desk, letter_id: UUID, who: str = "bupati", **body: Any) -> Any:
    request = codec.load(DecideAttendance, body)
    return desk.do(who, attending.decide_attendance, letter_id, request)


def send(desk: Desk, letter_id: UUID, other: str) -> Any:
    sent = str(offices.position_id(other))
    return answer(desk, letter_id, decision="represent", represented_by=sent)


def told(desk: Desk, letter_id: UUID, kind: str) -> list[dict[str, Any]]:
    return [one["data"] for one in desk.published(letter_id) if one["type"] == kind]


def test_who_falls_ill_takes_his_word_back(desk: Desk) -> None:
    letter = desk.register()
    answer(desk, letter.letter_id, decision="attend")
    later = desk.later(minutes=5)
    done = answer(later, letter.letter_id, decision="decline", note="Sakit")

    assert done.letter_state == "completed"
    assert [one["decision"] for one in told(desk, letter.letter_id, DECIDED)] == [
        "attend",
        "decline",
    ]
    assert done.tasks[0].reports[-1].text == "Sakit"
    lines = [one.action for one in desk.tracking("bupati", letter.letter_id).timeline]
    assert lines.count("attendance_decided") == 2
    assert lines.count("letter_completed") == 1


def test_who_then_sends_somebody_has_the_letter_until_that_one_is_back(
    desk: Desk,
) -> None:
    letter = desk.register()
    answer(desk, letter.letter_id, decision="attend")
    done = send(desk, letter.letter_id, "wabup")

    assert done.letter_state == "under_disposition"
    assert [task.role for task in done.tasks] == ["handle", "represent"]
    assert told(desk, letter.letter_id, "letter.reopened.v1")
    answer(desk, letter.letter_id, "wabup", decision="attend")
    tracking = desk.tracking("bupati", letter.letter_id)
    bupati = offices.position_id("bupati")
    assert [one.waiting_for for one in tracking.must_handle] == [bupati]


def test_who_goes_himself_after_all_calls_the_representative_off(desk: Desk) -> None:
    letter = desk.register()
    send(desk, letter.letter_id, "wabup")
    send(desk, letter.letter_id, "sekda")
    gone = [one["position_id"] for one in told(desk, letter.letter_id, WITHDRAWN)]
    assert gone == [str(offices.position_id("wabup"))]

    done = answer(desk, letter.letter_id, decision="attend")

    assert done.letter_state == "completed"
    gone = [one["position_id"] for one in told(desk, letter.letter_id, WITHDRAWN)]
    assert gone[1:] == [str(offices.position_id("sekda"))]


def test_the_same_is_said_again_only_of_what_was_called_off(desk: Desk) -> None:
    letter = desk.register()
    answer(desk, letter.letter_id, decision="attend")
    with pytest.raises(Conflict, match="illegal_transition"):
        answer(desk, letter.letter_id, decision="attend")

    desk.do("bupati", linking.note_called_off, letter.letter_id)
    answer(desk, letter.letter_id, decision="attend")

    assert len(told(desk, letter.letter_id, DECIDED)) == 2
    with pytest.raises(Conflict, match="illegal_transition"):
        answer(desk, letter.letter_id, decision="attend")
    desk.do("bupati", linking.note_called_off, offices.unit_id("none"))  # no letter


def test_nobody_changes_his_mind_about_the_past(desk: Desk) -> None:
    letter = desk.register()
    answer(desk, letter.letter_id, decision="attend")
    late = Desk(desk.database, desk.org, desk.now + timedelta(days=30))
    with pytest.raises(Conflict, match="illegal_transition"):
        answer(late, letter.letter_id, decision="decline")


# ---- answered through the activity ---------------------------------------------------


def responded(letter_id: UUID, by: str | None) -> ParticipantResponded:
    return ParticipantResponded(
        activity_id=new_id(),
        version=1,
        title=None,
        kind=ActivityKind.UNDANGAN,
        starts_at=offices.NOW,
        ends_at=None,
        state=ActivityState.CONFIRMED,
        visibility=Visibility.INTERNAL,
        organiser_unit_id=offices.unit_id("setda"),
        place_name=None,
        letter_id=letter_id,
        participants=(),
        resource_ids=(),
        keeper_position_ids=(),
        requester_position_id=None,
        requester_person_id=None,
        requester_client_id=None,
        position_id=offices.position_id("bupati"),
        response=Response.REPRESENTED if by else Response.ATTENDING,
        represented_by=offices.position_id(by) if by else None,
    )


@pytest.mark.parametrize(("secrecy", "tasks"), [("terbatas", 1), ("rahasia", 0)])
def test_a_representative_gets_the_letter_once_and_never_a_secret_one(
    desk: Desk, secrecy: str, tasks: int
) -> None:
    letter_id = desk.register(secrecy=secrecy).letter_id
    for by in (None, "wabup", "wabup"):  # heard twice, under two ids
        event = responded(letter_id, by)
        desk.do("bupati", hearing_answers.hear_answer, event, ActorRef())

    issued = told(desk, letter_id, "disposition.issued.v1")
    assert len(issued) == tasks
    timeline = desk.tracking("bupati", letter_id).timeline
    lines = [one for one in timeline if one.action == "attendance_decided"]
    assert [one.detail["represented_by"] for one in lines] == [
        str(offices.position_id("wabup"))
    ]
    assert told(desk, letter_id, DECIDED) == []  # the schedule knows
