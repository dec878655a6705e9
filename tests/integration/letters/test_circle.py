"""Letters and schedule together on the bus: from an answer to time, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chassis import clock
from chassis.database import Database
from chassis.testing import RpcCall, RunService, wait_until
from contracts.errors import NotFound
from contracts.schedule import SERVICE as SCHEDULE
from services.letters.service import Service
from services.schedule.service import Service as Schedule
from tests.integration.letters.desk import letter_body
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import offices


class Both(Served):
    def on_schedule(self, who: str, method: str, /, **kwargs: Any) -> Any:
        return self.call(who, method, service=SCHEDULE, **kwargs)

    def activity(self, letter_id: str) -> Any:
        """Of a letter, as soon as the two are linked."""

        def linked() -> Any:
            found = self.call("bupati", "get_letter", letter_id=letter_id)
            return found["activity_id"]

        return self.seen(wait_until(linked))

    def seen(self, activity_id: str) -> Any:
        return self.on_schedule("bupati", "get_activity", activity_id=activity_id)


@pytest.fixture(scope="module")
def both(
    run_service: RunService,
    rpc_call: RpcCall,
    database: Database,
    database_of: Callable[[str], Database],
) -> Both:
    for each in (database, database_of("schedule")):
        fill_copy(each)
    run_service(Schedule)
    run_service(Service)
    return Both(rpc_call)


def invited(both: Both, days: int) -> str:
    starts_at = (clock.now() + timedelta(days=days)).isoformat()
    body = letter_body(invitation={"starts_at": starts_at, "place": "Aula"})
    made: str = both.act("tu.setda", "register_letter", body=body)["letter_id"]
    return made


def answer(both: Both, letter_id: str, decision: str, **more: Any) -> Any:
    body = {"decision": decision, **more}
    return both.act("bupati", "decide_attendance", letter_id=letter_id, body=body)


def test_what_was_called_off_is_answered_again_and_stands_again(both: Both) -> None:
    letter_id = invited(both, 3)
    answer(both, letter_id, "attend")
    activity = both.activity(letter_id)
    assert activity["state"] == "confirmed"

    both.on_schedule(
        "bupati",
        "cancel_activity",
        activity_id=activity["activity_id"],
        body={"reason": "Batal"},
    )
    tracked = {"letter_id": letter_id}

    def told() -> bool:
        timeline = both.call("bupati", "get_letter_tracking", **tracked)["timeline"]
        return timeline[-1]["action"] == "activity_cancelled"

    assert wait_until(told)
    answer(both, letter_id, "attend")

    def stands() -> bool:
        return bool(both.seen(activity["activity_id"])["state"] == "confirmed")

    assert wait_until(stands)


def test_a_changed_mind_reaches_the_schedule(both: Both) -> None:
    letter_id = invited(both, 4)
    answer(both, letter_id, "attend")
    activity_id = both.activity(letter_id)["activity_id"]
    sekda = str(offices.position_id("sekda"))
    answer(both, letter_id, "represent", represented_by=sekda)

    def goes_instead() -> bool:
        lines = both.seen(activity_id)["participants"]
        coming = {one["position_id"] for one in lines if one["response"] == "attending"}
        return coming == {sekda}

    assert wait_until(goes_instead)


def respond(both: Both, activity_id: str, response: str, by: str | None = None) -> None:
    both.on_schedule(
        "bupati",
        "respond_to_activity",
        activity_id=activity_id,
        position_id=str(offices.position_id("bupati")),
        body={"response": response, "represented_by": by},
    )


@pytest.mark.parametrize("answered", [True, False])
def test_who_goes_instead_by_the_activity_gets_the_letter(
    both: Both, answered: bool
) -> None:
    letter_id = invited(both, 6 + answered)
    asisten = str(offices.position_id("asisten.1"))
    if answered:
        answer(both, letter_id, "attend")
    else:  # the aide is to put it on the agenda, nobody has answered
        line = {
            "position_id": str(offices.position_id("sekda")),
            "role": "handle",
            "instructions": ["agendakan"],
        }
        body = {"recipients": [line]}
        both.act("bupati", "issue_disposition", letter_id=letter_id, body=body)
    activity_id = both.activity(letter_id)["activity_id"]
    with pytest.raises(NotFound):
        both.call("asisten.1", "get_letter", letter_id=letter_id)

    respond(both, activity_id, "represented", asisten)

    def reads() -> Any:
        try:
            return both.call("asisten.1", "get_letter", letter_id=letter_id)
        except NotFound:
            return None

    tasks = wait_until(reads)["my_tasks"]
    assert [task["role"] for task in tasks] == ["inform" if answered else "represent"]
    respond(both, activity_id, "attending")

    def called_off() -> bool:
        (task,) = reads()["my_tasks"]
        return task["state"] in ("withdrawn", "cancelled")

    assert wait_until(called_off)
