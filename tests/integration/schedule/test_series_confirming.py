"""A proposed series confirmed in one act: this date, those after it too, or all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.errors import Forbidden, Invalid
from services.schedule.use_cases.series_scope import Scope
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import enter, waiting
from tests.integration.schedule.test_races import race
from tests.integration.schedule.test_resource_approvals import dates_of
from tests.integration.schedule.test_series import weekly
from tests.unit.schedule.offices import at, request

FOUR = "FREQ=WEEKLY;COUNT=4"


@pytest.mark.parametrize("state", ["proposed", "tentative"])
@pytest.mark.parametrize(
    ("scope", "bound"), [("this", 1), ("following", 3), ("all", 4)]
)
def test_a_confirmation_reaches_as_far_as_its_scope(
    desk: Desk, scope: Scope, bound: int, state: str
) -> None:
    made = desk.create("kabid", weekly("kadis", rrule=FOUR, state=state))
    second = dates_of(desk, made)[1]

    answer = desk.confirm("kadis", second, scope=scope)

    assert answer.state == "confirmed"
    assert desk.count("booking", "binds") == bound
    assert desk.count("activity", "state = 'confirmed'") == bound
    assert len(desk.events("activity.confirmed.v1")) == 1
    if scope != "this":
        assert answer.series is not None
        assert answer.series.occurrences == bound


def test_one_clash_refuses_all_and_is_counted(desk: Desk) -> None:
    made = desk.create("kabid", weekly("kadis", rrule=FOUR, state="proposed"))
    desk.create("kadis", request("kadis", day=14))

    found = refused(lambda: desk.confirm("kadis", made.activity_id, scope="all"))

    assert (found.code, found.facts["total"]) == ("schedule_conflict", 1)
    assert desk.count("activity", "state = 'proposed'") == 4
    assert desk.count("booking", "binds") == 1


def test_what_is_confirmed_or_called_off_stays(desk: Desk) -> None:
    made = desk.create("kabid", weekly("kadis", rrule=FOUR, state="proposed"))
    first, second, third, _ = dates_of(desk, made)
    desk.confirm("kadis", second)
    desk.cancel("kadis", third)

    answer = desk.confirm("kadis", first, scope="all")

    assert answer.series is not None
    assert answer.series.occurrences == 2
    assert desk.count("activity", "state = 'confirmed'") == 3
    assert refused(lambda: desk.confirm("kadis", first, scope="all")).code == (
        "illegal_transition"
    )


def test_only_who_keeps_the_time_and_without_displacing(desk: Desk) -> None:
    made = desk.create("kabid", weekly("bupati", rrule=FOUR, state="proposed"))

    with pytest.raises(Forbidden, match="not_schedule_keeper"):
        desk.confirm("kabid", made.activity_id, scope="all")
    with pytest.raises(Invalid) as caught:
        desk.confirm("protokol", made.activity_id, "Darurat", scope="all")
    assert caught.value.errors[0]["field"] == "/override"
    single = desk.create("kabid", request("bupati", day=1, state="proposed"))
    with pytest.raises(Invalid):
        desk.confirm("ajudan", single.activity_id, scope="all")


def test_the_nights_to_come_are_booked_like_the_rest(desk: Desk) -> None:
    made = desk.create("kabid", weekly("kadis", rrule="FREQ=WEEKLY", state="proposed"))
    desk.confirm("kadis", made.activity_id, scope="all")
    desk.now += timedelta(days=7)

    assert desk.extend() == 1
    assert desk.count("booking", "binds") == 106


def test_a_room_of_others_waits_for_its_keeper_as_one(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    asked = weekly("kadinkes", rrule=FOUR, state="proposed", resource_ids=[room])
    made = desk.create("staf.dinkes", asked)

    desk.confirm("kadinkes", made.activity_id, scope="all")

    assert desk.count("booking", "binds") == 4
    assert [row.dates for row in waiting(desk, "kadis").items] == [4]
    assert len(desk.events("activity.proposed.v1")) == 2  # asked for, and the room


def test_two_confirmations_and_a_booking_at_once(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        made = desk.create("kabid", weekly("kadis", rrule=FOUR, state="proposed"))

        found = race(
            lambda m=made: desk.confirm("kadis", m.activity_id, scope="all"),
            lambda m=made: desk.confirm("sekretaris", m.activity_id, scope="following"),
            lambda: desk.create("kadis", request("kadis", day=7)),
            lambda m=made: desk.update(
                "kadis", m.activity_id, scope="all", starts_at=at(13), ends_at=at(14)
            ),
        )

        assert set(found) <= {"done", "schedule_conflict", "illegal_transition"}
        assert desk.double_bookings() == []
        assert desk.count("activity", "state = 'proposed'") in (0, 4)
