"""The main job over the API: a letter comes in, is disposed, becomes an hour, is found."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.scenes import (
    Listener,
    eventually,
    free_hour,
    new_letter,
    real_pdf,
    register,
    task_of,
)


def test_a_letter_goes_its_way(user):
    registrar, bupati = user("tu.setda"), user("bupati")
    kadis, sekda = user("kadis.kominfo"), user("sekda")
    hour = free_hour()

    # The registrar uploads a real PDF and registers the invitation.
    content = real_pdf("Undangan rapat koordinasi")
    file = registrar.upload(content, "undangan.pdf", "application/pdf", expect=201)
    assert file["page_count"] == 2
    with Listener(bupati) as bupatis, Listener(kadis) as kadises:
        letter = register(
            registrar,
            ["bupati"],
            kind="undangan",
            subject="Undangan rapat koordinasi",
            file_ids=[file["file_id"]],
            invitation={"starts_at": hour.isoformat(), "place": "Aula Ramu"},
        )
        letter_id = letter["letter_id"]
        assert letter["state"] == "registered"
        assert letter["agenda_number"].startswith("SM/")

        # The regent is told at once, reads it and sees the page.
        eventually(lambda: bupatis.about(topic="task.assigned", letter_id=letter_id))
        root = task_of(bupati, letter_id)
        bupati.post(f"/tasks/{root['task_id']}/read", expect=200)
        path = f"/letters/{letter_id}/files/{file['file_id']}"
        assert bupati.get(path, expect=200).raw == content
        page = bupati.get(f"{path}/pages/1?width=640", expect=200)
        assert page.headers["Content-Type"] == "image/webp"

        # He disposes in one call.
        disposition = bupati.post(
            f"/letters/{letter_id}/dispositions",
            {
                "parent_task_id": root["task_id"],
                "note": "Hadiri dan laporkan",
                "recipients": [
                    {
                        "position_id": kadis.position("kadis.kominfo"),
                        "role": "handle",
                        "instructions": ["hadiri"],
                    },
                    {"position_id": sekda.position("sekda"), "role": "coordinate"},
                ],
            },
            expect=201,
        )
        assert len(disposition["tasks"]) == 2
        eventually(lambda: kadises.about(topic="task.assigned", letter_id=letter_id))

    # Tracking says who must handle and who must coordinate.
    tracking = sekda.get(f"/letters/{letter_id}/tracking", expect=200)
    assert tracking["state"] == "under_disposition"
    handling = [each["position_id"] for each in tracking["must_handle"]]
    coordinating = [each["position_id"] for each in tracking["must_coordinate"]]
    assert handling == [kadis.position("kadis.kominfo")]
    assert coordinating == [sekda.position("sekda")]
    assert [each["position_id"] for each in tracking["following"]] == [
        bupati.position("bupati")
    ]
    actions = [entry["action"] for entry in tracking["timeline"]]
    assert actions[0] == "registered"
    assert "disposed" in actions

    # The invitation has become a proposed activity, linked both ways.
    activity = eventually(lambda: _activity_of(kadis, letter_id, hour))
    assert activity["state"] == "proposed"
    assert (
        eventually(lambda: bupati.get(f"/letters/{letter_id}")["activity_id"])
        == activity["activity_id"]
    )

    # Confirmed, it cannot collide.
    confirmed = kadis.post(f"/activities/{activity['activity_id']}/confirm", expect=200)
    assert confirmed["state"] == "confirmed"
    refused = kadis.post(
        "/activities",
        {
            "title": "Rapat lain",
            "kind": "rapat",
            "starts_at": hour.isoformat(),
            "ends_at": (hour + timedelta(hours=1)).isoformat(),
            "organiser_unit_id": confirmed["organiser_unit_id"],
            "state": "confirmed",
            "participants": [
                {"position_id": kadis.position("kadis.kominfo"), "role": "host"}
            ],
        },
        expect=409,
    )
    assert refused.code == "schedule_conflict"
    assert refused["conflicts"][0]["activity_id"] == activity["activity_id"]
    assert len(refused["alternatives"]) >= 3

    # The work is reported, approved, and the letter is done.
    mine = task_of(kadis, letter_id)
    kadis.post(
        f"/tasks/{mine['task_id']}/reports",
        {"text": "Sudah dihadiri.", "final": True},
        expect=200,
    )
    waiting = kadis.get(f"/letters/{letter_id}/tracking")["must_handle"]
    assert [each["waiting_for"] for each in waiting] == [bupati.position("bupati")]
    bupati.post(f"/tasks/{mine['task_id']}/approve", expect=200)
    coordinated = task_of(sekda, letter_id)
    sekda.post(f"/tasks/{coordinated['task_id']}/acknowledge", expect=200)

    ended = bupati.get(f"/letters/{letter_id}/tracking", expect=200)
    assert ended["state"] == "completed"
    assert ended["must_handle"] == ended["must_coordinate"] == ended["following"] == []


def _activity_of(api, letter_id, hour):
    day = hour.date().isoformat()
    position = api.position("kadis.kominfo")
    path = f"/activities?from={day}&to={day}&position_id={position}"
    items = api.get(path, expect=200)["items"]
    return next((item for item in items if item["letter_id"] == letter_id), None)


def test_a_leader_attends_in_one_tap_and_is_booked(user):
    hour = free_hour()
    letter = register(
        user("tu.setda"),
        ["sekda"],
        kind="undangan",
        invitation={
            "starts_at": hour.isoformat(),
            "ends_at": (hour + timedelta(hours=1)).isoformat(),
            "place": "Pendopo",
        },
    )
    sekda = user("sekda")
    path = f"/letters/{letter['letter_id']}/attendance"

    answer = sekda.post(path, {"decision": "attend"}, expect=200)

    assert answer["decision"] == "attend"
    activity_id = eventually(
        lambda: sekda.get(f"/letters/{letter['letter_id']}")["activity_id"]
    )
    activity = sekda.get(f"/activities/{activity_id}", expect=200)
    assert activity["state"] == "confirmed"
    check = sekda.post(
        "/conflict-checks",
        {
            "starts_at": hour.isoformat(),
            "ends_at": (hour + timedelta(hours=1)).isoformat(),
            "position_ids": [sekda.position("sekda")],
        },
        expect=200,
    )
    assert [each["activity_id"] for each in check["conflicts"]] == [activity_id]


def test_the_same_key_acts_once(user):
    registrar = user("tu.setda")
    body = new_letter(registrar, ["sekda"])
    key = {"Idempotency-Key": f"once-{body['number']}"}

    first = registrar.post("/letters", body, headers=key, expect=201)
    again = registrar.post("/letters", body, headers=key, expect=201)
    other = registrar.post("/letters", {**body, "subject": "Lain"}, headers=key)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_a_stream_resumes_where_it_was_left(user):
    sekda, registrar = user("sekda"), user("tu.setda")
    with Listener(sekda) as stream:
        first = register(registrar, ["sekda"])["letter_id"]
        eventually(lambda: stream.about(letter_id=first))
        last_id = stream.events[-1][0]

    missed = [register(registrar, ["sekda"])["letter_id"] for _ in range(3)]
    with Listener(sekda, last_id) as resumed:
        eventually(lambda: len(resumed.events) >= 3)
        after = register(registrar, ["sekda"])["letter_id"]
        eventually(lambda: resumed.about(letter_id=after))

    told = [data["letter_id"] for _, data in resumed.events]
    assert told == [*missed, after]
    ids = [int(event_id) for event_id, _ in resumed.events]
    assert ids == list(range(int(last_id) + 1, int(last_id) + 5))
