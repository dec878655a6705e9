"""Whole days, what to wear and whom to ask: from the request to feed and file."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from contracts.errors import Conflict, Invalid
from contracts.schedule import Activity, Recurrence, Visibility
from contracts.schedule_calendars import ImportReport
from contracts.schedule_requests import CheckConflicts
from services.schedule.use_cases.checking import check_conflicts
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.post import Letter, activity_of, deliver
from tests.integration.schedule.test_calendar_feeds import (
    events_of,
    made,
    public,
    read,
)
from tests.integration.schedule.test_calendar_imports import imported, outcomes
from tests.unit.schedule.offices import at, key, midnight, request
from tests.unit.schedule.test_calendar_reading import event

TODAY, TOMORROW = date(2026, 11, 26), date(2026, 11, 27)


def days_of(shown: Activity) -> tuple[object, ...]:
    return shown.all_day, shown.starts_at, shown.ends_at


def test_all_day_takes_the_local_days_that_are_named(desk: Desk) -> None:
    one = desk.create("ajudan", request("bupati", ends=None, all_day=True))
    two = desk.create(
        "protokol",
        request("wabup", all_day=True, starts_at=at(9), ends_at=at(8, 1)),
    )

    assert days_of(one) == (True, midnight(TODAY), midnight(TOMORROW))
    assert days_of(two) == (True, midnight(TODAY), at(24, 1))
    with pytest.raises(Conflict):
        desk.create("ajudan", request("bupati", starts=23, ends=24))
    desk.create("ajudan", request("bupati", starts=0, ends=1, day=1))
    with pytest.raises(Invalid):
        desk.create(
            "protokol",
            request("wabup", day=3, all_day=True, starts_at=at(9, 3), ends_at=at(9, 2)),
        )


def test_a_patch_fills_the_days_and_another_hour_of_them_is_no_change(
    desk: Desk,
) -> None:
    shown = desk.create("ajudan", request("bupati"))
    shown = desk.update(
        "ajudan", shown.activity_id, all_day=True, dress_code="Batik", contact="Rina"
    )
    assert days_of(shown) == (True, midnight(TODAY), midnight(TOMORROW))
    assert (shown.dress_code, shown.contact) == ("Batik", "Rina")
    told = desk.events("activity.changed.v1")[-1]["data"]
    assert set(told["changes"]) == {
        "all_day",
        "dress_code",
        "contact",
        "starts_at",
        "ends_at",
    }
    assert (told["all_day"], told["dress_code"]) == (True, "Batik")

    shown = desk.update("ajudan", shown.activity_id, starts_at=at(13), dress_code=None)
    assert days_of(shown) == (True, midnight(TODAY), midnight(TOMORROW))
    assert shown.dress_code is None
    assert desk.events("activity.changed.v1")[-1]["data"]["changes"] == ["dress_code"]

    shown = desk.update(
        "ajudan", shown.activity_id, all_day=False, starts_at=at(9), ends_at=at(10)
    )
    assert days_of(shown) == (False, at(9), at(10))


def test_the_database_knows_what_whole_days_are(desk: Desk) -> None:
    shown = desk.create("ajudan", request("bupati"))
    update = sa.text("UPDATE activity SET all_day = true WHERE activity_id = :id")
    with (
        pytest.raises(sa.exc.IntegrityError),
        desk.database.engine.begin() as connection,
    ):
        connection.execute(update, {"id": shown.activity_id})


def test_a_series_of_whole_days_keeps_them_when_it_is_moved_and_added(
    desk: Desk,
) -> None:
    weekly = Recurrence(rrule="FREQ=WEEKLY", rdates=[at(15, 3)])
    first = desk.create("ajudan", request("bupati", recurrence=weekly, all_day=True))
    desk.update(
        "ajudan",
        first.activity_id,
        scope="all",
        starts_at=at(9, 1),
        ends_at=at(9, 2),
        dress_code="PSL",
    )
    desk.now = at(9, 8)
    added = desk.extend()

    assert added
    query = sa.text(
        "SELECT DISTINCT all_day, dress_code, ends_at - starts_at AS length,"
        " (starts_at AT TIME ZONE 'Asia/Makassar')::time::text AS hour FROM activity"
    )
    with desk.database.session() as session:
        (row,) = session.execute(query).all()
    assert (row.all_day, row.dress_code, row.length.days, row.hour) == (
        True,
        "PSL",
        2,
        "00:00:00",
    )


def test_a_whole_series_becomes_one_of_whole_days(desk: Desk) -> None:
    weekly = Recurrence(rrule="FREQ=WEEKLY")
    first = desk.create("ajudan", request("bupati", recurrence=weekly))
    desk.update("ajudan", first.activity_id, scope="all", all_day=True)
    desk.now = at(9, 8)

    assert desk.extend()
    query = sa.text("SELECT DISTINCT all_day, until_at - starts_at FROM activity")
    with desk.database.session() as session:
        rows = session.execute(query).all()
    assert [(all_day, length.days) for all_day, length in rows] == [(True, 1)]


def test_other_times_of_whole_days_are_whole_days(desk: Desk) -> None:
    desk.create("ajudan", request("bupati"))
    caller = desk.caller("ajudan")
    wanted = CheckConflicts(starts_at=at(8), all_day=True, position_ids=[key("bupati")])

    found = desk.run(lambda uow: check_conflicts(uow, caller, wanted))

    assert len(found.conflicts) == 1
    assert len(found.alternatives) == 3
    for slot in found.alternatives:
        day = slot.starts_at.astimezone(at(0).tzinfo).date()
        assert slot.starts_at == midnight(day)
        assert (slot.ends_at - slot.starts_at).days == 1


def test_the_letter_says_what_to_wear_and_whom_to_ask(desk: Desk) -> None:
    letter = Letter()
    deliver(desk, letter.attendance("bupati", "attend", minute=1))

    shown = activity_of(desk, letter, "bupati")

    assert shown is not None
    assert (shown.dress_code, shown.contact) == ("Batik", "Rina, 0811")


def test_others_learn_the_days_and_nothing_else(desk: Desk) -> None:
    hidden = request(
        "bupati",
        all_day=True,
        dress_code="Batik",
        contact="Rina",
        visibility=Visibility.BUSY_ONLY,
    )
    made_one = desk.create("ajudan", hidden)

    shown = desk.get("staf.dinkes", made_one.activity_id)

    assert (shown.masked, shown.all_day) == (True, True)
    assert (shown.dress_code, shown.contact) == (None, None)
    told = desk.events("activity.confirmed.v1")[-1]["data"]
    assert told["dress_code"] is None


def test_feeds_name_days_and_what_to_wear(desk: Desk) -> None:
    made(desk, "ajudan", position_id=key("bupati"))
    desk.create(
        "ajudan",
        request(
            "bupati",
            all_day=True,
            dress_code="Batik",
            contact="Rina",
            visibility=Visibility.PUBLIC,
        ),
    )

    (full,) = read(desk)
    (shown,) = events_of(public(desk))

    assert full["DTSTART"].params["VALUE"] == "DATE"
    assert (full["DTSTART"].dt, full["DTEND"].dt) == (TODAY, TOMORROW)
    assert "Pakaian: Batik" in str(full["DESCRIPTION"])
    assert "Narahubung: Rina" in str(full["DESCRIPTION"])
    assert (shown["DTSTART"].dt, shown["DTEND"].dt) == (TODAY, TOMORROW)
    assert "Rina" not in str(shown["DESCRIPTION"])


def test_days_of_a_file_are_whole_days(desk: Desk) -> None:
    days = event(
        "DTSTART;VALUE=DATE:20261126",
        "DTEND;VALUE=DATE:20261128",
        "SUMMARY:Rakornas",
        uid="rakornas",
    )
    hours = event(
        "DTSTART:20261126T010000Z",
        "DTEND:20261126T020000Z",
        "SUMMARY:Rakornas",
        uid="rakornas",
    )

    first: ImportReport = imported(desk, "kadis", days)

    assert first.items[0].activity_id is not None
    shown = desk.get("kadis", first.items[0].activity_id)
    assert days_of(shown) == (True, midnight(TODAY), at(24, 1))
    assert outcomes(imported(desk, "kadis", days)) == [("Rakornas", "unchanged")]
    assert outcomes(imported(desk, "kadis", hours)) == [("Rakornas", "updated")]
    shown = desk.get("kadis", shown.activity_id)
    assert days_of(shown) == (False, at(9), at(10))
