"""Changing and calling off one, the following, or all occurrences of a series."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.errors import Forbidden, Invalid, Stale
from contracts.schedule import Activity
from contracts.schedule_requests import OverrideRequest
from services.schedule.use_cases.series_scope import Scope
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.test_races import race
from tests.integration.schedule.test_series import starts, weekly
from tests.unit.schedule.offices import at, people, request

FOUR = "FREQ=WEEKLY;COUNT=4"
WEEK = timedelta(days=7)


def occurrence(desk: Desk, made: Activity, week: int) -> Activity:
    found = desk.run(
        lambda uow: [
            each.activity_id
            for each in uow.activities.of_series(_series(made), at(0, 7 * week))
            if each.occurrence_at == at(9, 7 * week)
        ]
    )
    return desk.get("ajudan", found[0])


def _series(made: Activity) -> UUID:
    assert made.series_id is not None
    return made.series_id


@pytest.mark.parametrize(
    ("scope", "moved"),
    [("this", {1}), ("following", {1, 2, 3}), ("all", {0, 1, 2, 3})],
)
def test_a_move_reaches_as_far_as_its_scope(
    desk: Desk, scope: Scope, moved: set[int]
) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    second = occurrence(desk, made, 1)

    answer = desk.update(
        "ajudan",
        second.activity_id,
        scope=scope,
        starts_at=at(13, 7),
        ends_at=at(15, 7),
    )

    assert answer.starts_at == at(13, 7)
    assert starts(desk, made) == [
        at(13 if week in moved else 9, 7 * week) for week in range(4)
    ]
    assert desk.count("booking", "upper(during) - lower(during) = '2 hours'") == len(
        moved
    )
    assert len(desk.events("activity.changed.v1")) == 1


@pytest.mark.parametrize(("scope", "left"), [("this", 3), ("following", 1), ("all", 0)])
def test_calling_off_frees_as_far_as_its_scope(
    desk: Desk, scope: Scope, left: int
) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    second = occurrence(desk, made, 1)

    desk.cancel("ajudan", second.activity_id, scope)

    assert desk.count("booking", "binds") == left
    assert desk.count("activity", "state = 'cancelled'") == 4 - left
    assert len(desk.events("activity.cancelled.v1")) == 1


def test_a_series_may_move_onto_its_own_dates(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule="FREQ=DAILY;COUNT=5"))

    desk.update(
        "ajudan", made.activity_id, scope="all", starts_at=at(9, 1), ends_at=at(10, 1)
    )

    assert starts(desk, made) == [at(9, day) for day in range(1, 6)]
    assert desk.count("booking", "binds") == 5


def test_a_move_is_refused_as_a_whole(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    desk.create("ajudan", request("bupati", starts=13, ends=14, day=14))

    found = refused(
        lambda: desk.update(
            "ajudan", made.activity_id, scope="all", starts_at=at(13), ends_at=at(14)
        )
    )

    assert found.facts["total"] == 1
    assert starts(desk, made) == [at(9, 7 * week) for week in range(4)]
    assert desk.count("booking", "binds") == 5


def test_what_is_over_stays_as_it_was(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    desk.now = at(12, 7)
    third = occurrence(desk, made, 2)

    desk.update("ajudan", third.activity_id, scope="all", title="Rapat lain")

    assert desk.count("activity", "title = 'Rapat lain'") == 2


def test_a_changed_occurrence_keeps_what_the_patch_does_not_name(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    second = occurrence(desk, made, 1)
    desk.update("ajudan", second.activity_id, starts_at=at(15, 8), ends_at=at(16, 8))

    desk.update("ajudan", made.activity_id, scope="all", title="Rapat lain")

    assert starts(desk, made)[1] == at(15, 8)
    assert desk.count("activity", "title = 'Rapat lain'") == 4


def test_a_displaced_occurrence_stays_so_until_it_moves(desk: Desk) -> None:
    made = desk.create("protokol", weekly("bupati", rrule=FOUR))
    urgent = OverrideRequest(reason="Darurat")
    desk.create("protokol", request("bupati", day=7, override=urgent))
    every: Scope = "all"

    desk.update(
        "protokol",
        made.activity_id,
        scope=every,
        participants=people("bupati", "wabup"),
    )
    assert desk.count("booking", "standing = 'displaced'") == 1
    assert desk.count("booking", "binds") == 8

    desk.update(
        "protokol", made.activity_id, scope=every, starts_at=at(13), ends_at=at(14)
    )
    assert desk.count("booking", "standing = 'displaced'") == 0
    assert desk.count("booking", "binds") == 9


def test_the_nights_to_come_follow_the_change(desk: Desk) -> None:
    made = desk.create("protokol", weekly("bupati"))
    desk.update(
        "protokol",
        made.activity_id,
        scope="following",
        title="Rapat lain",
        starts_at=at(10, 1),
        ends_at=at(10.5, 1),
        participants=people("bupati", "wabup"),
    )
    desk.now += WEEK

    assert desk.extend() == 1
    assert starts(desk, made)[-1] == at(10, 7 * 105 + 1)
    assert desk.count("activity", "title = 'Rapat lain'") == 106
    assert desk.count("booking", "binds") == 212


def test_a_series_called_off_is_not_carried_on(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.cancel("ajudan", occurrence(desk, made, 3).activity_id, "following")
    desk.now += 4 * WEEK

    assert desk.extend() == 0
    assert desk.count("booking", "binds") == 3


def test_one_called_off_occurrence_does_not_come_back(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.cancel("ajudan", occurrence(desk, made, 1).activity_id)
    desk.now += WEEK
    desk.extend()

    assert desk.count("activity") == 106
    assert desk.count("activity", "state = 'cancelled'") == 1


def test_a_scope_belongs_to_a_series_and_its_keepers(desk: Desk) -> None:
    single = desk.create("ajudan", request("bupati", day=1))
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))

    with pytest.raises(Invalid) as found:
        desk.update("ajudan", single.activity_id, scope="all", title="Lain")
    assert found.value.errors[0]["field"] == "/scope"
    with pytest.raises(Forbidden):
        desk.update("staf.dinkes", made.activity_id, scope="all", title="Lain")
    with pytest.raises(Forbidden):
        desk.cancel("staf.dinkes", made.activity_id, "all")
    with pytest.raises(Stale):
        desk.update("ajudan", made.activity_id, 7, scope="all", title="Lain")
    with pytest.raises(Invalid):
        desk.update(
            "protokol",
            made.activity_id,
            scope="all",
            override=OverrideRequest(reason="Darurat"),
        )
    with pytest.raises(Invalid):
        desk.update("ajudan", made.activity_id, scope="all", ends_at=at(9 + 24 * 8))


def test_moving_a_series_against_an_extension_and_bookings(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        desk.now = at(9) - timedelta(days=2)
        made = desk.create("ajudan", weekly("bupati"))
        desk.now += WEEK

        found = race(
            lambda made=made: desk.update(
                "ajudan",
                made.activity_id,
                scope="all",
                starts_at=at(13),
                ends_at=at(14),
            ),
            desk.extend,
            lambda: desk.create(
                "ajudan", request("bupati", starts=13, day=70, ends=14)
            ),
            lambda: desk.create(
                "ajudan", request("bupati", starts=13, day=77, ends=14)
            ),
            lambda made=made: desk.cancel("ajudan", made.activity_id),
        )

        assert set(found) <= {"done", "schedule_conflict", "illegal_transition"}
        assert desk.double_bookings() == []
        assert desk.count("activity", "series_id IS NOT NULL") == 106


@pytest.mark.parametrize(
    ("scope", "off"), [("this", {1}), ("following", {1, 2, 3}), ("all", {0, 1, 2, 3})]
)
def test_putting_off_frees_as_far_as_its_scope(
    desk: Desk, scope: Scope, off: set[int]
) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    second = occurrence(desk, made, 1)

    answer = desk.postpone("ajudan", second.activity_id, scope)

    assert answer.state == "postponed"
    states = [occurrence(desk, made, week).state for week in range(4)]
    assert [state == "postponed" for state in states] == [x in off for x in range(4)]
    assert desk.count("booking", "binds") == 4 - len(off)
    assert len(desk.events("activity.changed.v1")) == 1


def test_what_was_put_off_together_is_moved_and_confirmed_together(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    first = made.activity_id
    desk.postpone("ajudan", first, "all")

    desk.update("ajudan", first, scope="all", starts_at=at(13), ends_at=at(14))
    assert desk.count("booking") == 0
    desk.confirm("ajudan", first, scope="all")

    assert starts(desk, made) == [at(13, 7 * week) for week in range(4)]
    assert desk.count("booking", "binds") == 4


def test_the_nights_after_a_putting_off_only_pencil_in(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule="FREQ=WEEKLY"))
    desk.postpone("ajudan", made.activity_id, "all")
    desk.now += timedelta(days=14)

    desk.extend()

    assert desk.count("booking", "binds") == 0
    assert desk.count("activity", "state = 'tentative'") == 2
