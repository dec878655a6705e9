"""The weekly load: what is counted, for whom, and split at the week's border."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from contracts.schedule import ScheduleLoad
from contracts.schedule_requests import LoadQuery, OverrideRequest
from services.schedule.views.load import get_schedule_load
from tests.integration.schedule.desk import Desk
from tests.integration.schedule.test_store import cost
from tests.unit.schedule.offices import key, request

TWO_WEEKS = {"from": "2026-11-23", "to": "2026-12-06"}


def loaded(desk: Desk, who: str = "staf.dinkes", **query: Any) -> ScheduleLoad:
    wanted = msgspec.convert({**TWO_WEEKS, **query}, LoadQuery)
    caller = desk.caller(who)
    return desk.run(lambda uow: get_schedule_load(uow, caller, wanted))


def table(load: ScheduleLoad) -> dict[str, list[tuple[float, int]]]:
    return {
        row.name: [(week.hours, week.activities) for week in row.weeks]
        for row in load.items
    }


def names(desk: Desk, *codes: str) -> list[str]:
    found = [desk.org.position(key(code)) for code in codes]
    return [row.short_title or row.title for row in found if row]


def test_hours_and_activities_of_the_leaders_week_by_week(desk: Desk) -> None:
    bupati, kadis = names(desk, "bupati", "kadis")
    desk.create("ajudan", request("bupati", starts=9, ends=11))
    desk.create(
        "protokol",
        request("bupati", "kadis", starts=13, ends=14, travel_minutes_before=30),
    )
    desk.create("sekretaris", request("kadis", "kabid", day=5, starts=9, ends=10.5))

    found = loaded(desk)

    assert (found.starts_on, found.ends_on) == (date(2026, 11, 23), date(2026, 12, 6))
    assert table(found) == {
        bupati: [(3.5, 2), (0.0, 0)],
        kadis: [(1.5, 1), (1.5, 1)],
    }
    weeks = [(week.year, week.week, week.starts_on) for week in found.items[0].weeks]
    assert weeks == [
        (2026, 48, date(2026, 11, 23)),
        (2026, 49, date(2026, 11, 30)),
    ]


def test_only_what_binds_counts(desk: Desk) -> None:
    (wabup,) = names(desk, "wabup")
    desk.create("wabup", request("wabup", state="tentative"))
    called_off = desk.create("wabup", request("wabup", starts=11, ends=12))
    desk.cancel("wabup", called_off.activity_id)
    desk.create("protokol", request("wabup", starts=13, ends=15))
    urgent = OverrideRequest(reason="Darurat")
    desk.create("protokol", request("wabup", starts=13, ends=14, override=urgent))

    assert table(loaded(desk)) == {wabup: [(1.0, 1), (0.0, 0)]}


def test_what_lies_over_the_border_is_split(desk: Desk) -> None:
    (bupati,) = names(desk, "bupati")
    # Sunday 29 November 20.00 to Monday 04.00
    desk.create("ajudan", request("bupati", day=3, starts=20, ends=28))

    assert table(loaded(desk)) == {bupati: [(4.0, 1), (4.0, 1)]}


def test_a_unit_shows_all_its_offices(desk: Desk) -> None:
    kadis, kabid = names(desk, "kadis", "kabid")
    desk.create("kadis", request("kadis"))
    desk.create("sekretaris", request("kabid", starts=11, ends=12))
    desk.create("kadinkes", request("kadinkes"))

    of_unit = table(loaded(desk, unit_id=str(key("kominfo"))))

    assert of_unit == {kadis: [(1.0, 1), (0.0, 0)], kabid: [(1.0, 1), (0.0, 0)]}
    assert table(loaded(desk, unit_id=str(key("nowhere")))) == {}


def test_one_statement_however_many_weeks_and_offices(desk: Desk) -> None:
    desk.create("protokol", request("bupati", "wabup", "sekda"))

    short = cost(desk, lambda: loaded(desk))
    long = cost(desk, lambda: loaded(desk, to="2027-04-01", unit_id=str(key("pemkab"))))

    assert short == long == 1
