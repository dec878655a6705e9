"""*Beban pekanan* around a fake bus: weeks, bars of one scale, a table."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.errors import Unavailable
from gateway.portal import load
from tests.unit.gateway.fakes import FakeBus
from tests.unit.portal.desk import pid, seat, uid
from tests.unit.portal.test_calendar_pages import failing

HERE = "/beban?mulai=2026-11-25"
MONDAYS = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14")


def office(code: str, *hours: float):
    return {
        "position_id": pid(code),
        "name": code,
        "unit_id": uid("setda"),
        "unit_name": "Setda",
        "weeks": [
            {"starts_on": monday, "hours": many, "activities": int(many > 0)}
            for monday, many in zip(MONDAYS, hours, strict=True)
        ],
    }


FOUND = {
    "starts_on": "2026-11-23",
    "ends_on": "2026-12-20",
    "items": [office("bupati", 12.5, 0, 3, 0), office("sekda", 40, 0, 0, 0)],
}


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "bupati")
    bus.answers["schedule.get_schedule_load"] = lambda _: FOUND
    return bus


async def test_four_weeks_from_the_monday_are_asked_for(portal, bus):
    answer, text = await portal(HERE)

    (call,) = bus.of("get_schedule_load")
    assert answer.status == 200
    assert call.kwargs["query"] == {"from": "2026-11-23", "to": "2026-12-20"}
    assert "12,5 jam" in text
    assert "30 Nov–6 Des" in text
    assert "lebih dari 37,5 jam" in text
    assert "/beban?mulai=2026-12-21" in text


async def test_another_week_and_a_unit_are_chosen_by_address(portal, bus):
    _, text = await portal(f"{HERE}&pekan=2026-11-30&unit={uid('setda')}")

    (call,) = bus.of("get_schedule_load")
    assert call.kwargs["query"]["unit_id"] == uid("setda")
    assert "Belum ada yang terpakai" in text
    assert "Sekretariat Daerah" in text


async def test_a_day_that_is_none_is_not_found(portal):
    answer, _ = await portal("/beban?mulai=kemarin")

    assert answer.status == 404


async def test_without_the_schedule_the_page_says_so(portal, bus):
    bus.answers["schedule.get_schedule_load"] = failing(Unavailable())

    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "terganggu" in text


def test_the_end_is_the_day_after_the_last_week():
    assert load.weeks(FOUND) == [date.fromisoformat(each) for each in MONDAYS]


def test_the_busiest_stands_first_on_one_scale():
    found = load.bars(FOUND, date(2026, 11, 23))

    assert [bar.name for bar in found] == ["sekda", "bupati"]
    assert [bar.over for bar in found] == [True, False]
    assert found[0].aim == found[1].aim == 80.0
    assert found[0].length < 100
