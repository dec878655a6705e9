"""The service over the real bus: acts, refusals, races, idempotency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
import sqlalchemy as sa

from chassis.calling import Caller
from chassis.config import Config
from chassis.database import Database
from chassis.testing import RpcCall, RunService
from contracts.errors import RakatError
from services.letters.service import Service
from tests.integration.letters.desk import letter_body, recipient
from tests.integration.letters.serving import Served, fill_copy
from tests.unit.letters import offices

NOWHERE = "0198f000-0000-7000-8000-00000000dead"


@pytest.fixture(scope="module")
def served(run_service: RunService, rpc_call: RpcCall, database: Database) -> Served:
    fill_copy(database)
    run_service(Service)
    return Served(rpc_call)


@pytest.fixture
def race(served: Served, config: Config) -> Callable[..., list[Any]]:
    """Call many times at once, each on its own connection; answers or error codes."""

    def run(*calls: tuple[str, str, dict[str, Any]]) -> list[Any]:
        callers = [Caller(config.amqp_uri) for _ in calls]

        def one(caller: Caller, who: str, method: str, given: dict[str, Any]) -> Any:
            try:
                return Served(caller.call).act(who, method, **given)
            except RakatError as error:
                return error.code

        threads = [
            eventlet.spawn(one, caller, *call)
            for caller, call in zip(callers, calls, strict=True)
        ]
        answers = [thread.wait() for thread in threads]
        for caller in callers:
            caller.close()
        return answers

    return run


def body_of(letter: dict[str, Any], *lines: Any) -> dict[str, Any]:
    return {
        "letter_id": letter["letter_id"],
        "body": {
            "recipients": [
                {**recipient(*line), "position_id": str(offices.position_id(line[0]))}
                for line in lines
            ]
        },
    }


def register(served: Served, **changes: Any) -> dict[str, Any]:
    body = letter_body(**changes)
    answer: dict[str, Any] = served.act("tu.setda", "register_letter", body=body)
    return answer


def test_a_disposition_over_the_bus(served: Served) -> None:
    letter = register(served)
    made = served.act("bupati", "issue_disposition", **body_of(letter, ("sekda",)))
    task = made["tasks"][0]
    assert task["given_by"] == str(offices.position_id("bupati"))
    read = served.act("sekda", "read_task", task_id=task["task_id"], body={})
    assert read["state"] == "read"
    listed = served.call("sekda", "list_tasks", query={"state": "open"})
    assert task["task_id"] in [one["task_id"] for one in listed["items"]]
    assert served.call("sekda", "count_my_tasks")["open_tasks"] >= 1


def test_registering_at_once_leaves_no_gap(
    served: Served, race: Callable[..., list[Any]]
) -> None:
    start = register(served)["agenda_seq"]
    call = ("tu.setda", "register_letter", {"body": letter_body()})
    answers = race(*[call] * 16)
    assert sorted(one["agenda_seq"] for one in answers) == [
        start + number for number in range(1, 17)
    ]


def test_two_approvals_at_once_count_once(
    served: Served, race: Callable[..., list[Any]], database: Database
) -> None:
    letter = register(served)
    made = served.act("bupati", "issue_disposition", **body_of(letter, ("sekda",)))
    task_id = made["tasks"][0]["task_id"]
    report = {"text": "Selesai", "final": True}
    served.act("sekda", "report_task", task_id=task_id, body=report)
    approve = ("bupati", "approve_task", {"task_id": task_id, "body": {}})
    answers = race(*[approve] * 6)
    assert Counter(type(one) for one in answers)[dict] == 1
    assert {one for one in answers if isinstance(one, str)} == {"illegal_transition"}
    assert events(database, letter, "task.completed.v1") == 2  # the task, the root
    assert events(database, letter, "letter.completed.v1") == 1


def test_withdrawal_and_reading_exclude_each_other(
    served: Served, race: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        letter = register(served)
        made = served.act("bupati", "issue_disposition", **body_of(letter, ("sekda",)))
        given = {"task_id": made["tasks"][0]["task_id"], "body": {}}
        withdrawn, read = race(
            ("bupati", "withdraw_task", given), ("sekda", "read_task", given)
        )
        assert (withdrawn == "already_read") == (read != "illegal_transition")


def test_closing_and_disposing_at_once_never_leave_an_open_task(
    served: Served, race: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        letter = register(served)
        close = {
            "letter_id": letter["letter_id"],
            "body": {"outcome": "noted", "force": True},
        }
        race(
            ("bupati", "close_letter", close),
            ("bupati", "issue_disposition", body_of(letter, ("sekda",))),
        )
        found = served.call(
            "bupati", "get_letter_tracking", letter_id=letter["letter_id"]
        )
        assert found["state"] == "closed"
        assert not found["must_handle"] + found["following"]


def test_a_key_acts_once(served: Served) -> None:
    letter = register(served)
    given = body_of(letter, ("sekda",))
    first = served.call("bupati", "issue_disposition", **given, key="k1")
    again = served.call("bupati", "issue_disposition", **given, key="k1")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["body"] == again["body"]


@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("get_letter", {"letter_id": "x"}, "not_found"),
        ("get_letter", {"letter_id": NOWHERE}, "not_found"),
        ("get_task", {"task_id": NOWHERE}, "not_found"),
        ("accept_task", {"task_id": NOWHERE, "body": {}}, "not_found"),
        ("confirm_disposition", {"disposition_id": NOWHERE}, "not_found"),
        ("list_letters", {"query": {"cursor": "%%%"}}, "invalid"),
        ("list_letters", {"query": {"cursor": "WzFd"}}, "invalid"),
        ("list_tasks", {"query": {"cursor": "WyJ4Il0"}}, "invalid"),
        ("list_letters", {"query": {"from": "kemarin"}}, "invalid"),
        ("list_letters", {"query": {"from": "9999-12-31"}}, None),
        ("list_letters", {"query": {"to": "9999-12-31"}}, "invalid"),
        ("list_letters", {"query": {"q": '"a & | ! ( \\ :* <->'}}, None),
        ("list_letters", {"query": {"unknown": "1"}}, "invalid"),
        ("get_reference", {"name": "secrets"}, "not_found"),
    ],
)
def test_bad_input_has_its_code(
    served: Served, method: str, given: dict[str, Any], code: str | None
) -> None:
    if code is None:
        served.call("bupati", method, **given)
        return
    with pytest.raises(RakatError) as refused:
        served.call("bupati", method, **given)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "surat_cinta"}, "/kind"),
        ({"classification_code": "9.9.9"}, "/classification_code"),
        ({"addressees": [NOWHERE]}, "/addressees/0"),
        ({"copies": [NOWHERE]}, "/copies/0"),
        ({"file_ids": [NOWHERE]}, "/file_ids/0"),
        ({"replies_to": NOWHERE}, "/replies_to"),
        ({"subject": "a\x00b"}, "/subject"),
        ({"subject": ""}, "/subject"),
        ({"subject": "x" * 100_000}, "/subject"),
        ({"received_at": "2026-11-23"}, "/received_at"),
        ({"received_at": "2099-11-23T00:00:00Z"}, "/received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, "/received_at"),
        ({"sender": {"name": "x", "unit_id": NOWHERE}}, "/sender/unit_id"),
        ({"sender": {}}, "/sender/name"),
        ({"direction": "sideways"}, "/direction"),
        ({"extra": 1}, "/extra"),
        ({"addressees": []}, "/addressees"),
        (
            {
                "invitation": {
                    "starts_at": "2026-11-26T09:00:00Z",
                    "ends_at": "2026-11-26T08:00:00Z",
                }
            },
            "/invitation/ends_at",
        ),
    ],
)
def test_a_bad_letter_is_refused_by_field(
    served: Served, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RakatError) as refused:
        served.act("tu.setda", "register_letter", body={**letter_body(), **changes})
    assert refused.value.status == 422
    assert field in [one["field"] for one in refused.value.errors]


def events(database: Database, letter: dict[str, Any], kind: str) -> int:
    """How many such lines the trail's events could have: counted in the trail."""
    action = kind.split(".")[1]
    actions = {"letter.completed.v1": ["letter_completed"]}.get(
        kind, [action, "approved", "acknowledged"]
    )
    query = sa.text(
        "SELECT count(*) FROM trail WHERE letter_id = :id AND action = ANY(:actions)"
    )
    with database.session() as session:
        values = {"id": letter["letter_id"], "actions": actions}
        return int(session.execute(query, values).scalar_one())


def test_an_overview_is_shared_by_who_sees_the_same(served: Served) -> None:
    """Within its seconds; nobody gets the numbers of another office."""
    before = served.call("bupati", "get_overview")
    other = served.call("wabup", "get_overview")
    secret = register(
        served, addressees=[offices.position_id("sekda")], secrecy="rahasia"
    )
    assert secret["secrecy"] == "rahasia"
    assert served.call("bupati", "get_overview") == before
    assert served.call("wabup", "get_overview") == other
    # Another question, so none of those answers: the letter counts for its chain only.
    day = {"from": before["from"], "to": before["to"]}
    assert served.call("sekda", "get_overview", query=day)["received"] >= 1
    with pytest.raises(RakatError):
        served.call("tu.setda", "get_overview")


def test_all_who_ask_at_once_get_one_answer(served: Served, config: Config) -> None:
    callers = [Caller(config.amqp_uri) for _ in range(8)]
    query = {"unit_id": str(offices.unit_id("dinkes"))}
    threads = [
        eventlet.spawn(Served(one.call).call, "bupati", "get_overview", query=query)
        for one in callers
    ]
    answers = [thread.wait() for thread in threads]
    for one in callers:
        one.close()
    assert all(answer == answers[0] for answer in answers)
