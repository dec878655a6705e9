"""What an activity's page and the agenda tell beyond hours and people."""

from __future__ import annotations

import pytest

from tests.unit.gateway.fakes import FakeBus
from tests.unit.portal.desk import seat
from tests.unit.portal.test_minutes import ACTIVITY, activity

DETAILS = {"dress_code": "Batik", "contact": "Rina, 0811"}
DAYS = {
    "all_day": True,
    "starts_at": "2026-11-26T00:00:00+08:00",
    "ends_at": "2026-11-28T00:00:00+08:00",
    "assumed_ends_at": "2026-11-28T00:00:00+08:00",
}


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    return bus


async def test_the_page_says_what_to_wear_whom_to_ask_and_which_days(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _call: activity(**DETAILS, **DAYS)

    _, text = await portal(ACTIVITY)

    assert "<dt>Pakaian</dt><dd>Batik</dd>" in text
    assert "<dt>Narahubung</dt><dd>Rina, 0811</dd>" in text
    assert "Kamis, 26 November 2026 – Jumat, 27 November 2026, sepanjang hari" in text
    assert "00.00" not in text


async def test_a_page_without_them_says_nothing(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _call: activity()

    _, text = await portal(ACTIVITY)

    assert "Pakaian" not in text
    assert "Narahubung" not in text


async def test_the_agenda_of_a_day_says_so(portal, bus):
    row = activity(**DETAILS, **DAYS) | {
        "masked": False,
        "letter_id": None,
        "travel_minutes_before": 0,
    }
    bus.answers["schedule.list_activities"] = lambda _call: {
        "items": [row],
        "next_cursor": None,
    }

    _, text = await portal("/agenda/2026-11-27")

    assert "<small>Sepanjang hari</small>" in text
    assert "Pakaian: Batik" in text
    assert "Narahubung: Rina, 0811" in text
