"""*Pantau bentrok*: each way out leads to its form, filled in; around a fake bus."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.unit.gateway.fakes import FakeBus
from tests.unit.portal.desk import page, pid, seat
from tests.unit.portal.test_series_pages import ACTIVITY, AT, PATH, activity

SHORTER = {**AT, "ends_at": "2026-11-24T09:30:00+08:00"}
LATER = {
    "starts_at": "2026-11-25T13:00:00+08:00",
    "ends_at": "2026-11-25T14:00:00+08:00",
}
OPEN = {"allowed": True, "ask_position_id": None, "ask_name": None}
SUGGESTIONS = [
    {"act": "move", **LATER, "position_id": None, "name": None, **OPEN},
    {
        "act": "represent",
        **AT,
        "position_id": pid("kabid"),
        "name": "Kepala Bidang",
        **OPEN,
    },
    {"act": "shorten", **SHORTER, "position_id": None, "name": None, **OPEN},
]


def line(**more):
    return {
        "kind": "person",
        "standing": "displaced",
        "position_id": pid("kadis"),
        "name": "Kepala Dinas Kominfo",
        "unit_name": "Dinas Kominfo",
        "activity_id": ACTIVITY,
        "activity_title": "Apel pagi",
        **AT,
        "state": "confirmed",
        "since": AT["starts_at"],
        "overlaps": [],
        "suggestions": SUGGESTIONS,
        **more,
    }


@pytest.fixture
def bus() -> FakeBus:
    bus = seat(FakeBus(), "kadis")
    bus.answers["schedule.list_conflicts"] = page(line())
    bus.answers["schedule.get_activity"] = lambda _: activity(series_id=None)
    bus.answers["schedule.list_representatives"] = page(
        *(
            {
                "position_id": pid(code),
                "title": code,
                "person": {"person_id": pid(code), "name": code},
                "available": True,
                "participates": False,
                "conflicts": [],
            }
            for code in ("staf", "kabid")
        )
    )
    return bus


async def links(portal) -> list[str]:
    _, text = await portal("/bentrok")
    found = re.findall(r'class="btn btn-sm rk-act" href="([^"]+)"', text)
    return [unescape(link) for link in found]


async def test_each_way_out_is_offered_with_its_time_or_office(portal):
    answer, text = await portal("/bentrok")

    assert answer.status == 200
    assert "13.00–14.00" in text
    assert "kepada Kepala Bidang" in text
    assert "jadi 09.00–09.30" in text
    assert len(await links(portal)) == 3


async def test_another_time_fills_the_form(portal):
    move, _, shorten = await links(portal)

    _, moved = await portal(move)
    _, shortened = await portal(shorten)

    assert move.startswith(f"{PATH}/waktu?")
    assert 'name="mulai" value="2026-11-25T13:00"' in moved
    assert 'name="selesai" value="2026-11-25T14:00"' in moved
    assert 'name="selesai" value="2026-11-24T09:30"' in shortened


async def test_who_is_suggested_is_chosen(portal):
    _, represent, _ = await links(portal)

    _, text = await portal(represent.partition("#")[0])

    assert f'id="wakil-{pid("kadis")}" open' in text
    assert re.search(rf'value="{pid("kabid")}"\s+checked', text)


async def test_an_open_end_stays_open(portal, bus):
    bus.answers["schedule.list_conflicts"] = page(line(ends_at=None))

    move, *_ = await links(portal)

    assert move.endswith("selesai=")


async def test_what_is_hidden_has_no_forms(portal, bus):
    bus.answers["schedule.list_conflicts"] = page(line(activity_title="sibuk"))

    assert await links(portal) == []


async def test_who_may_not_take_a_way_reads_whom_to_ask(portal, bus):
    move, represent, shorten = SUGGESTIONS
    closed = {"allowed": False, "ask_position_id": pid("bupati"), "ask_name": "Bupati"}
    nobody = {"allowed": False, "ask_position_id": None, "ask_name": None}
    bus.answers["schedule.list_conflicts"] = page(
        line(suggestions=[{**move, **closed}, represent, {**shorten, **nobody}])
    )

    _, text = await portal("/bentrok")

    assert len(await links(portal)) == 1
    assert "Minta kepada Bupati" in text
    assert "Rundingkan dengan penyelenggara" in text
    assert "13.00–14.00" in text


@pytest.mark.parametrize(
    "asked", ["", "mulai=besok&selesai=", "mulai=2026-11-25T13:00"]
)
async def test_nonsense_leaves_the_form_as_the_activity_is(portal, asked):
    answer, text = await portal(f"{PATH}/waktu?{asked}")

    assert answer.status == 200
    assert 'name="mulai" value="2026-11-24T09:00"' in text
