"""Who may announce in the name of a unit: the public agenda shows it at once."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.errors import Forbidden
from contracts.schedule import Recurrence, Visibility
from contracts.schedule_requests import CreateActivity
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import at, client, key, request

PUBLIC = {"visibility": Visibility.PUBLIC}


def announced(who: str, unit: str, **more: Any) -> CreateActivity:
    return request(who, organiser_unit_id=key(unit), **PUBLIC, **more)


def shown(desk: Desk) -> int:
    return desk.count("activity", "visibility = 'public' AND confirmed_at IS NOT NULL")


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("kadis", "setda"),
        ("mertua", "kominfo"),
        ("mertua", "pemkab"),
        ("kadis", "dinkes"),
    ],
)
def test_nobody_announces_for_a_unit_he_does_not_speak_for(
    desk: Desk, who: str, unit: str
) -> None:
    daily = Recurrence(rrule="FREQ=DAILY;COUNT=2")
    own = "kabid" if who == "mertua" else who

    for wanted in (announced(own, unit), announced(own, unit, recurrence=daily)):
        with pytest.raises(Forbidden, match="not_organiser") as caught:
            desk.create(who, wanted)
        assert caught.value.facts == {"unit_id": str(key(unit))}

    assert shown(desk) == 0
    desk.create(who, request(own, organiser_unit_id=key(unit)))  # inside, as ever


@pytest.mark.parametrize(
    ("who", "whose", "unit"),
    [
        ("kadis", "kadis", "kominfo"),
        ("sekretaris", "kadis", "kominfo"),
        ("tu.kominfo", "kadis", "kominfo"),
        ("bupati", "bupati", "pemkab"),
        ("ajudan", "bupati", "pemkab"),
        ("wabup", "wabup", "setda"),
        ("protokol", "bupati", "dinkes"),
        ("sekda", "sekda", "dinkes"),
    ],
)
def test_who_speaks_for_it_announces(
    desk: Desk, who: str, whose: str, unit: str
) -> None:
    assert desk.create(who, announced(whose, unit)).state == "confirmed"
    assert shown(desk) == 1


def test_a_proposal_may_name_any_unit_and_its_keeper_answers_for_it(
    desk: Desk,
) -> None:
    wanted = announced("kabid", "setda", state="proposed")
    made = desk.create("mertua", wanted)

    with pytest.raises(Forbidden, match="not_organiser"):
        desk.confirm("mertua", made.activity_id)
    with pytest.raises(Forbidden, match="not_organiser"):
        desk.confirm("tu.kominfo", made.activity_id)

    desk.update("mertua", made.activity_id, visibility=Visibility.INTERNAL)
    desk.confirm("mertua", made.activity_id)
    for change in (PUBLIC, {"organiser_unit_id": key("pemkab"), **PUBLIC}):
        with pytest.raises(Forbidden, match="not_organiser"):
            desk.update("mertua", made.activity_id, **change)
    assert shown(desk) == 0


def test_what_its_own_people_asked_for_is_announced_by_a_keepers_yes(
    desk: Desk,
) -> None:
    by_staff = desk.create(
        "staf.dinkes", announced("bupati", "dinkes", state="proposed")
    )
    wanted = announced("bupati", "kominfo", starts=11, ends=12, state="proposed")
    by_application = desk.create(client(), wanted)

    desk.accept("ajudan", by_staff.activity_id)
    desk.accept("ajudan", by_application.activity_id)

    assert shown(desk) == 2


def test_who_asked_takes_the_hour_a_keeper_offered(desk: Desk) -> None:
    wanted = announced("kadinkes", "dinkes", state="proposed")
    made = desk.create("staf.dinkes", wanted)
    desk.offer("kadinkes", made.activity_id, at(13), at(14))

    desk.accept("staf.dinkes", made.activity_id)

    assert shown(desk) == 1
