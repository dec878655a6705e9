"""Responses, representation, PATCH, override: lines taken away and laid again."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from contracts.schedule import Place, Visibility
from contracts.schedule_requests import OverrideRequest, PlacePatch
from tests.integration.schedule.desk import Desk, monitored, refused, standing
from tests.unit.schedule.offices import at, client, key, people, request


def test_represented_frees_the_one_and_books_the_other(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))

    changed = desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")

    assert standing(changed, "bupati") is None
    assert standing(changed, "wabup") == "binding"
    desk.create("ajudan", request("bupati"))
    refused(lambda: desk.create("wabup", request("wabup")))
    (event,) = desk.events("participant.responded.v1")
    assert event["data"]["represented_by"] == str(key("wabup"))


def test_a_busy_representative_changes_nothing(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.create("wabup", request("wabup"))

    error = refused(
        lambda: desk.respond(
            "ajudan", made.activity_id, "bupati", "represented", "wabup"
        )
    )

    assert [clash["position_id"] for clash in error.facts["conflicts"]] == [
        str(key("wabup"))
    ]
    assert standing(desk.get("ajudan", made.activity_id), "bupati") == "binding"


def test_who_answers_again_needs_no_representative_any_more(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")

    changed = desk.respond("ajudan", made.activity_id, "bupati", "attending")

    assert [line.position_id for line in changed.participants] == [key("bupati")]
    desk.create("wabup", request("wabup"))


def test_who_was_represented_comes_himself_when_the_other_is_taken_out(
    desk: Desk,
) -> None:
    guests = [*people("bupati", role="host"), *people("sekda")]
    made = desk.create("protokol", request(participants=guests))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")

    changed = desk.update("protokol", made.activity_id, participants=guests)

    bupati = changed.participants[0]
    assert (bupati.response, bupati.represented_by) == ("pending", None)
    assert standing(changed, "bupati") == "binding"
    refused(lambda: desk.create("ajudan", request("bupati")))
    desk.create("wabup", request("wabup"))


def test_whose_time_is_gone_keeps_his_representative(desk: Desk) -> None:
    guests = people("bupati", role="host")
    made = desk.create("protokol", request(participants=guests))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")
    desk.create("ajudan", request("bupati"))

    error = refused(
        lambda: desk.update("protokol", made.activity_id, participants=guests)
    )

    assert error.facts["conflicts"][0]["position_id"] == str(key("bupati"))
    assert standing(desk.get("ajudan", made.activity_id), "wabup") == "binding"


def test_a_representative_stays_without_whom_he_stood_in_for(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati", "sekda"))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")

    changed = desk.update(
        "protokol", made.activity_id, participants=people("sekda", "wabup")
    )

    assert [line.represents for line in changed.participants] == [None, None]
    assert standing(changed, "wabup") == "binding"


def test_a_representative_who_declines_gives_the_seat_back(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati"))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")

    changed = desk.respond("wabup", made.activity_id, "wabup", "not_attending")

    bupati, wabup = changed.participants
    assert (bupati.response, bupati.represented_by) == ("pending", None)
    assert (wabup.response, wabup.represents) == ("not_attending", None)
    assert (standing(changed, "bupati"), standing(changed, "wabup")) == (
        "binding",
        None,
    )
    told = desk.events("participant.responded.v1")[-1]["data"]
    assert told["unrepresented_position_ids"] == [str(key("bupati"))]
    assert {str(key("bupati")), str(key("ajudan"))} <= {
        *told["unrepresented_keeper_ids"]
    }


def test_a_representative_may_decline_though_the_other_is_busy(desk: Desk) -> None:
    """It is in the monitor, and not the hour that was booked meanwhile."""
    made = desk.create("protokol", request("bupati"))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")
    meanwhile = desk.create("ajudan", request("bupati"))

    changed = desk.respond("wabup", made.activity_id, "wabup", "not_attending")

    assert standing(changed, "bupati") == "blocked"
    (line,) = monitored(desk, "protokol").items
    assert (line.position_id, line.activity_id) == (key("bupati"), made.activity_id)
    assert [clash.activity_id for clash in line.overlaps] == [meanwhile.activity_id]
    assert desk.double_bookings() == []


def test_who_was_sent_by_the_one_who_was_sent_goes_with_him(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati"))
    desk.respond("ajudan", made.activity_id, "bupati", "represented", "wabup")
    desk.respond("protokol", made.activity_id, "wabup", "represented", "sekda")

    changed = desk.respond("ajudan", made.activity_id, "bupati", "attending")

    assert [line.position_id for line in changed.participants] == [key("bupati")]


def test_the_last_who_declines_leaves_it_to_the_organisers(desk: Desk) -> None:
    guests = [*people("bupati", "kadis"), *people("kadinkes", role="invited")]
    made = desk.create("protokol", request("wabup", starts=13, ends=14))
    asked = desk.create("sekda", request(participants=guests, state="proposed"))
    desk.accept("ajudan", asked.activity_id)
    desk.accept("kadis", asked.activity_id)

    desk.respond("kadis", asked.activity_id, "kadis", "not_attending")
    desk.respond("ajudan", asked.activity_id, "bupati", "not_attending")
    desk.respond("protokol", made.activity_id, "wabup", "represented", "sekda")

    told = [
        row["data"]["deserted_organiser_ids"]
        for row in desk.events("participant.responded.v1")
        if row["data"]["response"] != "attending"
    ]
    assert [bool(ids) for ids in told] == [False, True, False]
    assert str(key("sekda")) in told[1]

    (line,) = monitored(desk, "protokol").items
    assert (line.activity_id, line.standing) == (asked.activity_id, "deserted")
    assert (line.position_id, line.overlaps, line.suggestions) == (
        key("bupati"),
        [],
        [],
    )
    for query, count in (
        ({"position_id": str(key("kadis"))}, 1),
        ({"position_id": str(key("wabup"))}, 0),
        ({"unit_id": str(key("setda"))}, 1),
        ({"unit_id": str(key("dinkes"))}, 0),
    ):
        assert len(monitored(desk, "protokol", **query).items) == count
    desk.respond("kadis", asked.activity_id, "kadis", "attending")
    assert monitored(desk, "protokol").items == []


def test_only_a_keeper_answers_and_only_with_a_subordinate(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))

    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.respond("kadis", made.activity_id, "bupati", "not_attending")
    made = desk.create("kadis", request("kadis", starts=13, ends=14))
    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.respond("kadis", made.activity_id, "kadis", "represented", "kadinkes")
    with pytest.raises(Invalid):
        desk.respond("kadis", made.activity_id, "kadis", "represented")
    with pytest.raises(Invalid):
        desk.respond("kadis", made.activity_id, "kadis", "attending", "kabid")


def test_a_move_is_checked_like_a_new_activity(desk: Desk) -> None:
    first = desk.create("ajudan", request("bupati", starts=9, ends=10))
    desk.create("ajudan", request("bupati", starts=11, ends=12))

    refused(
        lambda: desk.update(
            "ajudan", first.activity_id, starts_at=at(11), ends_at=at(12)
        )
    )
    moved = desk.update("ajudan", first.activity_id, starts_at=at(10), ends_at=at(11))

    assert moved.starts_at == at(10)
    assert moved.version == first.version + 1
    desk.create("ajudan", request("bupati", starts=9, ends=10))
    (event,) = desk.events("activity.changed.v1")
    assert event["data"]["changes"] == ["starts_at", "ends_at"]


def test_a_stale_version_is_refused(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.update("ajudan", made.activity_id, made.version, title="Rapat lain")

    with pytest.raises(Stale):
        desk.update("ajudan", made.activity_id, made.version, title="Rapat ketiga")


def test_people_added_to_a_booked_activity_must_be_kept_and_free(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.create("wabup", request("wabup"))

    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.update("ajudan", made.activity_id, participants=people("bupati", "kadis"))
    refused(
        lambda: desk.update(
            "protokol", made.activity_id, participants=people("bupati", "wabup")
        )
    )


def test_who_leaves_is_free_and_told(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati", "wabup"))

    desk.update("protokol", made.activity_id, participants=people("bupati"))

    desk.create("wabup", request("wabup"))
    (event,) = desk.events("activity.changed.v1")
    assert event["data"]["removed_position_ids"] == [str(key("wabup"))]


def test_a_patch_that_only_renames_needs_no_keeper_of_all(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati", "kadinkes"))

    renamed = desk.update("ajudan", made.activity_id, title="Rapat baru")

    assert renamed.title == "Rapat baru"
    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.update("ajudan", made.activity_id, starts_at=at(8))


def test_what_a_patch_of_the_place_does_not_name_stays(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati"))
    url = "https://rapat.example/1"
    desk.update("protokol", made.activity_id, place=PlacePatch(name="Aula"))
    desk.update("protokol", made.activity_id, place=PlacePatch(online_url=url))

    changed = desk.update(
        "protokol", made.activity_id, place=PlacePatch(region_code=None)
    )

    assert changed.place == Place(name="Aula", online_url=url)
    gone = desk.update("protokol", made.activity_id, place=None)
    assert gone.place is None


def test_an_attendance_was_given_for_the_old_time(desk: Desk) -> None:
    guests = people("kadinkes", role="invited")
    made = desk.create("ajudan", request(participants=[*people("bupati"), *guests]))
    desk.respond("kadinkes", made.activity_id, "kadinkes", "attending")

    moved = desk.update("ajudan", made.activity_id, starts_at=at(8), ends_at=at(9))

    assert moved.participants[1].response == "pending"
    assert standing(moved, "kadinkes") == "invited"


def test_strangers_may_not_change_what_they_see(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))

    for act in (desk.cancel, desk.postpone, desk.complete):
        with pytest.raises(Forbidden):
            act("staf.dinkes", made.activity_id)
    with pytest.raises(Forbidden):
        desk.update("staf.dinkes", made.activity_id, title="Diganti")


def test_strangers_do_not_learn_of_hidden_activities_by_acting(desk: Desk) -> None:
    hidden = request("bupati", visibility=Visibility.BUSY_ONLY)
    made = desk.create("ajudan", hidden)

    with pytest.raises(NotFound):
        desk.update("staf.dinkes", made.activity_id, title="Diganti")
    with pytest.raises(NotFound):
        desk.confirm("staf.dinkes", made.activity_id)
    with pytest.raises(NotFound):
        desk.respond("staf.dinkes", made.activity_id, "bupati", "attending")


def test_a_client_changes_its_own_proposals_only(desk: Desk) -> None:
    made = desk.create(client(), request("bupati", state="proposed"))
    other = desk.create("ajudan", request("bupati", state="proposed"))

    assert desk.get(client(), made.activity_id).allowed
    assert desk.get(client(), other.activity_id).allowed == []
    with pytest.raises(NotFound):
        desk.cancel(client("dinkes"), other.activity_id)  # type: ignore[arg-type]


def test_an_override_displaces_tells_and_is_protected_itself(desk: Desk) -> None:
    beaten = desk.create("ajudan", request("bupati", "wabup", state="proposed"))
    desk.confirm("protokol", beaten.activity_id)
    urgent = request("bupati", override=OverrideRequest(reason="Tamu negara"))

    made = desk.create("protokol", urgent)

    lost = desk.get("ajudan", beaten.activity_id)
    assert standing(lost, "bupati") == "displaced"
    assert standing(lost, "wabup") == "binding"
    assert standing(made, "bupati") == "binding"
    (event,) = desk.events("activity.displaced.v1")
    assert event["data"]["cause"] == "override"
    assert event["data"]["reason"] == "Tamu negara"
    assert event["data"]["displaced_position_ids"] == [str(key("bupati"))]
    refused(lambda: desk.create("ajudan", request("bupati")))
    assert desk.double_bookings() == []


def test_only_protocol_and_sekda_override(desk: Desk) -> None:
    desk.create("kadis", request("kadis"))
    urgent = request("kadis", override=OverrideRequest(reason="Darurat"))

    for who in ("kadis", "bupati", "tu.kominfo"):
        with pytest.raises(Forbidden):
            desk.create(who, urgent)

    assert desk.create("sekda", urgent).override is not None


def test_protocol_overrides_only_for_those_it_keeps(desk: Desk) -> None:
    urgent = request("kabid", override=OverrideRequest(reason="Darurat"))

    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.create("protokol", urgent)


def test_an_override_needs_something_that_binds(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.create(
            "protokol",
            request(
                "bupati", state="proposed", override=OverrideRequest(reason="Darurat")
            ),
        )


def test_displaced_lines_stay_so_until_their_own_activity_is_tried_again(
    desk: Desk,
) -> None:
    beaten = desk.create("protokol", request("bupati", "wabup"))
    urgent = desk.create(
        "protokol", request("bupati", override=OverrideRequest(reason="Darurat"))
    )
    desk.respond("wabup", beaten.activity_id, "wabup", "attending")
    refused(lambda: desk.confirm("protokol", beaten.activity_id))
    desk.cancel("protokol", urgent.activity_id)

    again = desk.confirm("protokol", beaten.activity_id)

    assert standing(again, "bupati") == "binding"
    with pytest.raises(Conflict, match="illegal_transition"):
        desk.confirm("protokol", beaten.activity_id)


def test_confirming_may_override_too(desk: Desk) -> None:
    beaten = desk.create("ajudan", request("bupati"))
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))

    desk.confirm("protokol", made.activity_id, override="Perintah Bupati")

    assert standing(desk.get("ajudan", beaten.activity_id), "bupati") == "displaced"


def test_moving_over_a_displaced_line_needs_no_override(desk: Desk) -> None:
    beaten = desk.create("ajudan", request("bupati", starts=9, ends=10))
    desk.create(
        "protokol", request("bupati", override=OverrideRequest(reason="Darurat"))
    )

    moved = desk.update("ajudan", beaten.activity_id, starts_at=at(13), ends_at=at(14))

    assert standing(moved, "bupati") == "binding"


def test_an_activity_keeps_somebody_or_something(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", resource_ids=[key("aula")]))

    emptied = desk.update("ajudan", made.activity_id, participants=[])

    assert emptied.participants == []
    desk.create("ajudan", request("bupati"))
    with pytest.raises(Invalid):
        desk.update("ajudan", made.activity_id, resource_ids=[])


def test_a_postponed_activity_may_be_moved_and_binds_when_confirmed(
    desk: Desk,
) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.postpone("ajudan", made.activity_id)

    desk.update("ajudan", made.activity_id, starts_at=at(13), ends_at=at(14))

    assert desk.count("booking") == 0
    desk.confirm("ajudan", made.activity_id)
    desk.create("ajudan", request("bupati", starts=9, ends=10))
    refused(lambda: desk.create("ajudan", request("bupati", starts=13, ends=14)))


def test_two_senders_of_one_representative_each_count(desk: Desk) -> None:
    made = desk.create("protokol", request("bupati", "sekda"))
    one = made.activity_id
    desk.respond("protokol", one, "bupati", "represented", "kadis")
    desk.respond("protokol", one, "sekda", "represented", "kadis")

    first = desk.respond("protokol", one, "bupati", "attending")
    assert standing(first, "kadis") == "binding"
    second = desk.respond("protokol", one, "sekda", "attending")

    assert {line.code for line in second.participants} == {"bupati", "sekda"}
