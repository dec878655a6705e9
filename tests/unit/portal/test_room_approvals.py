"""What waits for the keeper of rooms, around a fake bus."""

from __future__ import annotations

import pytest

from contracts.errors import Conflict, Unavailable
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import page, pid, seat
from tests.unit.portal.test_resource_pages import (
    ACTIVITY,
    ACTIVITY_ID,
    CLASH,
    ROOM,
    ROOM_ID,
    TIMES,
    failing,
)

HERE = "/ruang/persetujuan"
SHOWN = {**ACTIVITY, "series_id": pid("kabid"), "masked": False}
WAITING = {
    "resource": ACTIVITY["resources"][0],
    "unit_id": ROOM["unit_id"],
    "dates": 12,
    "last_starts_at": "2027-02-11T08:00:00+08:00",
    "activity": SHOWN,
}
FORM = {"kegiatan": ACTIVITY_ID, "ruang": ROOM_ID, "lingkup": "all", "kunci": "k1"}


@pytest.fixture
def bus() -> FakeBus:
    bus = FakeBus()
    seat(bus, "kadis")
    bus.answers["schedule.list_resource_approvals"] = page(WAITING)
    bus.answers["schedule.approve_resource"] = done(ACTIVITY)
    return bus


def report(occurrences: int, *skipped: str):
    dates = [{"starts_at": day, "conflicts": []} for day in skipped]
    return done({**ACTIVITY, "series": {"occurrences": occurrences, "skipped": dates}})


async def test_a_series_waits_as_one(portal):
    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "Aula Ramu" in text
    assert "12 tanggal, terakhir Kam, 11 Feb" in text
    assert 'name="lingkup" value="all" checked' in text


async def test_one_date_offers_no_choice_of_dates(portal, bus):
    bus.answers["schedule.list_resource_approvals"] = page({**WAITING, "dates": 1})

    _, text = await portal(HERE)

    assert 'name="lingkup"' not in text


async def test_all_dates_are_agreed_to_in_one_act(portal, bus):
    bus.answers["schedule.approve_resource"] = report(11, TIMES["starts_at"])

    answer, _ = await portal(HERE, {**FORM, "jawaban": "setuju", "alasan": "x"})

    (call,) = bus.of("approve_resource")
    assert (answer.status, answer.headers["Location"]) == (303, HERE)
    assert call.kwargs["query"] == {"scope": "all"}
    assert call.kwargs["body"] == {"approved": True}
    assert call.kwargs["resource_id"] == ROOM_ID
    assert call.idempotency.key == "k1"


async def test_a_refusal_of_one_date_takes_its_reason_along(portal, bus):
    fields = {**FORM, "lingkup": "this", "jawaban": "tolak", "alasan": "Dipakai"}

    answer, _ = await portal(HERE, fields)

    (call,) = bus.of("approve_resource")
    assert answer.status == 303
    assert call.kwargs["query"] == {"scope": "this"}
    assert call.kwargs["body"] == {"approved": False, "reason": "Dipakai"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CLASH, "Sudah terpakai: Rapat anggaran"),
        (Conflict("illegal_transition"), "Sudah dijawab lebih dulu"),
    ],
)
async def test_what_cannot_be_had_is_said_and_the_reason_stays(
    portal, bus, error, said
):
    bus.answers["schedule.approve_resource"] = failing(error)
    fields = {**FORM, "lingkup": "this", "jawaban": "setuju", "alasan": "Nanti saja"}

    answer, text = await portal(HERE, fields)

    assert answer.status == 409
    assert said in text
    assert 'value="Nanti saja"' in text
    assert 'name="lingkup" value="this" checked' in text


async def test_what_waits_is_counted_where_rooms_and_tasks_are(portal, bus):
    bus.answers["schedule.list_resources"] = page(ROOM)
    bus.answers["schedule.list_activities"] = page()
    for method in ("list_tasks", "list_given_tasks", "list_dispositions"):
        bus.answers[f"letters.{method}"] = page()

    _, rooms = await portal("/ruang")
    _, home = await portal("/")

    assert 'Menunggu persetujuan <b class="rk-num">1</b>' in rooms
    assert "1 hal menunggu Anda" in home
    assert HERE in home


async def test_who_keeps_nothing_is_not_asked_about(portal, bus):
    seat(bus, "kabid")

    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "Tidak ada yang menunggu" in text
    assert bus.of("list_resource_approvals") == []


async def test_without_the_schedule_the_page_says_so(portal, bus):
    bus.answers["schedule.list_resource_approvals"] = failing(Unavailable())

    answer, text = await portal(HERE)

    assert answer.status == 200
    assert "terganggu" in text
