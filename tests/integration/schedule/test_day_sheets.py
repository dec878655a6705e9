"""What stands on a leader's day sheet, by who asks."""

from __future__ import annotations

import pytest

from contracts.errors import Invalid, NotFound
from contracts.schedule import Visibility
from contracts.schedule_calendars import DaySheet
from services.schedule.views.day_sheet import get_day_sheet
from tests.integration.schedule.desk import Desk
from tests.unit.schedule.offices import key, request


def sheet(
    desk: Desk, who: str, position: str = "bupati", day: str = "2026-11-26"
) -> DaySheet:
    caller = desk.caller(who)
    return desk.run(lambda uow: get_day_sheet(uow, caller, key(position), day))


def test_the_day_in_order_without_what_is_off_or_another_day(desk: Desk) -> None:
    desk.create("ajudan", request("bupati", title="Siang", starts=13, ends=14))
    desk.create("ajudan", request("bupati", title="Pagi"))
    desk.create("ajudan", request("bupati", title="Besok", day=1))
    desk.create("kadis", request("kadis", title="Lain"))
    off = desk.create("ajudan", request("bupati", title="Batal", starts=15, ends=16))
    desk.cancel("ajudan", off.activity_id)
    sent = desk.create("ajudan", request("bupati", title="Wakil", starts=17, ends=18))
    desk.respond("ajudan", sent.activity_id, "bupati", "represented", by="wabup")

    found = sheet(desk, "ajudan")

    assert [item.title for item in found.items] == ["Pagi", "Siang"]
    assert found.person_name
    assert [item.title for item in sheet(desk, "ajudan", "wabup").items] == ["Wakil"]


def test_others_see_only_that_time_is_taken(desk: Desk) -> None:
    hidden = request("bupati", title="Rahasia", visibility=Visibility.BUSY_ONLY)
    desk.create("ajudan", hidden)

    assert [item.masked for item in sheet(desk, "staf.dinkes").items] == [True]
    assert [item.title for item in sheet(desk, "ajudan").items] == ["Rahasia"]


def test_no_such_office_and_no_such_day(desk: Desk) -> None:
    with pytest.raises(NotFound):
        sheet(desk, "ajudan", "nobody")
    for day in ("2026-02-30", "besok", "0001-01-01"):
        with pytest.raises(Invalid):
            sheet(desk, "ajudan", day=day)
