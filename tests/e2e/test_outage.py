"""A service away: what does not need it goes on, what does says so and comes back."""

from __future__ import annotations

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import PASSWORD
from tests.e2e.scenes import eventually, register, task_of


@pytest.fixture
def own(stack):
    """Callers of the stack whose processes we may stop."""
    anyone = Api(stack.url, password=PASSWORD)
    return anyone.as_


def test_without_the_directory_a_logged_in_leader_disposes(stack, own):
    registrar, bupati = own("tu.setda"), own("bupati")
    sekda = bupati.position("sekda")
    letter_id = register(registrar, ["bupati"])["letter_id"]
    task_id = task_of(bupati, letter_id)["task_id"]

    stack.kill("directory")
    stack.stop("directory")
    try:
        disposed = bupati.post(
            f"/letters/{letter_id}/dispositions",
            {
                "parent_task_id": task_id,
                "recipients": [{"position_id": sekda, "role": "handle"}],
            },
            expect=201,
        )
        ready = eventually(lambda: _degraded(stack))
        refused = Api(stack.url, password=PASSWORD).post(
            "/sessions", {"username": "bupati", "password": PASSWORD}, expect=503
        )
    finally:
        stack.start("directory")
        stack.wait_ready("directory")

    assert disposed["tasks"][0]["position_id"] == sekda
    assert ready["degraded"] == ["directory"]
    assert int(refused.headers["Retry-After"]) >= 1
    assert own("bupati").get("/me", expect=200)


def _degraded(stack):
    status, ready = stack.readiness()
    assert status == 200
    return ready if ready["status"] == "degraded" else None


def test_without_letters_the_rest_is_served_and_a_503_says_when(stack, own):
    bupati = own("bupati")

    stack.stop("letters")
    try:
        away = bupati.get("/tasks?state=open", expect=503)
        me = bupati.get("/me", expect=200)
        bupati.get("/activities?limit=1", expect=200)
        bupati.get("/notifications?limit=1", expect=200)
    finally:
        stack.start("letters")
        stack.wait_ready("letters")

    assert away.code == "service_unavailable"
    assert int(away.headers["Retry-After"]) >= 1
    assert me["counters"]["open_tasks"] is None
    assert me["counters"]["unread_notifications"] is not None
    eventually(lambda: bupati.get("/tasks?state=open").status == 200)


def test_after_a_broker_restart_calls_are_answered_again(stack, own):
    bupati = own("bupati")
    bupati.get("/tasks", expect=200)

    pid = stack.kill("rabbitmq")
    stack.wait_ready("rabbitmq", other_than=pid)

    eventually(lambda: bupati.get("/tasks").status == 200, seconds=30)
    # every service has a link of its own to rebuild
    eventually(lambda: stack.readiness()[1].get("status") == "ok", seconds=30)


def test_a_killed_gateway_comes_back_and_knows_its_sessions(stack, own):
    bupati = own("bupati")

    pid = stack.kill("gateway")
    stack.wait_ready("gateway", other_than=pid)

    assert bupati.get("/me", expect=200)
