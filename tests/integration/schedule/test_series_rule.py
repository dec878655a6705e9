"""Another rule for a series: what stays, what is called off, what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import Conflict, Forbidden, Invalid, Stale
from contracts.fields import LATEST_YEAR
from contracts.schedule import Activity, Recurrence
from services.schedule.use_cases.series_scope import Scope
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import approve, enter, waiting
from tests.integration.schedule.test_races import race
from tests.integration.schedule.test_series import MANY, starts, weekly
from tests.integration.schedule.test_series_scope import occurrence
from tests.unit.schedule.offices import at, client, key, people, request

WEEK = timedelta(days=7)
FAR = datetime(LATEST_YEAR, 12, 31, tzinfo=UTC)
FOUR = "FREQ=WEEKLY;COUNT=4"


def rule(
    desk: Desk,
    one: Activity | UUID,
    rrule: str | None,
    scope: Scope = "all",
    who: str = "ajudan",
    version: int | None = None,
    **more: Any,
) -> Activity:
    activity_id = one if isinstance(one, UUID) else one.activity_id
    wanted = Recurrence(rrule=rrule, **more)
    return desk.update(who, activity_id, version, scope, recurrence=wanted)


def standing_on(desk: Desk) -> list[Any]:
    """When what is not called off begins."""
    with desk.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT starts_at FROM activity WHERE state <> 'cancelled' ORDER BY 1"
        )
        return [row.starts_at for row in rows]


def report(answer: Activity) -> tuple[int, int, int]:
    assert answer.series is not None
    return answer.series.occurrences, answer.series.kept, answer.series.called_off


def test_following_dates_go_by_the_new_rule_and_those_before_stay(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    third = occurrence(desk, made, 2)

    answer = rule(desk, third, "FREQ=WEEKLY;BYDAY=TH,FR;COUNT=4", "following")

    assert report(answer) == (2, 2, 0)
    assert standing_on(desk) == [at(9, day) for day in (0, 7, 14, 15, 21, 22)]
    assert starts(desk, made) == [at(9), at(9, 7)]
    assert answer.series_id != made.series_id
    assert desk.count("series", f"continues = '{made.series_id}'") == 1
    first = desk.get("ajudan", made.activity_id).recurrence
    assert first is not None
    assert first.rrule == "FREQ=WEEKLY;UNTIL=20261210T005959Z"
    (told,) = desk.events("activity.changed.v1")
    assert told["data"]["changes"] == ["recurrence"]
    assert told["data"]["activity_id"] == str(third.activity_id)
    assert desk.count("booking", "binds") == 6


def test_all_leaves_what_is_over_as_it_was(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.now = at(12, 7)

    answer = rule(desk, occurrence(desk, made, 2), "FREQ=WEEKLY;BYDAY=TU")

    assert report(answer) == (105, 0, 103)
    assert answer.series is not None
    assert answer.series.dates is not None
    assert answer.series.dates.kept == []
    assert len(answer.series.dates.made) == 50
    assert answer.series.dates.called_off[0] == at(9, 14)
    assert answer.state == "cancelled"
    assert answer.reason == "Aturan ulang diubah"
    assert standing_on(desk)[:4] == [at(9), at(9, 7), at(9, 19), at(9, 26)]
    assert answer.series is not None
    assert answer.series.first_activity_id is not None
    first = desk.get("ajudan", answer.series.first_activity_id)
    assert first.starts_at == at(9, 19)
    assert first.recurrence is not None
    assert first.recurrence.rrule == "FREQ=WEEKLY;BYDAY=TU"
    assert len(desk.events("activity.changed.v1")) == 1
    assert desk.events("activity.cancelled.v1") == []


def test_every_second_week_begins_with_the_next_day_it_names(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))

    rule(desk, made, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3")

    assert standing_on(desk) == [at(9, 5), at(9, 19), at(9, 33)]


def test_a_thinner_rule_keeps_its_dates_and_their_answers(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    third = occurrence(desk, made, 2).activity_id
    desk.respond("ajudan", third, "bupati", "attending")

    assert report(rule(desk, made, "FREQ=WEEKLY;INTERVAL=2;COUNT=2")) == (0, 2, 2)

    assert standing_on(desk) == [at(9), at(9, 14)]
    assert desk.count("booking", "binds") == 2
    assert desk.get("ajudan", third).participants[0].response == "attending"


def test_a_date_changed_alone_stays_while_its_own_date_is_in_the_rule(
    desk: Desk,
) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    for week, day in ((1, 8), (2, 16)):
        one = occurrence(desk, made, week).activity_id
        desk.update(
            "protokol",
            one,
            starts_at=at(13, day),
            ends_at=at(14, day),
            participants=people("bupati", "wabup"),
        )

    answer = rule(
        desk, made, "FREQ=WEEKLY;BYDAY=TH;COUNT=4", exdates=[at(9, 14)], who="protokol"
    )

    assert report(answer) == (0, 3, 1)
    assert standing_on(desk) == [at(9), at(13, 8), at(9, 21)]
    told = desk.events("activity.changed.v1")[-1]["data"]
    assert told["removed_position_ids"] == [str(key("wabup"))]


def test_a_date_called_off_alone_does_not_come_back_but_one_by_a_rule_does(
    desk: Desk,
) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    desk.cancel("ajudan", occurrence(desk, made, 1).activity_id)

    tuesdays = rule(desk, made, "FREQ=WEEKLY;BYDAY=TH,FR;COUNT=8")
    again = rule(desk, tuesdays, FOUR)

    assert report(tuesdays) == (4, 3, 0)
    assert report(again) == (0, 3, 4)
    assert standing_on(desk) == [at(9), at(9, 14), at(9, 21)]
    rule(desk, again, "FREQ=WEEKLY;BYDAY=MO;COUNT=2")
    monday = desk.run(
        lambda uow: (
            uow.session.connection()
            .exec_driver_sql(
                "SELECT activity_id FROM activity WHERE state = 'confirmed'"
            )
            .scalars()
            .first()
        )
    )
    rule(desk, monday, "FREQ=WEEKLY;BYDAY=TH;COUNT=2")
    assert standing_on(desk) == [at(9, 7), at(9, 14)]


def test_the_hour_is_that_of_the_nights_to_come(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    third = occurrence(desk, made, 2)
    desk.update(
        "ajudan",
        third.activity_id,
        scope="following",
        starts_at=at(13, 15),
        ends_at=at(15, 15),
    )

    answer = rule(desk, third, "FREQ=WEEKLY;BYDAY=FR,SA;COUNT=4", "following")

    assert report(answer) == (2, 2, 0)
    assert standing_on(desk) == [
        at(9),
        at(9, 7),
        *(at(13, day) for day in (15, 16, 22, 23)),
    ]
    assert desk.count("booking", "upper(during) - lower(during) = '2 hours'") == 4


def test_added_dates_may_lie_before_the_first_the_rule_names(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))

    rule(desk, made, "FREQ=WEEKLY;BYDAY=TU;COUNT=2", rdates=[at(15), at(9, 7)])

    assert standing_on(desk) == [at(15), at(9, 5), at(9, 7), at(9, 12)]


def test_the_nights_to_come_follow_the_new_rule_only(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    rule(desk, made, "FREQ=WEEKLY;BYDAY=TU", rdates=[at(9)])
    desk.now += 2 * WEEK

    assert desk.extend() == 1
    assert standing_on(desk)[-1] == at(9, 5 + 7 * 105)
    desk.cancel("ajudan", made.activity_id, "all")
    assert standing_on(desk) == [at(9, 5), at(9, 12)]


def test_what_clashes_refuses_all_or_is_left_out(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    desk.create("ajudan", weekly("bupati", rrule=None, day=5, rdates=[at(9, 12)]))
    tuesdays = "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6"

    found = refused(lambda: rule(desk, made, tuesdays))
    assert (found.code, found.facts["total"]) == ("schedule_conflict", 2)
    assert starts(desk, made) == [at(9, 7 * week) for week in range(4)]

    answer = rule(desk, made, tuesdays, on_clash="skip")
    assert report(answer) == (1, 3, 1)
    assert answer.series is not None
    assert [each.starts_at for each in answer.series.skipped] == [at(9, 5), at(9, 12)]
    only = refused(lambda: rule(desk, made, "FREQ=WEEKLY;BYDAY=TU;COUNT=2"))
    assert only.facts["total"] == 2
    assert desk.double_bookings() == []


def test_another_weekday_is_offered_when_it_clashes(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.create("ajudan", request("bupati", day=5))

    found = refused(lambda: rule(desk, made, "FREQ=WEEKLY;BYDAY=TU"))

    assert [each["starts_at"] for each in found.facts["alternatives"]] == [
        at(9, day).isoformat() for day in (4, 6, 7)
    ]


def test_what_called_off_dates_free_is_free_for_the_new_ones(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", starts=9, ends=9 + 30, rrule=FOUR))

    answer = rule(desk, made, "FREQ=WEEKLY;BYDAY=FR;COUNT=4")

    assert report(answer) == (4, 0, 4)
    assert desk.count("booking", "binds") == 4


def test_the_keeper_of_the_room_is_asked_for_what_is_new_only(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id
    wanted = weekly("kadinkes", rrule="FREQ=WEEKLY", resource_ids=[room])
    made = desk.create("kadinkes", wanted)
    approve(desk, "kadis", made.activity_id, room, scope="all")
    asked = len(desk.events("activity.proposed.v1"))

    rule(desk, made, "FREQ=WEEKLY;BYDAY=TH,FR;COUNT=6", who="kadinkes")

    (row,) = waiting(desk, "kadis").items
    assert (row.dates, row.activity.starts_at) == (3, at(9, 1))
    proposed = desk.events("activity.proposed.v1")
    assert len(proposed) == asked + 1
    assert str(key("kadis")) in proposed[-1]["data"]["keeper_position_ids"]
    assert desk.count("booking", f"binds AND resource_id = '{room}'") == 3
    rule(desk, made, "FREQ=WEEKLY;BYDAY=TH;COUNT=3", who="kadinkes")
    assert len(desk.events("activity.proposed.v1")) == asked + 1
    assert waiting(desk, "kadis").items == []


def test_who_may_not_book_may_not_change_the_rule(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    app = desk.create(client(), weekly("bupati", rrule=FOUR, state="proposed"))

    with pytest.raises(Forbidden):
        rule(desk, made, FOUR, who="staf.dinkes")
    with pytest.raises(Stale):
        rule(desk, made, FOUR, version=7)
    wanted = Recurrence(rrule="FREQ=WEEKLY;BYDAY=FR;COUNT=2")
    answer = desk.update(client(), app.activity_id, scope="all", recurrence=wanted)
    assert report(answer) == (2, 0, 4)
    assert answer.created_by is not None
    assert answer.created_by.client is not None
    assert len(desk.events("activity.proposed.v1")) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rrule": "FREQ=SECONDLY"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=DAILY;UNTIL=22260101T000000Z"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=DAILY"}, "/recurrence/rrule"),
        ({"rrule": None}, "/recurrence/rrule"),
        ({"rrule": FOUR, "rdates": [at(9, -1)]}, "/recurrence/rdates/0"),
        ({"rrule": None, "rdates": [at(9, -1)]}, "/recurrence/rdates/0"),
        ({"rrule": None, "rdates": [FAR]}, "/recurrence/rdates/0"),
        ({"rrule": "FREQ=YEARLY;INTERVAL=0"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20200101"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=DAILY;COUNT=1", "exdates": [at(9)]}, "/recurrence/exdates"),
        ({"rrule": FOUR, "scope": "this"}, "/scope"),
    ],
)
def test_what_is_no_rule_for_it_is_said(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    made = desk.create("protokol", weekly(*MANY, rrule=FOUR))

    with pytest.raises(Invalid) as found:
        rule(desk, made, who="protokol", **wrong)

    assert found.value.errors[0]["field"] == field
    assert starts(desk, made) == [at(9, 7 * week) for week in range(4)]


def test_a_rule_is_changed_alone_and_only_where_dates_are_left(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", rrule=FOUR))
    single = desk.create("ajudan", request("bupati", day=1))
    wanted = Recurrence(rrule=FOUR)

    with pytest.raises(Invalid) as found:
        desk.update(
            "ajudan", made.activity_id, scope="all", recurrence=wanted, title="Lain"
        )
    assert found.value.errors[0]["field"] == "/title"
    for one, now in ((single, desk.now), (made, at(9, 300))):
        desk.now = now
        with pytest.raises(Invalid) as found:
            rule(desk, one, FOUR)
        assert found.value.errors[0]["field"] == "/scope"
    desk.cancel("ajudan", made.activity_id)
    with pytest.raises(Conflict, match="illegal_transition"):
        rule(desk, made, FOUR)


def test_two_rules_a_booking_and_a_night_at_once(desk: Desk) -> None:
    for _ in range(4):
        desk.clear()
        desk.now = at(9) - timedelta(days=2)
        made = desk.create("ajudan", weekly("bupati"))
        desk.now += timedelta(days=1)
        new = request("bupati", day=12)

        found = race(
            lambda m=made: rule(desk, m, "FREQ=WEEKLY;BYDAY=TU,TH"),
            lambda m=made: rule(desk, m, "FREQ=WEEKLY;BYDAY=TH,FR"),
            desk.extend,
            lambda n=new: desk.create("ajudan", n),
            lambda m=made: desk.update(
                "ajudan", m.activity_id, scope="all", title="Lain"
            ),
        )

        assert found["done"] + found["schedule_conflict"] == 5
        assert found["done"] >= 4
        assert desk.double_bookings() == []
        assert desk.count("series", "NOT finished") == 1
        chain = desk.count("series", "continues IS NOT NULL")
        assert chain in (1, 2)
