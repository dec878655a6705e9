"""Series, free slots, rooms, requests and calendars over HTTP, each a whole story."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from icalendar import Calendar

from tests.e2e.scenes import ZONE
from tests.e2e.test_schedule import booking, hour

__all__ = ["hour"]


@pytest.fixture
def dawn():
    """An hour no other test books, near enough for a series to begin."""
    day = datetime.now(ZONE) + timedelta(days=random.randint(200, 600))
    return day.replace(hour=random.choice((3, 4, 5)), minute=0, second=0, microsecond=0)


def weekly(api, hour, *offices, count=5, **more):
    rule = {"rrule": f"FREQ=WEEKLY;COUNT={count}", "on_clash": "refuse", **more}
    return booking(api, hour, *offices, recurrence=rule)


def test_a_series_is_booked_refused_changed_and_called_off(user, dawn):
    protocol = user("protokol")
    made = protocol.post("/activities", weekly(protocol, dawn, "wabup"), expect=201)
    again = weekly(protocol, dawn, "wabup", count=8)

    refused = protocol.post("/activities", again, expect=409)
    again["recurrence"]["on_clash"] = "skip"
    skipping = protocol.post("/activities", again, expect=201)

    assert made["series"]["occurrences"] == 5
    assert (refused.code, refused["total"]) == ("schedule_conflict", 5)
    assert len(refused["conflicts"]) == 5
    assert len(refused["alternatives"]) == 3
    assert skipping["series"]["occurrences"] == 3
    assert len(skipping["series"]["skipped"]) == 5
    path = f"/activities/{made['activity_id']}"
    tag = protocol.get(path, expect=200).headers["ETag"]
    protocol.patch(f"{path}?scope=all", {"title": "Rapat rutin"}, tag, expect=200)
    protocol.post(f"{path}/cancel?scope=all", {"reason": "Batal"}, expect=200)
    window = f"from={dawn.date()}&to={dawn.date() + timedelta(weeks=5)}"
    listed = protocol.get(
        f"/activities?{window}&position_id={protocol.position('wabup')}&limit=200",
        expect=200,
    )
    mine = [one for one in listed["items"] if one["series_id"] == made["series_id"]]
    assert {(one["title"], one["state"]) for one in mine} == {
        ("Rapat rutin", "cancelled")
    }


def test_a_rule_is_tried_then_changed_and_what_it_names_stays(user, dawn):
    protocol = user("protokol")
    made = protocol.post("/activities", weekly(protocol, dawn, "wabup"), expect=201)
    path = f"/activities/{made['activity_id']}"
    tag = protocol.get(path, expect=200).headers["ETag"]
    wanted = {"recurrence": {"rrule": "FREQ=WEEKLY;INTERVAL=2;COUNT=4"}}

    alone = protocol.patch(path, wanted, tag, expect=422)
    both = {**wanted, "title": "Lain"}
    mixed = protocol.patch(f"{path}?scope=all", both, tag, expect=422)
    wild = {"recurrence": {"rrule": "FREQ=HOURLY"}}
    exploding = protocol.patch(f"{path}?scope=all", wild, tag, expect=422)
    tried = protocol.patch(f"{path}?scope=all&dry_run=true", wanted, tag, expect=200)
    changed = protocol.patch(f"{path}?scope=all", wanted, tag, expect=200)
    stale = protocol.patch(f"{path}?scope=all", wanted, tag, expect=412)

    pointers = [one["errors"][0]["field"] for one in (alone, mixed, exploding)]
    assert pointers == ["/scope", "/title", "/recurrence/rrule"]
    report = changed["series"]
    assert (report["kept"], report["occurrences"], report["called_off"]) == (3, 1, 2)
    assert tried["series"]["dates"] == report["dates"]
    assert changed["series_id"] != made["series_id"]
    assert report["first_activity_id"] == made["activity_id"]
    assert stale.status == 412
    shown = protocol.get(path, expect=200)
    assert shown["recurrence"]["rrule"] == wanted["recurrence"]["rrule"]


def test_a_rule_that_clashes_names_other_days(user, dawn):
    protocol = user("protokol")
    made = protocol.post("/activities", weekly(protocol, dawn, "wabup"), expect=201)
    next_day = weekly(protocol, dawn + timedelta(days=1), "wabup", count=1)
    protocol.post("/activities", next_day, expect=201)
    path = f"/activities/{made['activity_id']}"
    tag = protocol.get(path, expect=200).headers["ETag"]
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[(dawn.weekday() + 1) % 7]
    rule = {"rrule": f"FREQ=WEEKLY;BYDAY={day};COUNT=3"}

    refused = protocol.patch(
        f"{path}?scope=following", {"recurrence": rule}, tag, expect=409
    )

    assert (refused.code, refused["total"]) == ("schedule_conflict", 1)
    assert len(refused["alternatives"]) == 3
    rule["on_clash"] = "skip"
    changed = protocol.patch(
        f"{path}?scope=following", {"recurrence": rule}, tag, expect=200
    )
    assert len(changed["series"]["skipped"]) == 1


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;UNTIL=22260101T000000Z", "TIDAK=ADA"]
)
def test_a_rule_that_explodes_is_refused_and_leaves_nothing(user, dawn, rule):
    protocol = user("protokol")
    body = weekly(protocol, dawn, "wabup")
    body["recurrence"]["rrule"] = rule

    refused = protocol.post("/activities", body, expect=422)

    assert refused["errors"][0]["field"] == "/recurrence/rrule"
    check = {
        **{key: body[key] for key in ("starts_at", "ends_at")},
        "position_ids": [protocol.position("wabup")],
        "resource_ids": [],
    }
    assert protocol.post("/conflict-checks", check, expect=200)["conflicts"] == []


def test_a_free_slot_is_free_and_taken_afterwards(user, hour):
    protocol = user("protokol")
    offices = ("wabup", "asisten.1")
    ids = ",".join(protocol.position(one) for one in offices)
    query = (
        f"/free-slots?position_ids={ids}&from={hour.date()}&to={hour.date()}"
        "&duration_minutes=60&working_hours=false"
    )

    first = protocol.get(query, expect=200)["slots"][0]
    body = booking(protocol, hour, *offices, **first)
    made = protocol.post("/activities", body, expect=201)
    later = protocol.get(query, expect=200)["slots"]

    assert first not in later
    wabup = protocol.position("wabup")
    path = f"/activities/{made['activity_id']}/representatives?position_id={wabup}"
    items = protocol.get(path, expect=200)["items"]
    assert any(one["available"] for one in items)
    assert wabup not in {one["position_id"] for one in items}


def test_a_request_is_moved_accepted_and_answered_once(user, hour):
    asking, keeper = user("staf.hukum"), user("ajudan.wabup")
    body = booking(asking, hour, "wabup", state="proposed")
    made = asking.post("/activities", body, expect=201)
    path = f"/slot-requests/{made['activity_id']}"
    later = hour + timedelta(days=7)
    offer = {
        "starts_at": later.isoformat(),
        "ends_at": (later + timedelta(hours=1)).isoformat(),
        "note": "Rabu penuh",
    }

    moved = keeper.post(f"{path}/move", offer, expect=200)
    accepted = asking.post(f"{path}/accept", {}, expect=200)
    late = keeper.post(f"{path}/refuse", {"reason": "Penuh"}, expect=409)

    assert (moved["state"], accepted["state"]) == ("offered", "accepted")
    assert late.code == "illegal_transition"
    shown = asking.get(f"/activities/{made['activity_id']}", expect=200)
    assert (shown["state"], shown["starts_at"]) == ("confirmed", offer["starts_at"])


def test_a_room_alone_is_asked_for_and_lent_with_a_note(user, hour):
    asking, keeper = user("staf.hukum"), user("kadis.kominfo")
    unit_id = keeper.get("/me")["positions"][0]["unit_id"]
    code = f"uji.{uuid.uuid4().hex[:8]}"
    room = {"code": code, "name": "Ruang uji", "kind": "room", "unit_id": unit_id}
    room_id = keeper.post("/resources", room, expect=201)["resource_id"]
    body = booking(asking, hour, state="proposed", resource_ids=[room_id])

    made = asking.post("/activities", body, expect=201)["activity_id"]
    box = keeper.get("/slot-requests?box=to_me&open=true", expect=200)["items"]
    seen = next(one for one in box if one["activity_id"] == made)
    accepted = keeper.post(
        f"/slot-requests/{made}/accept", {"note": "Kunci di pos jaga"}, expect=200
    )

    assert (seen["waiting_for"], seen["waiting_for_resources"]) == ([], [room_id])
    assert (accepted["state"], accepted["note"]) == ("accepted", "Kunci di pos jaga")
    assert accepted["activity"]["resources"][0]["standing"] == "binding"
    sent = asking.get("/slot-requests?box=by_me", expect=200)["items"]
    assert made in {one["activity_id"] for one in sent}


def test_a_room_is_entered_blocked_and_lent_by_its_keeper(user, hour):
    keeper, protocol = user("kadis.kominfo"), user("protokol")
    unit_id = keeper.get("/me")["positions"][0]["unit_id"]
    code = f"uji.{uuid.uuid4().hex[:8]}"
    room = keeper.post(
        "/resources",
        {"code": code, "name": "Ruang uji", "kind": "room", "unit_id": unit_id},
        expect=201,
    )
    path = f"/resources/{room['resource_id']}"
    block = {
        "starts_at": hour.isoformat(),
        "ends_at": (hour + timedelta(hours=1)).isoformat(),
        "reason": "Pengecatan",
    }
    keeper.post(f"{path}/blocks", block, expect=201)
    wanted = booking(protocol, hour, "wabup", resource_ids=[room["resource_id"]])

    refused = protocol.post("/activities", wanted, expect=409)
    tag = keeper.get(path, expect=200).headers["ETag"]
    keeper.patch(path, {"active": False}, tag, expect=200)
    wanted |= {
        "starts_at": (hour + timedelta(days=7)).isoformat(),
        "ends_at": (hour + timedelta(days=7, hours=1)).isoformat(),
    }
    closed = protocol.post("/activities", wanted, expect=409)

    assert refused["conflicts"][0]["kind"] == "resource"
    assert closed.code == "resource_closed"


def test_a_room_is_lent_for_a_whole_series_in_one_act(user, dawn):
    keeper, protocol = user("kadis.kominfo"), user("protokol")
    room = {
        "code": f"uji.{uuid.uuid4().hex[:8]}",
        "name": "Ruang uji",
        "kind": "room",
        "unit_id": keeper.get("/me")["positions"][0]["unit_id"],
        "needs_approval": True,
    }
    room_id = keeper.post("/resources", room, expect=201)["resource_id"]
    wanted = weekly(protocol, dawn, "wabup") | {"resource_ids": [room_id]}
    made = protocol.post("/activities", wanted, expect=201)
    listed = f"/resource-approvals?resource_id={room_id}"
    answer = f"/activities/{made['activity_id']}/resources/{room_id}/approval?scope=all"

    (waiting,) = keeper.get(listed, expect=200)["items"]
    protocol.post(answer, {"approved": True}, expect=403)
    agreed = keeper.post(answer, {"approved": True}, expect=200)
    withdrawn = keeper.post(answer, {"approved": False}, expect=200)
    again = keeper.post(answer, {"approved": False}, expect=409)

    assert (waiting["dates"], waiting["resource"]["approved"]) == (5, False)
    assert agreed["series"]["occurrences"] == 5
    assert agreed["resources"][0]["standing"] == "binding"
    assert keeper.get(listed, expect=200)["items"] == []
    assert withdrawn["resources"][0]["standing"] == "binding"
    assert again.code == "illegal_transition"


def test_a_proposed_series_is_confirmed_from_a_date_on(user, dawn):
    asking, keeper = user("staf.hukum"), user("ajudan.wabup")
    wanted = weekly(asking, dawn, "wabup") | {"state": "proposed"}
    made = asking.post("/activities", wanted, expect=201)
    path = f"/activities/{made['activity_id']}/confirm?scope=following"

    asking.post(path, {}, expect=403)
    confirmed = keeper.post(path, {}, expect=200)

    assert (confirmed["state"], confirmed["series"]["occurrences"]) == ("confirmed", 5)


def test_the_load_of_a_week_counts_what_is_booked(user, hour):
    protocol = user("protokol")
    office = protocol.get("/positions?code=wabup", expect=200)["items"][0]
    query = (
        f"/schedule-load?from={hour.date()}&to={hour.date()}"
        f"&unit_id={office['unit_id']}"
    )

    def booked():
        rows = protocol.get(query, expect=200)["items"]
        mine = [one for one in rows if one["position_id"] == office["position_id"]]
        return [
            (week["hours"], week["activities"]) for one in mine for week in one["weeks"]
        ]

    before = booked() or [(0, 0)]
    wanted = booking(protocol, hour, "wabup", hours=2)
    protocol.post("/activities", wanted, expect=201)

    assert booked() == [(hours + 2, number + 1) for hours, number in before]


def test_a_feed_of_a_unit_shows_what_its_offices_do(user):
    head = user("kadis.kominfo")
    unit_id = head.get("/me")["positions"][0]["unit_id"]
    near = datetime.now(ZONE) + timedelta(days=30, minutes=random.randint(0, 9000))
    start = near.replace(second=0, microsecond=0)
    title = f"Rapat bidang {uuid.uuid4().hex[:6]}"
    wanted = booking(head, start, "kadis.kominfo", title=title, state="tentative")
    head.post("/activities", wanted, expect=201)

    made = head.post(
        "/calendar-feeds", {"unit_id": unit_id, "detail": "full"}, expect=201
    )
    answer = requests.get(made["url"], timeout=10)
    listed = head.get("/calendar-feeds", expect=200)["items"]
    head.delete(f"/calendar-feeds/{made['feed_id']}", expect=204)

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert title in {str(one["SUMMARY"]) for one in events}
    (mine,) = [one for one in listed if one["feed_id"] == made["feed_id"]]
    assert mine["unit_id"] == unit_id


def test_a_feed_is_read_without_login_until_it_is_revoked(user):
    bupati = user("bupati")
    made = bupati.post(
        "/calendar-feeds",
        {"position_id": bupati.position("bupati"), "detail": "busy"},
        expect=201,
    )

    answer = requests.get(made["url"], timeout=10)
    tag = {"If-None-Match": answer.headers["ETag"]}
    unchanged = requests.get(made["url"], headers=tag, timeout=10)
    bupati.delete(f"/calendar-feeds/{made['feed_id']}", expect=204)
    revoked = requests.get(made["url"], timeout=10)
    address = urlsplit(made["url"])
    guessed = requests.get(
        f"{address.scheme}://{address.netloc}/calendars/{'x' * 43}.ics", timeout=10
    )

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} == {"Sibuk"}
    assert unchanged.status_code == 304
    assert (revoked.status_code, guessed.status_code) == (404, 404)
