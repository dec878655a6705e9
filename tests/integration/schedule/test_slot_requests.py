"""Requests for a slot: asked by anybody, answered by the keepers, or too late."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.schedule import ActivityState, Recurrence
from tests.integration.schedule.desk import Desk, refused, standing
from tests.integration.schedule.keeping import enter
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import at, client, key, request


def test_an_application_asks_and_the_aide_accepts(desk: Desk) -> None:
    app = client("dinkes")
    made = desk.create(app, request("bupati", state="proposed"))

    (seen,) = desk.slots("ajudan", "to_me", open_=True)
    assert (seen.activity_id, seen.state) == (made.activity_id, "open")
    assert seen.waiting_for == [key("bupati")]

    accepted = desk.accept("ajudan", made.activity_id)

    assert (accepted.state, accepted.activity.state) == ("accepted", "confirmed")
    assert standing(accepted.activity, "bupati") == "binding"
    assert desk.slots("ajudan", "to_me", open_=True) == []
    assert [slot.state for slot in desk.slots(app, "by_me")] == ["accepted"]
    (event,) = desk.events("activity.confirmed.v1")
    assert event["data"]["requester_client_id"] == str(key("client"))


def test_a_yes_may_say_more_to_who_asked(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("kadis", "wabup", state="proposed"))

    desk.accept("kadis", made.activity_id, "Mulai tepat waktu")
    accepted = desk.accept("wabup", made.activity_id, "Bawa bahannya")

    assert accepted.note == "Bawa bahannya"
    (said,) = desk.events("participant.responded.v1")
    (confirmed,) = desk.events("activity.confirmed.v1")
    assert said["data"]["note"] == "Mulai tepat waktu"
    assert confirmed["data"]["reason"] == "Bawa bahannya"


def test_what_one_asks_stands_with_what_one_sent_alone(desk: Desk) -> None:
    own = desk.create("kadis", request("kadis", "wabup", state="proposed"))
    other = desk.create("staf.dinkes", request("kadis", state="proposed"))
    app = desk.create(client("dinkes"), request("kadis", state="proposed"))

    def seen(who: str, box: str) -> list[UUID]:
        return [slot.activity_id for slot in desk.slots(who, box, open_=True)]

    assert seen("kadis", "to_me") == [app.activity_id, other.activity_id]
    assert seen("kadis", "by_me") == [own.activity_id]
    assert seen("wabup", "to_me") == [own.activity_id]


def test_what_one_keeps_oneself_is_no_request(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", state="proposed"))

    assert desk.slots("ajudan", "to_me") == []
    with pytest.raises(NotFound):
        desk.accept("ajudan", made.activity_id)


def test_the_last_of_two_offices_to_say_yes_confirms(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("kadis", "wabup", state="proposed"))

    first = desk.accept("kadis", made.activity_id)
    assert (first.state, first.waiting_for) == ("open", [key("wabup")])
    again = refused(lambda: desk.accept("kadis", made.activity_id))
    assert again.code == "illegal_transition"

    assert desk.accept("wabup", made.activity_id).state == "accepted"
    assert len(desk.events("participant.responded.v1")) == 1


@pytest.mark.parametrize("who", ["staf.dinkes", "kadinkes", client("dinkes")])
def test_who_keeps_nobody_answers_nothing(desk: Desk, who: str | Actor) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))

    for answer in (desk.accept, desk.refuse):
        with pytest.raises((Forbidden, NotFound)):
            answer(who, made.activity_id)
    assert desk.get("ajudan", made.activity_id).state is ActivityState.PROPOSED


def test_a_busy_hour_is_not_accepted_but_another_is_offered(desk: Desk) -> None:
    desk.create("ajudan", request("bupati"))
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))

    busy = refused(lambda: desk.accept("ajudan", made.activity_id))
    assert busy.code == "schedule_conflict"
    assert len(busy.facts["alternatives"]) >= 3
    taken = refused(lambda: desk.offer("ajudan", made.activity_id, at(9.5), at(11)))
    assert taken.code == "schedule_conflict"

    offered = desk.offer("ajudan", made.activity_id, at(13), at(14))

    assert (offered.state, offered.waiting_for) == ("offered", [])
    assert (offered.asked_starts_at, offered.activity.starts_at) == (at(9), at(13))
    (event,) = desk.events("activity.changed.v1")
    assert (event["data"]["offered"], event["data"]["reason"]) == (True, "Rapat")
    assert desk.accept("staf.dinkes", made.activity_id).state == "accepted"
    assert desk.get("ajudan", made.activity_id).state is ActivityState.CONFIRMED


def test_no_time_that_is_past_or_upside_down_is_offered(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))

    for starts, ends in ((at(9, day=-9), at(10)), (at(13), at(12))):
        with pytest.raises(Invalid):
            desk.offer("ajudan", made.activity_id, starts, ends)
    assert desk.get("ajudan", made.activity_id).starts_at == at(9)


def test_another_time_than_offered_asks_the_keeper_again(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))
    desk.offer("ajudan", made.activity_id, at(13), at(14))
    desk.update("staf.dinkes", made.activity_id, starts_at=at(15), ends_at=at(16))

    (seen,) = desk.slots("staf.dinkes", "by_me")
    assert (seen.state, seen.waiting_for) == ("open", [key("bupati")])
    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.accept("staf.dinkes", made.activity_id)


def test_a_refusal_frees_the_hour_and_says_why(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))

    answer = desk.refuse("ajudan", made.activity_id)

    assert (answer.state, answer.note) == ("refused", "Penuh")
    assert desk.count("booking") == 0
    (event,) = desk.events("activity.cancelled.v1")
    assert (event["data"]["cause"], event["data"]["reason"]) == ("refused", "Penuh")
    late = refused(lambda: desk.accept("protokol", made.activity_id))
    assert late.facts["state"] == "refused"


def test_a_request_taken_back_is_withdrawn(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))
    desk.cancel("staf.dinkes", made.activity_id)

    assert [slot.state for slot in desk.slots("ajudan", "to_me")] == ["withdrawn"]
    with pytest.raises(Conflict):
        desk.refuse("ajudan", made.activity_id)


def test_nobody_is_asked_for_an_hour_that_is_over(desk: Desk) -> None:
    desk.now = at(10)
    daily = {"recurrence": Recurrence(rrule="FREQ=DAILY;COUNT=2")}

    for more in ({}, daily):
        with pytest.raises(Invalid) as caught:
            desk.create("staf.dinkes", request("bupati", state="proposed", **more))
        assert caught.value.errors[0]["field"] == "/starts_at"

    assert desk.count("activity") == 0
    begun = request("bupati", ends=11, state="proposed")
    assert desk.create("staf.dinkes", begun).state == "proposed"
    assert desk.create("ajudan", request("bupati", ends=9.5)).state == "confirmed"


def test_unanswered_it_expires_once_though_two_copies_look(desk: Desk) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))
    taken = desk.create("staf.dinkes", request("wabup", state="proposed"))
    desk.accept("wabup", taken.activity_id)
    assert desk.expire() == 0

    desk.now = made.starts_at + timedelta(seconds=1)
    late = refused(lambda: desk.accept("ajudan", made.activity_id))
    assert late.facts["state"] == "expired"
    race(desk.expire, desk.expire)

    assert [slot.state for slot in desk.slots("ajudan", "to_me", open_=False)]
    assert desk.get("ajudan", made.activity_id).state is ActivityState.CANCELLED
    assert desk.get("wabup", taken.activity_id).state is ActivityState.CONFIRMED
    (event,) = desk.events("activity.cancelled.v1")
    assert event["data"]["cause"] == "expired"
    assert desk.count("slot_request", "NOT closed") == 0


def test_of_two_keepers_answering_at_once_one_wins(desk: Desk) -> None:
    for _ in range(6):
        made = desk.create("staf.dinkes", request("bupati", state="proposed"))

        found = race(
            lambda made=made: desk.accept("ajudan", made.activity_id),
            lambda made=made: desk.refuse("protokol", made.activity_id),
            lambda made=made: desk.accept("bupati", made.activity_id),
            lambda made=made: desk.refuse("bupati", made.activity_id),
        )

        assert found == {"done": 1, "illegal_transition": 3}
        desk.clear()


def test_of_two_requests_for_one_hour_one_is_accepted(desk: Desk) -> None:
    made = [
        desk.create("staf.dinkes", request("bupati", state="proposed"))
        for _ in range(8)
    ]

    found = race(
        *(lambda key=each.activity_id: desk.accept("ajudan", key) for each in made)
    )

    assert found == {"done": 1, "schedule_conflict": 7}
    assert desk.double_bookings() == []


@pytest.mark.parametrize("needs_approval", [False, True])
def test_an_application_asks_for_a_room_alone(desk: Desk, needs_approval: bool) -> None:
    room = enter(desk, "kadis", needs_approval=needs_approval).resource_id
    app = client("dinkes")
    made = desk.create(app, request(state="proposed", resource_ids=[room]))

    (seen,) = desk.slots("kadis", "to_me", open_=True)
    assert (seen.activity_id, seen.state) == (made.activity_id, "open")
    assert (seen.waiting_for, seen.waiting_for_resources) == ([], [room])
    assert [thing.kept_by_me for thing in seen.activity.resources] == [True]
    assert desk.slots("kadinkes", "to_me") == []
    assert desk.slots("ajudan", "to_me") == []
    (event,) = desk.events("activity.proposed.v1")
    assert str(key("kadis")) in event["data"]["keeper_position_ids"]

    accepted = desk.accept("kadis", made.activity_id, "Kunci di pos jaga")

    (thing,) = accepted.activity.resources
    assert (accepted.state, accepted.note) == ("accepted", "Kunci di pos jaga")
    assert (thing.standing, thing.approved) == ("binding", True)
    assert accepted.waiting_for_resources == []
    assert [slot.state for slot in desk.slots(app, "by_me")] == ["accepted"]


def test_who_lends_offers_refuses_and_lets_expire(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    desk.create("kadis", request("kadis", resource_ids=[room]))
    made = [
        desk.create("staf.dinkes", request(state="proposed", resource_ids=[room]))
        for _ in range(3)
    ]

    for answer in (desk.accept, desk.refuse):
        with pytest.raises(Forbidden):
            answer("ajudan", made[0].activity_id)
    busy = refused(lambda: desk.accept("kadis", made[0].activity_id))
    assert busy.code == "schedule_conflict"
    offered = desk.offer("kadis", made[0].activity_id, at(13), at(14))
    assert (offered.state, offered.waiting_for_resources) == ("offered", [])
    assert desk.accept("staf.dinkes", made[0].activity_id).state == "accepted"
    assert desk.refuse("kadis", made[1].activity_id).state == "refused"
    desk.now = made[2].starts_at + timedelta(seconds=1)
    assert desk.expire() == 1
    (kept,) = (row for row in desk.events("activity.cancelled.v1")[-1:])
    assert kept["data"]["cause"] == "expired"
    assert str(key("kadis")) in kept["data"]["keeper_position_ids"]


def test_with_people_the_room_is_no_question_of_its_own(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    desk.create("staf.dinkes", request("wabup", state="proposed", resource_ids=[room]))

    assert desk.slots("kadis", "to_me") == []
    assert desk.slots("wabup", "to_me")[0].waiting_for_resources == []


def test_of_two_requests_for_a_room_answered_at_once_one_has_it(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    made = [
        desk.create(client("dinkes"), request(state="proposed", resource_ids=[room]))
        for _ in range(6)
    ]

    found = race(
        *(lambda key=each.activity_id: desk.accept("kadis", key) for each in made)
    )

    assert found == {"done": 1, "schedule_conflict": 5}
    assert desk.double_bookings() == []
