"""e-Jadwal over HTTP: every answer is held against the published document."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

import pytest

from tests.e2e.scenes import ZONE, eventually, new_letter

NOBODY = "0198f000-0000-7000-8000-00000000dead"


@pytest.fixture
def hour():
    """A working hour of a year that no other test uses."""
    day = datetime(2031, 1, 6, 9, tzinfo=ZONE) + timedelta(weeks=random.randint(0, 900))
    return day + timedelta(days=random.randint(0, 3), hours=random.randint(0, 4))


def booking(api, hour, *offices, hours=1, **more):
    lines = [
        {"position_id": api.position(code), "role": "required"} for code in offices
    ]
    return {
        "title": "Rapat uji",
        "kind": "rapat",
        "starts_at": hour.isoformat(),
        "ends_at": (hour + timedelta(hours=hours)).isoformat(),
        "organiser_unit_id": api.get("/me")["positions"][0]["unit_id"],
        "state": "confirmed",
        "participants": lines,
        **more,
    }


def standing(activity, api, office):
    wanted = api.position(office)
    (line,) = [
        line for line in activity["participants"] if line["position_id"] == wanted
    ]
    return line["standing"]


def test_a_clash_is_refused_with_a_way_out(user, hour):
    protocol, stranger = user("protokol"), user("staf.hukum")
    made = protocol.post("/activities", booking(protocol, hour, "wabup"), expect=201)

    refused = protocol.post("/activities", booking(protocol, hour, "wabup"), expect=409)

    assert refused.code == "schedule_conflict"
    assert refused["conflicts"][0]["activity_id"] == made["activity_id"]
    assert len(refused["alternatives"]) >= 3
    free = booking(protocol, hour, "wabup", **refused["alternatives"][0])
    protocol.post("/activities", free, expect=201)
    check = {
        "starts_at": made["starts_at"],
        "ends_at": made["ends_at"],
        "position_ids": [stranger.position("wabup")],
        "resource_ids": [],
    }
    asked = stranger.post("/conflict-checks", check, expect=200)
    assert [clash["state"] for clash in asked["conflicts"]] == ["confirmed"]
    without = {**check, "exclude_activity_id": made["activity_id"]}
    assert stranger.post("/conflict-checks", without, expect=200)["conflicts"] == []


def test_the_life_of_a_proposal(user, hour):
    asking, keeper = user("staf.hukum"), user("ajudan.wabup")
    body = booking(asking, hour, "wabup", state="proposed", ends_at=None)
    path = f"/activities/{asking.post('/activities', body, expect=201)['activity_id']}"

    refused = asking.post(f"{path}/confirm", {}, expect=403)
    confirmed = keeper.post(f"{path}/confirm", {}, expect=200)
    postponed = keeper.post(f"{path}/postpone", {"reason": "Hujan"}, expect=200)
    keeper.patch(
        path,
        {"starts_at": (hour + timedelta(minutes=30)).isoformat()},
        keeper.get(path, expect=200).headers["ETag"],
        expect=200,
    )
    keeper.post(f"{path}/confirm", None, expect=200)
    completed = keeper.post(f"{path}/complete", {}, expect=200)
    late = keeper.post(f"{path}/cancel", {}, expect=409)

    assert refused.code == "not_schedule_keeper"
    assert refused["position_ids"] == [asking.position("wabup")]
    assert (confirmed["state"], confirmed["ends_at"]) == ("confirmed", None)
    assert (postponed["state"], postponed["reason"]) == ("postponed", "Hujan")
    assert completed["state"] == "completed"
    assert (late.code, late["state"]) == ("illegal_transition", "completed")


def test_one_is_sent_in_anothers_stead(user, hour):
    keeper = user("protokol")
    made = keeper.post("/activities", booking(keeper, hour, "wabup"), expect=201)
    wabup, sekda = keeper.position("wabup"), keeper.position("asisten.1")
    path = f"/activities/{made['activity_id']}/participants/{wabup}/response"

    empty = keeper.post(path, {"response": "represented"}, expect=422)
    changed = keeper.post(
        path, {"response": "represented", "represented_by": sekda}, expect=200
    )

    assert empty.code == "invalid"
    assert standing(changed, keeper, "wabup") is None
    assert standing(changed, keeper, "asisten.1") == "binding"
    keeper.post("/activities", booking(keeper, hour, "wabup"), expect=201)
    busy = keeper.post("/activities", booking(keeper, hour, "asisten.1"), expect=409)
    assert busy.code == "schedule_conflict"
    missing = path.replace(wabup, NOBODY)
    keeper.post(missing, {"response": "attending"}, expect=404)


def test_an_override_shows_in_the_monitor(user, hour):
    protocol, keeper = user("protokol"), user("ajudan.wabup")
    beaten = keeper.post("/activities", booking(keeper, hour, "wabup"), expect=201)
    urgent = {"override": {"reason": "Tamu negara"}}

    keeper.post("/activities", booking(keeper, hour, "wabup", **urgent), expect=403)
    made = protocol.post(
        "/activities", booking(protocol, hour, "wabup", **urgent), expect=201
    )

    assert made["override"]["reason"] == "Tamu negara"
    window = {"from": hour.isoformat(), "to": (hour + timedelta(hours=1)).isoformat()}
    lines = keeper.get("/conflicts", params=window, expect=200)["items"]
    assert [(line["activity_id"], line["standing"]) for line in lines] == [
        (beaten["activity_id"], "displaced")
    ]


def test_lists_things_and_reference(user, hour):
    protocol, stranger = user("protokol"), user("staf.hukum")
    rooms = stranger.get("/resources", params={"kind": "room"}, expect=200)["items"]
    room = next(room for room in rooms if room["code"] == "aula.ramu")
    more = {"resource_ids": [room["resource_id"]], "visibility": "busy_only"}
    body = booking(protocol, hour, "wabup", **more)
    made = protocol.post("/activities", body, expect=201)

    window = {"from": hour.date().isoformat(), "to": hour.date().isoformat()}
    by_room = {**window, "resource_id": room["resource_id"], "limit": 1}
    listed = stranger.get("/activities", params=by_room, expect=200)["items"]

    assert [item["activity_id"] for item in listed] == [made["activity_id"]]
    assert (listed[0]["title"], listed[0]["masked"]) == ("Kegiatan", True)
    seen = protocol.get(f"/activities/{made['activity_id']}", expect=200)
    assert (seen["title"], seen["masked"]) == ("Rapat uji", False)
    search = {**window, "q": "uji", "position_id": protocol.position("wabup")}
    assert stranger.get("/activities", params=search, expect=200)["items"] == []
    days = stranger.get("/reference/holidays", expect=200)["items"]
    assert {"code", "label_id", "label_en"} <= set(days[0])
    stranger.get("/activities", params={"from": "kemarin"}, expect=422)
    stranger.get(f"/activities/{NOBODY}", expect=404)


def test_an_attendance_that_meets_a_clash_is_blocked_with_a_way_out(user, hour):
    registrar, wabup, keeper = user("tu.setda"), user("wabup"), user("ajudan.wabup")
    keeper.post("/activities", booking(keeper, hour, "wabup"), expect=201)
    invitation = {"starts_at": hour.isoformat(), "ends_at": None, "place": "Pendopo"}
    letter = new_letter(
        registrar,
        ["wabup"],
        kind="undangan",
        invitation=invitation,
    )
    path = f"/letters/{registrar.post('/letters', letter, expect=201)['letter_id']}"

    wabup.post(f"{path}/attendance", {"decision": "attend"}, expect=200)

    activity_id = eventually(lambda: wabup.get(path)["activity_id"])
    activity = wabup.get(f"/activities/{activity_id}", expect=200)
    assert (activity["state"], activity["blocked"]) == ("proposed", True)
    assert len(activity["alternatives"]) >= 3
    slot = activity["alternatives"][0]
    tag = wabup.get(f"/activities/{activity_id}").headers["ETag"]
    wabup.patch(f"/activities/{activity_id}", slot, tag, expect=200)
    done = wabup.post(f"/activities/{activity_id}/confirm", {}, expect=200)
    assert standing(done, wabup, "wabup") == "binding"


def test_a_repeated_key_books_once(user, hour):
    protocol = user("protokol")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = booking(protocol, hour, "wabup")

    first = protocol.request("POST", "/activities", json=body, headers=key, expect=201)
    again = protocol.request("POST", "/activities", json=body, headers=key, expect=201)

    assert first["activity_id"] == again["activity_id"]
    assert again.headers["Idempotency-Replayed"] == "true"
