"""Appointments over HTTP: whose letters and hours they bring, who may, which rules."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from tests.e2e.scenes import ZONE, Listener, eventually, free_hour, register

IN_FORCE = 2.0  # seconds, everywhere


@pytest.fixture
def appoint(user):
    """Makes people acting officials; whoever is still one at the end is ended."""
    admin, made = user("admin"), []

    def make(person, position, capacity="plh", days=14):
        found = admin.get(f"/people?q={person}", expect=200)["items"]
        (who,) = [each for each in found if each["username"] == person]
        today = datetime.now(ZONE).date()
        row = admin.post(
            "/assignments",
            {
                "person_id": who["person_id"],
                "position_id": admin.position(position),
                "capacity": capacity,
                "starts_on": today.isoformat(),
                "ends_on": (today + timedelta(days=days)).isoformat(),
                "decree": "800.1.11/77/BKPSDM/2026",
            },
            expect=201,
        )
        made.append(row["assignment_id"])
        return row

    yield make
    for assignment_id in made:
        admin.post(f"/assignments/{assignment_id}/end", {"immediately": True})


def end(user, row):
    path = f"/assignments/{row['assignment_id']}/end"
    return user("admin").post(path, {"immediately": True}, expect=200)


def within(seconds, find):
    began = time.monotonic()
    found = eventually(find, seconds)
    assert time.monotonic() - began < seconds
    return found


def test_plh_disposes_is_told_and_is_booked_within_two_seconds(user, appoint):
    code, deputy = "kadis.disdag", "sekretaris.disdag"
    plh, registrar = user(deputy), user("tu.disdag")
    position = plh.position(code)
    earlier = register(registrar, [code])
    assert plh.get("/me", expect=200)["positions"][0]["code"] == deputy

    row = appoint(deputy, code, days=500)

    # The letters of the office are his at once, and he disposes as its Plh.
    task = within(IN_FORCE, lambda: _open_tasks(plh, earlier["letter_id"], position))[0]
    plh.post(
        f"/letters/{earlier['letter_id']}/dispositions",
        {
            "parent_task_id": task["task_id"],
            "recipients": [
                {"position_id": plh.position("tu.disdag"), "role": "inform"}
            ],
        },
        expect=201,
    )
    tracking = plh.get(f"/letters/{earlier['letter_id']}/tracking", expect=200)
    (disposed,) = [e for e in tracking["timeline"] if e["action"] == "disposed"]
    assert disposed["actor"]["capacity"] == "plh"
    assert disposed["actor"]["position"]["position_id"] == position

    # What comes now is told to him.
    with Listener(plh) as told:
        new = register(registrar, [code], secrecy="terbatas")
        within(
            IN_FORCE,
            lambda: told.about(topic="task.assigned", letter_id=new["letter_id"]),
        )

    # His time is what the office's appointments take.
    hour = free_hour()
    booked = _book(plh, [position], hour)
    clash = _book(plh, [plh.position(deputy)], hour, expect=409)
    assert clash.code == "schedule_conflict"
    assert clash["conflicts"][0]["activity_id"] == booked["activity_id"]

    # Ended, he neither acts for the office nor sees its letters.
    end(user, row)
    within(IN_FORCE, lambda: _refused(plh, new["letter_id"], position))
    assert plh.get(f"/letters/{new['letter_id']}").status == 404
    assert [each["code"] for each in plh.get("/me")["positions"]] == [deputy]


def _open_tasks(api, letter_id, position):
    path = f"/tasks?letter_id={letter_id}&state=open&position_id={position}"
    return api.get(path, expect=200)["items"]


def _refused(api, letter_id, position):
    answer = api.post(
        f"/letters/{letter_id}/dispositions",
        {"recipients": [{"position_id": position, "role": "inform"}]},
        headers={"X-Acting-As": position},
    )
    return answer.status in (403, 404)


def _book(api, positions, hour, expect=201):
    me = api.get("/me", expect=200)["positions"][0]
    return api.post(
        "/activities",
        {
            "title": "Rapat dinas",
            "kind": "rapat",
            "starts_at": hour.isoformat(),
            "ends_at": (hour + timedelta(hours=1)).isoformat(),
            "organiser_unit_id": me["unit_id"],
            "state": "confirmed",
            "participants": [
                {"position_id": position, "role": "host"} for position in positions
            ],
        },
        expect=expect,
    )


def test_appointment_is_told_to_the_person_the_office_and_sekda(user, appoint):
    code, deputy = "kadis.dukcapil", "sekretaris.dukcapil"
    people = [user(deputy), user(code), user("sekda")]
    before = {api: _told(api) for api in people}

    appoint(deputy, code)

    for api in people:
        eventually(lambda api=api: _told(api) - before[api])


def _told(api):
    items = api.get("/notifications?limit=50", expect=200)["items"]
    return {
        each["notification_id"]
        for each in items
        if each["topic"] == "assignment.changed"
    }


def test_only_an_administrator_appoints_and_never_himself(user, appoint):
    row = appoint("sekretaris.dishub", "kadis.dishub")
    body = {
        "person_id": row["person_id"],
        "position_id": row["position_id"],
        "capacity": "plh",
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
    }
    myself = user("admin").get("/me", expect=200)["person"]["person_id"]

    for charlie in ("bupati", "sekda", "tu.setda"):
        refused = user(charlie).post("/assignments", body)
        assert (refused.status, refused.code) == (403, "forbidden")
        assert user(charlie).get("/people").code == "forbidden"
        assert user(charlie).get("/assignments").code == "forbidden"
        path = f"/assignments/{row['assignment_id']}/end"
        assert user(charlie).post(path, {"immediately": True}).code == "forbidden"
    own = user("admin").post("/assignments", {**body, "person_id": myself})
    assert (own.status, own.code) == (403, "own_assignment")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"capacity": "definitive", "ends_on": None}, 409, "position_occupied"),
        ({"ends_on": None}, 422, "invalid"),
        ({"capacity": "plt", "ends_on": None}, 422, "invalid"),
        ({"capacity": "plt", "ends_on": "2027-12-31"}, 422, "acting_term_too_long"),
        ({"capacity": "raja"}, 422, "invalid"),
        ({"capacity": "aide"}, 422, "invalid"),
        ({"ends_on": "2020-01-01"}, 422, "invalid"),
        ({"starts_on": "besok"}, 422, "invalid"),
        ({"person_id": "00000000-0000-7000-8000-000000000000"}, 422, "invalid"),
        ({"position_id": None}, 422, "invalid"),
        ({"salary": 1}, 422, "invalid"),
    ],
)
def test_appointments_that_break_a_rule_are_refused(user, change, status, code):
    admin = user("admin")
    me = user("sekretaris.distan").get("/me", expect=200)
    body = {
        "person_id": me["person"]["person_id"],
        "position_id": admin.position("kadis.distan"),
        "capacity": "plh",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-24",
        **change,
    }

    refused = admin.post("/assignments", body)

    assert (refused.status, refused.code) == (status, code)
    held = admin.get(f"/assignments?position_id={admin.position('kadis.distan')}")
    assert [each["capacity"] for each in held["items"]] == ["definitive"]
