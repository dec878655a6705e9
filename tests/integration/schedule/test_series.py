"""Recurring activities on a real database: stored, protected, carried on."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.errors import Forbidden, Invalid
from contracts.schedule import Activity, Recurrence
from contracts.schedule_requests import CreateActivity, OverrideRequest
from services.schedule.rebinding import rebind_lines
from services.schedule.unit_of_work import opener
from tests.integration.schedule.desk import Desk, refused
from tests.integration.schedule.keeping import change, enter
from tests.integration.schedule.test_races import race
from tests.unit.schedule.offices import (
    assignment,
    at,
    key,
    organisation,
    people,
    request,
)

MANY = ("bupati", "wabup", "sekda", "kadis", "kadinkes", "camat")
WEEK = timedelta(days=7)
YEARS = timedelta(days=731)
THURSDAYS = "FREQ=WEEKLY;BYDAY=TH"


def weekly(
    *codes: str, rrule: str | None = THURSDAYS, skip: bool = False, **more: Any
) -> CreateActivity:
    """Every Thursday from 26 November 2026 on."""
    rdates, exdates = more.pop("rdates", []), more.pop("exdates", [])
    recurrence = Recurrence(
        rrule=rrule,
        rdates=rdates,
        exdates=exdates,
        on_clash="skip" if skip else "refuse",
    )
    return request(*codes, recurrence=recurrence, **more)


def test_each_occurrence_is_an_activity_two_years_ahead(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati", resource_ids=[key("aula")]))

    assert made.series is not None
    assert made.recurrence is not None
    assert made.series.occurrences == 105
    assert made.series.expanded_until == at(9) + YEARS
    assert not made.series.finished
    assert desk.count("activity", f"series_id = '{made.series_id}'") == 105
    assert desk.count("booking", "binds") == 210
    assert len(desk.events()) == 1
    assert desk.get("wabup", made.activity_id).recurrence == made.recurrence


def test_an_occurrence_is_protected_like_any_other(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati"))

    found = refused(lambda: desk.create("ajudan", request("bupati", day=7 * 90)))

    assert found.code == "schedule_conflict"
    desk.create("ajudan", request("bupati", day=7 * 90 + 1))


def test_a_clash_refuses_all_and_tells_how_many(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati"))
    before = desk.count("activity")

    found = refused(lambda: desk.create("ajudan", weekly("bupati", starts=9.5)))

    assert found.facts["total"] == 105
    assert len(found.facts["conflicts"]) == 50
    assert found.facts["conflicts"][0]["activity_title"] == "Rapat koordinasi"
    assert desk.count("activity") == before
    assert desk.count("series") == 1


def test_what_clashes_is_left_out_and_told(desk: Desk) -> None:
    for week in (0, 3):
        desk.create("ajudan", request("bupati", day=7 * week))

    made = desk.create("ajudan", weekly("bupati", skip=True))

    assert made.series is not None
    assert made.starts_at == at(9, 7)
    assert made.series.occurrences == 103
    assert [each.starts_at for each in made.series.skipped] == [at(9), at(9, 21)]
    assert all(each.conflicts for each in made.series.skipped)
    assert desk.double_bookings() == []


def test_a_series_of_nothing_but_clashes_is_refused(desk: Desk) -> None:
    desk.create("ajudan", request("bupati"))
    only = weekly("bupati", rrule="FREQ=WEEKLY;COUNT=1", skip=True)

    assert refused(lambda: desk.create("ajudan", only)).facts["total"] == 1


def test_added_dates_and_exceptions(desk: Desk) -> None:
    made = desk.create(
        "ajudan",
        weekly(
            "bupati",
            rrule="FREQ=WEEKLY;COUNT=3",
            rdates=[at(9, 1)],
            exdates=[at(9, 7)],
        ),
    )

    assert made.series is not None
    assert made.series.finished
    assert starts(desk, made) == [at(9), at(9, 1), at(9, 14)]


def test_all_day_long_for_two_years_is_taken_in_time(desk: Desk) -> None:
    made = desk.create("protokol", weekly("bupati", "wabup", rrule="FREQ=DAILY"))

    assert made.series is not None
    assert made.series.occurrences == 731


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rrule": "FREQ=MINUTELY"}, "/recurrence/rrule"),
        ({"rrule": None}, "/recurrence/rrule"),
        ({"rrule": "FREQ=DAILY", "ends": 9 + 30}, "/recurrence/rrule"),
        ({"rrule": "FREQ=YEARLY;COUNT=200"}, "/recurrence/rrule"),
        ({"rrule": "FREQ=DAILY", "participants": people(*MANY)}, "/recurrence/rrule"),
        ({"rdates": [at(9, -1)]}, "/recurrence/rdates/0"),
        ({"rrule": "FREQ=DAILY;COUNT=1", "exdates": [at(9)]}, "/recurrence/exdates"),
        ({"letter_id": key("letter")}, "/letter_id"),
        ({"override": OverrideRequest(reason="Darurat")}, "/override"),
        ({"day": 7 * 200}, "/starts_at"),
    ],
)
def test_what_cannot_recur_is_said(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        desk.create("protokol", weekly("bupati", **wrong))

    assert found.value.errors[0]["field"] == field
    assert desk.count("activity") == 0


def test_what_does_not_refuse_is_a_warning_and_its_requester_is_told(
    desk: Desk,
) -> None:
    asked = desk.create("staf.dinkes", request("bupati", day=14, state="proposed"))

    made = desk.create("ajudan", weekly("bupati"))
    over = desk.create("staf.dinkes", weekly("bupati", state="tentative"))

    assert [each.activity_id for each in made.warnings] == [asked.activity_id]
    (told,) = desk.events("activity.changed.v1")
    assert told["data"]["overtaken_by"] == str(made.activity_id)
    assert len(over.warnings) == 50


def test_who_keeps_nobody_books_no_series(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.create("staf.dinkes", weekly("bupati"))

    proposed = desk.create("staf.dinkes", weekly("bupati", state="proposed"))
    assert proposed.series is not None
    assert proposed.series.occurrences == 105
    assert desk.count("booking", "binds") == 0


# ---- every night ------------------------------------------------------------------


def test_a_night_later_the_series_reaches_as_far(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.now += 3 * WEEK

    assert desk.extend() == 3
    assert desk.extend() == 0
    assert starts(desk, made)[-1] == at(9, 7 * 107)
    assert desk.count("booking", "binds") == 108


def test_missed_nights_are_made_up(desk: Desk) -> None:
    made = desk.create("ajudan", weekly("bupati"))
    desk.now += timedelta(days=400)
    desk.extend()

    found = starts(desk, made)

    assert all(b - a == WEEK for a, b in itertools.pairwise(found))
    assert found[-1] > desk.now + YEARS - 2 * WEEK


def test_a_finished_series_is_not_carried_on(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati", rrule="FREQ=WEEKLY;COUNT=4"))
    desk.now += YEARS

    assert desk.extend() == 0


def test_an_extension_that_clashes_is_pencilled_in_and_told(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati"))
    desk.create("ajudan", request("bupati", day=7 * 105))
    desk.now += WEEK

    assert desk.extend() == 1
    assert desk.count("activity", "state = 'tentative'") == 1
    assert desk.count("booking", "standing = 'tentative'") == 1
    assert len(desk.events("activity.proposed.v1")) == 1
    assert desk.double_bookings() == []


def test_a_series_waits_for_the_keeper_of_its_room_on_every_date(desk: Desk) -> None:
    room = enter(desk, "kadis", needs_approval=True).resource_id

    desk.create("ajudan", weekly("bupati", resource_ids=[room]))

    taken = "key IN (SELECT key FROM bookable WHERE kind = 'resource')"
    assert desk.count("booking", f"{taken} AND binds") == 0
    assert len(desk.events("activity.proposed.v1")) == 1
    desk.create("kadis", weekly("kadis", resource_ids=[room], starts=13, ends=14))
    assert desk.count("booking", f"{taken} AND binds") == 105
    desk.now += WEEK
    assert desk.extend() == 2
    assert desk.count("booking", f"{taken} AND binds") == 106


def test_a_series_is_not_booked_nor_carried_on_in_a_room_out_of_use(desk: Desk) -> None:
    room = enter(desk, "kadis").resource_id
    desk.create("ajudan", weekly("bupati", resource_ids=[room]))
    change(desk, "kadis", room, active=False)

    again = weekly("wabup", resource_ids=[room], starts=13, ends=14)
    found = refused(lambda: desk.create("protokol", again))
    assert found.code == "resource_closed"
    desk.now += WEEK
    assert desk.extend() == 1
    assert desk.count("activity", "state = 'tentative'") == 1


def test_a_series_that_cannot_be_carried_on_keeps_no_other_from_it(desk: Desk) -> None:
    broken = desk.create("ajudan", weekly("bupati"))
    desk.create("ajudan", weekly("bupati", starts=13, ends=14))
    with desk.database.engine.begin() as connection:
        connection.exec_driver_sql(
            'UPDATE series SET recurrence = \'{"rrule": "FREQ=NEVER"}\''
            " WHERE series_id = %s",
            (broken.series_id,),
        )
    desk.now += WEEK

    assert desk.extend() == 1
    assert desk.count("activity") == 211


def test_an_occurrence_follows_who_holds_the_office_on_its_day(desk: Desk) -> None:
    desk.create("ajudan", weekly("bupati"))
    week = date(2026, 12, 1), date(2026, 12, 5)
    desk.org = organisation(assignment("wabup", "bupati", "plh", *week))
    rebind_lines(opener(desk.database, lambda: desk.now), desk.org, desk.now)

    found = refused(lambda: desk.create("wabup", weekly("wabup")))

    assert found.facts["total"] == 1
    assert found.facts["conflicts"][0]["starts_at"] == "2026-12-03T09:00:00+08:00"


# ---- races ------------------------------------------------------------------------


def test_two_extensions_at_once_add_each_occurrence_once(desk: Desk) -> None:
    for hour in (8, 10, 12):
        desk.create("ajudan", weekly("bupati", starts=hour, ends=hour + 1))
    desk.now += 2 * WEEK

    assert race(*[desk.extend] * 6) == {"done": 6}
    assert desk.count("activity") == 3 * 107
    assert desk.double_bookings() == []


def test_an_extension_against_a_booking(desk: Desk) -> None:
    for _ in range(5):
        desk.clear()
        desk.furnish()
        desk.now = at(9) - 2 * timedelta(days=1)
        desk.create("ajudan", weekly("bupati"))
        desk.now += WEEK

        found = race(
            desk.extend,
            lambda: desk.create("ajudan", request("bupati", day=7 * 105)),
            desk.extend,
        )

        tentative = desk.count("activity", "state = 'tentative'")
        assert desk.count("activity", "series_id IS NOT NULL") == 106
        assert (found["done"], tentative) in ((3, 1), (2, 0))
        assert desk.double_bookings() == []


def test_of_series_in_one_hour_one_wins(desk: Desk) -> None:
    book = [lambda: desk.create("ajudan", weekly("bupati")) for _ in range(6)]

    assert race(*book) == {"done": 1, "schedule_conflict": 5}
    assert desk.count("activity") == 105


def starts(desk: Desk, made: Activity) -> list[Any]:
    """When the occurrences of its series begin."""
    with desk.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT starts_at FROM activity WHERE series_id = %s ORDER BY 1",
            (made.series_id,),
        )
        return [row.starts_at for row in rows]
