"""An acting official, made over the API, has the office at once and loses it at once."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from tests.e2e.scenes import ZONE, Listener, eventually, register, task_of

OFFICE = "kadis.kominfo"
STAND_IN = "sekretaris.kominfo"
SECONDS = 2.0


@pytest.fixture
def appointed(user):
    """The stand-in becomes Plh of the office for two days."""
    admin = user("admin")
    office, person = admin.position(OFFICE), user(STAND_IN).get("/me")["person"]
    today = datetime.now(ZONE).date()

    made = admin.post(
        "/assignments",
        {
            "person_id": person["person_id"],
            "position_id": office,
            "capacity": "plh",
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=1)).isoformat(),
            "decree": "800/12/BKPSDM/2026",
        },
        expect=201,
    )

    def end():
        path = f"/assignments/{made['assignment_id']}/end"
        return admin.post(path, {"immediately": True})

    yield office, end
    end()


def within(find):
    """`find` must become true within the time the design promises."""
    return eventually(find, SECONDS)


def test_a_plh_is_told_disposes_and_is_booked_and_then_refused(user, appointed):
    office, end = appointed
    stand_in, registrar = user(STAND_IN), user("tu.kominfo")
    mine = within(lambda: _held(stand_in, office))
    assert mine["capacity"] == "plh"

    with Listener(stand_in) as stream:
        letter_id = register(registrar, [OFFICE])["letter_id"]
        within(lambda: stream.about(topic="task.assigned", letter_id=letter_id))

    task_id = task_of(stand_in, letter_id)["task_id"]
    below = stand_in.position("kabid.kominfo.2")
    disposed = stand_in.post(
        f"/letters/{letter_id}/dispositions",
        {
            "parent_task_id": task_id,
            "recipients": [{"position_id": below, "role": "handle"}],
        },
        expect=201,
    )
    assert disposed["given_by"] == office
    entry = stand_in.get(f"/letters/{letter_id}/tracking")["timeline"][-1]
    assert entry["actor"]["capacity"] == "plh"

    hour = _soon(stand_in, office)
    booked = stand_in.post("/activities", _meeting(stand_in, office, hour), expect=201)
    line = booked["participants"][0]
    assert line["standing"] == "binding"
    assert line["person"]["person_id"] == stand_in.get("/me")["person"]["person_id"]

    assert end().status == 200
    path = f"/letters/{letter_id}/dispositions"
    body = {"recipients": [{"position_id": below, "role": "inform"}]}
    acting = {"X-Acting-As": office}
    # Everywhere within the time promised: directory knows it first, letters follows.
    within(lambda: _is_refused(stand_in.post(path, body, headers=acting)))
    assert _held(stand_in, office) is None
    late = stand_in.post(f"/tasks/{task_id}/read")
    assert (late.status, late.code) == (403, "position_not_held")


def _is_refused(answer):
    return (answer.status, answer.code) == (403, "position_not_held")


def _held(api, office):
    positions = api.get("/me", expect=200)["positions"]
    return next((each for each in positions if each["position_id"] == office), None)


def _soon(api, office):
    """A free time while the appointment lasts: the line binds to who holds it then."""
    for _ in range(20):
        start = datetime.now(ZONE) + timedelta(minutes=random.randint(30, 900))
        times = {"starts_at": start.isoformat(), "ends_at": _end(start)}
        check = {**times, "position_ids": [office]}
        if not api.post("/conflict-checks", check, expect=200)["conflicts"]:
            return start
    raise AssertionError("no free time")


def _end(start):
    return (start + timedelta(minutes=5)).isoformat()


def _meeting(api, office, hour):
    return {
        "title": "Rapat singkat",
        "kind": "rapat",
        "starts_at": hour.isoformat(),
        "ends_at": _end(hour),
        "organiser_unit_id": api.get("/me")["positions"][0]["unit_id"],
        "state": "confirmed",
        "participants": [{"position_id": office, "role": "required"}],
    }


def test_the_definitive_holder_keeps_his_office_beside_the_plh(user, appointed):
    office, _ = appointed
    head, stand_in = user(OFFICE), user(STAND_IN)

    within(lambda: _held(stand_in, office))

    assert _held(head, office)["capacity"] == "definitive"
    shown = head.get(f"/positions/{office}", expect=200)
    assert shown["holder"]["capacity"] == "plh"
    assert {each["capacity"] for each in shown["holders"]} == {"definitive", "plh"}
