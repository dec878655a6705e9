"""Create, confirm, cancel, postpone, complete: what binds and what refuses."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.schedule import (
    ActivityExternalRef,
    ParticipantRole,
    Recurrence,
    Visibility,
)
from contracts.schedule_requests import ParticipantRequest
from tests.integration.schedule.desk import Desk, refused, standing
from tests.unit.schedule.offices import at, client, key, people, request


def test_a_booked_hour_refuses_with_the_clash_and_three_free_slots(desk: Desk) -> None:
    first = desk.create("ajudan", request("bupati", starts=9, ends=11))

    error = refused(
        lambda: desk.create("ajudan", request("bupati", starts=10, ends=12))
    )

    assert error.code == "schedule_conflict"
    (clash,) = error.facts["conflicts"]
    assert clash["activity_id"] == str(first.activity_id)
    assert clash["position_id"] == str(key("bupati"))
    assert clash["kind"] == "person"
    assert clash["activity_title"] == "Rapat koordinasi"
    assert len(error.facts["alternatives"]) >= 3
    assert desk.count("activity") == 1


def test_back_to_back_is_legal(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", starts=9, ends=10))
    desk.create("ajudan", request("bupati", starts=10, ends=11))

    assert desk.double_bookings() == []
    assert desk.count("booking", "binds") == 2


def test_one_person_in_two_offices_is_one_person(desk: Desk) -> None:
    desk.create("mertua", request("camat"))

    refused(lambda: desk.create("mertua", request("kabid")))


def test_one_person_may_sit_in_one_activity_for_two_offices(desk: Desk) -> None:
    made = desk.create("mertua", request("camat", "kabid"))

    assert {standing(made, "camat"), standing(made, "kabid")} == {"binding"}
    assert desk.count("booking") == 1


def test_a_vacant_position_binds_under_its_own_key(desk: Desk) -> None:
    desk.create("sekretaris", request("vacant"))

    error = refused(lambda: desk.create("sekretaris", request("vacant")))

    assert error.facts["conflicts"][0]["name"] == "vacant"


def test_a_room_is_promised_once_and_travel_does_not_widen_it(desk: Desk) -> None:
    travel = {"travel_minutes_before": 60, "travel_minutes_after": 60}
    room = {"resource_ids": [key("aula")]}
    desk.create("ajudan", request("bupati", starts=9, ends=10, **room, **travel))

    desk.create("mertua", request("camat", starts=10, ends=11, **room))
    error = refused(
        lambda: desk.create("mertua", request("camat", starts=9, ends=10, **room))
    )

    assert [clash["kind"] for clash in error.facts["conflicts"]] == ["resource"]


def test_travel_widens_persons_and_vehicles(desk: Desk) -> None:
    travel = {"travel_minutes_before": 60, "travel_minutes_after": 60}
    car = {"resource_ids": [key("mobil")]}
    desk.create("ajudan", request("bupati", starts=9, ends=10, **car, **travel))

    refused(lambda: desk.create("ajudan", request("bupati", starts=10, ends=11)))
    refused(lambda: desk.create("mertua", request("camat", starts=8, ends=9, **car)))
    desk.create("ajudan", request("bupati", starts=11, ends=12))


def test_an_open_end_protects_its_assumed_length_and_is_shown_as_null(
    desk: Desk,
) -> None:
    made = desk.create("ajudan", request("bupati", starts=9, ends=None))

    assert made.ends_at is None
    assert made.assumed_ends_at == at(12)
    refused(lambda: desk.create("ajudan", request("bupati", starts=11, ends=13)))
    desk.create("ajudan", request("bupati", starts=12, ends=13))


def test_proposed_and_tentative_never_refuse_but_are_told(desk: Desk) -> None:
    desk.create("ajudan", request("bupati"))

    for state in ("proposed", "tentative"):
        made = desk.create("staf.dinkes", request("bupati", state=state))
        assert made.warnings[0].activity_title == "Rapat koordinasi"
        assert standing(made, "bupati") == state


def test_confirming_over_a_tentative_one_warns_and_tells_its_requester(
    desk: Desk,
) -> None:
    loose = desk.create("staf.dinkes", request("bupati", state="tentative"))

    made = desk.create("ajudan", request("bupati"))

    assert [clash.activity_id for clash in made.warnings] == [loose.activity_id]
    (told,) = desk.events("activity.changed.v1")
    assert told["data"]["overtaken_by"] == str(made.activity_id)
    assert told["data"]["requester_person_id"] == str(key("staf.dinkes"))


def test_a_busy_invited_office_is_a_warning_and_binds_when_it_attends(
    desk: Desk,
) -> None:
    desk.create("kadinkes", request("kadinkes"))
    both = [
        ParticipantRequest(position_id=key("bupati"), role=ParticipantRole.HOST),
        ParticipantRequest(position_id=key("kadinkes"), role=ParticipantRole.INVITED),
    ]

    made = desk.create("ajudan", request(participants=both))

    assert [clash.position_id for clash in made.warnings] == [key("kadinkes")]
    assert standing(made, "kadinkes") == "invited"
    refused(lambda: desk.respond("kadinkes", made.activity_id, "kadinkes", "attending"))


def test_only_keepers_confirm_binding_participants(desk: Desk) -> None:
    with pytest.raises(Forbidden) as caught:
        desk.create("tu.kominfo", request("kadis", "bupati", "kadinkes"))

    assert caught.value.code == "not_schedule_keeper"
    assert caught.value.facts["position_ids"] == [
        str(key("bupati")),
        str(key("kadinkes")),
    ]
    assert desk.count("activity") == 0


def test_a_proposal_of_anybody_goes_to_the_keepers_and_one_confirms_it(
    desk: Desk,
) -> None:
    made = desk.create("staf.dinkes", request("bupati", state="proposed"))
    (event,) = desk.events("activity.proposed.v1")

    assert str(key("ajudan")) in event["data"]["keeper_position_ids"]
    assert "confirm" not in made.allowed
    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.confirm("staf.dinkes", made.activity_id)
    confirmed = desk.confirm("ajudan", made.activity_id)
    assert standing(confirmed, "bupati") == "binding"
    refused(lambda: desk.create("protokol", request("bupati")))


def test_a_client_proposes_only(desk: Desk) -> None:
    made = desk.create(client(), request("bupati", state="proposed"))

    assert made.created_by is not None
    assert made.created_by.client is not None
    with pytest.raises(Forbidden):
        desk.create(client(), request("kadis"))
    assert made.allowed == ["cancel", "postpone", "update"]


def test_cancelled_and_postponed_free_the_time(desk: Desk) -> None:
    for act in (desk.cancel, desk.postpone):
        made = desk.create("ajudan", request("bupati"))
        act("ajudan", made.activity_id)
        assert desk.count("booking") == 0

    assert desk.confirm("ajudan", made.activity_id).state == "confirmed"
    refused(lambda: desk.create("ajudan", request("bupati")))


def test_completing_frees_what_is_left_of_the_time(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", starts=9, ends=12))
    desk.now = at(10)

    assert desk.complete("ajudan", made.activity_id).state == "completed"

    desk.create("ajudan", request("bupati", starts=10, ends=12))
    refused(lambda: desk.create("ajudan", request("bupati", starts=9.5, ends=10)))


def test_moves_the_table_does_not_allow_name_the_state(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati"))
    desk.cancel("ajudan", made.activity_id)

    for act in (desk.cancel, desk.postpone, desk.complete, desk.confirm):
        with pytest.raises(Conflict, match="illegal_transition") as caught:
            act("ajudan", made.activity_id)
        assert caught.value.facts == {"state": "cancelled"}


def test_a_hidden_activity_is_busy_for_others_and_open_to_keepers(desk: Desk) -> None:
    hidden = request("bupati", title="Berobat", visibility=Visibility.BUSY_ONLY)
    made = desk.create("ajudan", hidden)

    stranger, keeper = (
        desk.get(who, made.activity_id) for who in ("staf.dinkes", "protokol")
    )

    assert (stranger.title, stranger.masked, stranger.allowed) == ("Kegiatan", True, [])
    assert stranger.created_by is None
    assert (keeper.title, keeper.masked) == ("Berobat", False)
    with pytest.raises(NotFound):
        desk.cancel("staf.dinkes", made.activity_id)
    loose = desk.create("staf.dinkes", request("bupati", state="proposed"))
    assert loose.warnings[0].activity_title == "sibuk"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"participants": people("nobody")}, "/participants/0/position_id"),
        ({"participants": people("bupati", "bupati")}, "/participants/1/position_id"),
        ({"participants": [], "resource_ids": []}, "/participants"),
        ({"resource_ids": [UUID(int=7)]}, "/resource_ids/0"),
        ({"organiser_unit_id": UUID(int=7)}, "/organiser_unit_id"),
        ({"ends_at": at(9)}, "/ends_at"),
        ({"ends_at": at(9, day=400)}, "/ends_at"),
    ],
)
def test_bad_requests_name_their_field(
    desk: Desk, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        desk.create("ajudan", request("bupati", **change))

    assert caught.value.errors[0]["field"] == field
    assert desk.count("activity") == 0


def test_one_activity_per_letter_and_per_external_name(desk: Desk) -> None:
    letter = {"letter_id": UUID(int=9)}
    made = desk.create("ajudan", request("bupati", state="proposed", **letter))

    error = refused(
        lambda: desk.create("ajudan", request("bupati", state="proposed", **letter))
    )

    assert error.code == "letter_has_activity"
    assert error.facts == {"activity_id": str(made.activity_id)}


def test_an_external_name_taken_names_its_own_activity(desk: Desk) -> None:
    """Not some other one that has no letter either."""
    desk.create("ajudan", request("bupati"))
    named = {"external_ref": ActivityExternalRef(system="siska", id="17")}
    taken = desk.create("ajudan", request("bupati", starts=11, ends=12, **named))

    daily = {"recurrence": Recurrence(rrule="FREQ=DAILY;COUNT=2")}
    single, series = (
        request("bupati", starts=14, ends=15, **named, **more) for more in ({}, daily)
    )

    for error in (
        refused(lambda: desk.create("ajudan", single)),
        refused(lambda: desk.create("ajudan", series)),
    ):
        assert error.code == "external_ref_taken"
        assert error.facts == {"activity_id": str(taken.activity_id)}


def test_a_hidden_activity_is_not_told_by_its_external_name(desk: Desk) -> None:
    named = {"external_ref": ActivityExternalRef(system="siska", id="17")}
    desk.create("ajudan", request("bupati", visibility=Visibility.BUSY_ONLY, **named))

    error = refused(lambda: desk.create("kadis", request("kadis", **named)))

    assert error.code == "external_ref_taken"
    assert error.facts == {}


def test_what_is_completed_before_its_hour_holds_no_time(desk: Desk) -> None:
    made = desk.create("ajudan", request("bupati", starts=9, ends=12))
    assert "complete" not in made.allowed

    done = desk.complete("ajudan", made.activity_id)

    assert done.state == "completed"
    assert [line.standing for line in done.participants] == [None]
    desk.create("ajudan", request("bupati", starts=9, ends=12))
    desk.now = at(9)
    begun = desk.create("wabup", request("wabup", starts=9, ends=12))
    assert "complete" in begun.allowed
