"""A block moved on the board, and the board of a week, around a fake bus."""

from __future__ import annotations

import html
from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from contracts.errors import Conflict, Forbidden, Unavailable
from gateway.portal import moving
from tests.unit.gateway.fakes import FakeBus, done
from tests.unit.portal.desk import page, pid, seat

ACTIVITY = str(UUID(int=0x700))
ROOM = str(UUID(int=0x800))
PATH = f"/kegiatan/{ACTIVITY}"
DAY = "2026-11-26"
CLASH = {
    "kind": "person",
    "position_id": pid("kadis"),
    "resource_id": None,
    "name": "Kepala Dinas Kominfo",
    "activity_id": str(UUID(int=0x701)),
    "activity_title": "rapat anggaran",
    "starts_at": f"{DAY}T09:30:00+08:00",
    "ends_at": f"{DAY}T11:00:00+08:00",
    "state": "confirmed",
}
FREE = {
    "starts_at": f"{DAY}T13:00:00+08:00",
    "ends_at": f"{DAY}T15:00:00+08:00",
}
FORM = {
    "mulai": f"{DAY}T10:00:00+08:00",
    "selesai": f"{DAY}T12:00:00+08:00",
    "versi": "7",
    "kunci": "k",
}


def line(code, **more):
    return {
        "position_id": pid(code),
        "title": f"Jabatan {code}",
        "role": "required",
        "response": "attending",
        "standing": "binding",
        "represented_by": None,
        "represents": None,
        "kept_by_me": True,
        **more,
    }


def activity(**more):
    return {
        "activity_id": ACTIVITY,
        "title": "Audiensi pemuda",
        "kind": "rapat",
        "starts_at": f"{DAY}T15:00:00+08:00",
        "ends_at": f"{DAY}T17:00:00+08:00",
        "assumed_ends_at": f"{DAY}T17:00:00+08:00",
        "organiser_unit_name": "Diskominfo",
        "state": "confirmed",
        "place": None,
        "resources": [{"resource_id": ROOM, "name": "Aula Ramu"}],
        "resource_ids": [ROOM],
        "participants": [line("kadis"), line("kabid", response="not_attending")],
        "allowed": ["cancel", "update"],
        "masked": False,
        "version": 7,
        "series_id": None,
        **more,
    }


def checked(*conflicts, free=(), closed=()):
    return lambda _call: {
        "conflicts": list(conflicts),
        "alternatives": list(free),
        "warnings": [],
        "closed_resource_ids": list(closed),
    }


def failing(error):
    def answer(_call):
        raise error

    return answer


@pytest.fixture
def bus():
    bus = seat(FakeBus(), "kadis")
    bus.answers["schedule.list_resources"] = page()
    bus.answers["schedule.list_activities"] = page(activity())
    bus.answers["schedule.get_activity"] = lambda _call: activity()
    bus.answers["schedule.check_conflicts"] = checked()
    return bus


def test_only_what_is_mine_to_change_can_be_taken():
    assert moving.may_move(activity())
    assert not moving.may_move(activity(allowed=["cancel"]))
    assert not moving.may_move(activity(state="completed"))
    over_night = activity(assumed_ends_at="2026-11-27T01:00:00+08:00")
    assert moving.may_move(over_night)


def test_over_midnight_it_stays_as_long_as_it_is():
    night = {
        "starts_at": f"{DAY}T22:00:00+08:00",
        "ends_at": "2026-11-27T02:00:00+08:00",
        "assumed_ends_at": "2026-11-27T02:00:00+08:00",
    }
    begins = datetime.fromisoformat("2026-11-26T21:15:00+08:00")
    ends = "2026-11-27T01:15:00+08:00"
    assert moving.moved_to(activity(**night), begins) == (begins.isoformat(), ends)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "hours"),
    [
        (f"{DAY}T22:00:00+08:00", "2026-11-27T02:00:00+08:00", ("07:00", "24:00")),
        ("2026-11-25T22:00:00+08:00", f"{DAY}T02:00:00+08:00", ("00:00", "18:00")),
        ("2026-11-25T08:00:00+08:00", f"{DAY}T12:00:00+08:00", ("07:00", "18:00")),
        (
            "2026-11-25T08:00:00+08:00",
            "2026-11-27T12:00:00+08:00",
            ("07:00", "18:00"),
        ),
    ],
)
async def test_the_board_opens_as_wide_as_its_day_needs(
    portal, bus, starts_at, ends_at, hours
):
    over = activity(starts_at=starts_at, ends_at=ends_at, assumed_ends_at=ends_at)
    bus.answers["schedule.list_activities"] = page(over)
    _, text = await portal(f"/jadwal?tanggal={DAY}")
    raw = html.unescape(text.split('data-board="')[1].split('"')[0])
    board = msgspec.json.decode(raw)
    assert (board["first"], board["last"]) == hours
    assert all(event["move"] for event in board["events"])


def test_an_open_end_stays_open():
    begins = datetime.fromisoformat(FORM["mulai"])
    assert moving.moved_to(activity(ends_at=None), begins) == (FORM["mulai"], None)
    assert moving.moved_to(activity(), begins) == (FORM["mulai"], FORM["selesai"])


def test_only_who_binds_is_asked_about():
    invited = line("sekda", role="invited", response="pending")
    asked = moving.check_of(activity(participants=[line("kadis"), invited]), "x", None)
    assert asked["position_ids"] == [pid("kadis")]
    assert asked["resource_ids"] == [ROOM]
    assert asked["exclude_activity_id"] == ACTIVITY


async def test_busy_hours_come_from_the_check_of_the_service(portal, bus):
    bus.answers["schedule.check_conflicts"] = checked(CLASH)
    answer, text = await portal(f"{PATH}/sibuk?dari={DAY}&sampai={DAY}")
    assert answer.status == 200
    assert msgspec.json.decode(text)["spans"] == [
        {
            "row": pid("kadis"),
            "start": f"{DAY} 09:30",
            "end": f"{DAY} 11:00",
            "said": "Kepala Dinas Kominfo: rapat anggaran, 09.30–11.00",
        }
    ]
    (call,) = bus.of("check_conflicts")
    assert call.kwargs["body"]["starts_at"] == f"{DAY}T00:00:00+08:00"
    assert call.kwargs["body"]["ends_at"] == "2026-11-27T00:00:00+08:00"


@pytest.mark.parametrize(
    "path",
    [
        f"/sibuk?dari={DAY}&sampai=2027-11-26",
        f"/sibuk?dari={DAY}&sampai=2026-11-25",
        "/sibuk",
        "/geser",
        "/geser?mulai=besok",
        "/geser/periksa?mulai=0001-01-01T00:00",
    ],
)
async def test_no_time_is_not_found(portal, path):
    answer, _ = await portal(PATH + path)
    assert answer.status == 404


async def test_a_place_is_checked_with_rooms_that_are_not_lent(portal, bus):
    bus.answers["schedule.check_conflicts"] = checked(CLASH, closed=[ROOM])
    answer, text = await portal(f"{PATH}/geser/periksa?mulai={DAY}T10:00")
    assert answer.status == 200
    assert msgspec.json.decode(text) == {
        "when": "10.00–12.00",
        "clashes": [
            "Kepala Dinas Kominfo: rapat anggaran, 09.30–11.00",
            "Aula Ramu: tidak dipinjamkan pada jam itu",
        ],
    }


async def test_the_sheet_says_from_when_to_when_and_who_is_told(portal, bus):
    answer, text = await portal(f"{PATH}/geser?mulai={DAY}T10:00")
    assert answer.status == 200
    assert "15.00–17.00" in text
    assert "10.00–12.00" in text
    assert "Jabatan kadis" in text
    assert "Pindahkan ke 10.00–12.00" in text
    assert f'name="mulai" value="{FORM["mulai"]}"' in text
    assert 'name="versi" value="7"' in text
    assert bus.of("update_activity") == []


async def test_where_it_clashes_a_firm_activity_is_offered_other_times(portal, bus):
    bus.answers["schedule.check_conflicts"] = checked(CLASH, free=[FREE])
    _, text = await portal(f"{PATH}/geser?mulai={DAY}T10:00&unit={ROOM}")
    assert "Waktu ini bentrok" in text
    assert "Rapat anggaran" in text
    assert "Pindahkan ke" not in text
    slot = "mulai=2026-11-26T13%3A00%3A00%2B08%3A00"
    assert f'href="{PATH}/geser?{slot}&amp;unit={ROOM}"' in text


async def test_what_is_not_firm_may_wait_beside_the_other(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _: activity(state="tentative")
    bus.answers["schedule.check_conflicts"] = checked(CLASH)
    _, text = await portal(f"{PATH}/geser?mulai={DAY}T10:00")
    assert "Waktu ini bentrok" in text
    assert "Pindahkan ke 10.00–12.00" in text


async def test_moving_sends_the_times_under_the_version_seen(portal, bus):
    moved = activity(starts_at=FORM["mulai"], ends_at=FORM["selesai"], series=None)
    bus.answers["schedule.update_activity"] = done(moved)
    answer, _ = await portal(f"{PATH}/geser", FORM)
    assert answer.status == 303
    assert answer.headers["Location"] == f"/jadwal?tanggal={DAY}"
    (call,) = bus.of("update_activity")
    assert call.kwargs["body"] == {
        "starts_at": FORM["mulai"],
        "ends_at": FORM["selesai"],
    }
    assert call.kwargs["expected_version"] == 7
    assert call.kwargs["query"] == {"scope": "this"}


async def test_who_was_faster_is_shown_with_the_services_own_free_times(portal, bus):
    bus.answers["schedule.update_activity"] = failing(
        Conflict("schedule_conflict", conflicts=[CLASH], alternatives=[FREE])
    )
    answer, text = await portal(f"{PATH}/geser", FORM)
    assert answer.status == 409
    assert "Waktu ini bentrok" in text
    assert "13.00–15.00" in text
    assert bus.of("check_conflicts") == []


async def test_a_version_that_has_moved_on_is_asked_about_again(portal, bus):
    bus.answers["schedule.get_activity"] = lambda _: activity(version=8)
    bus.answers["schedule.update_activity"] = failing(Conflict("version_conflict"))
    answer, text = await portal(f"{PATH}/geser", FORM)
    assert answer.status == 409
    assert 'name="versi" value="8"' in text
    assert 'role="alert"' in text


async def test_who_may_not_move_it_is_told_so_in_the_sheet(portal, bus):
    bus.answers["schedule.update_activity"] = failing(Forbidden())
    answer, text = await portal(f"{PATH}/geser", FORM)
    assert answer.status == 403
    assert 'role="alert"' in text


async def test_a_form_without_its_times_is_not_found(portal):
    answer, _ = await portal(f"{PATH}/geser", {**FORM, "mulai": "kapan saja"})
    assert answer.status == 404


async def test_blocks_of_the_board_say_whether_they_move(portal):
    _, text = await portal(f"/jadwal?tanggal={DAY}")
    raw = html.unescape(text.split('data-board="')[1].split('"')[0])
    events = msgspec.json.decode(raw)["events"]
    assert [event["move"] for event in events] == [True, True, True]


async def test_the_week_has_offices_and_rooms_and_a_list_by_day(portal, bus):
    answer, text = await portal(f"/jadwal/pekan?tanggal={DAY}")
    assert answer.status == 200
    (call,) = bus.of("list_activities")
    assert (call.kwargs["query"]["from"], call.kwargs["query"]["to"]) == (
        "2026-11-23",
        "2026-11-29",
    )
    board = msgspec.json.decode(
        html.unescape(text.split('data-board="')[1].split('"')[0])
    )
    assert board["week"][0] == "Sen 23"
    assert board["until"] == "2026-11-29"
    assert {row["id"] for row in board["resources"]} >= {pid("kadis"), pid("bupati")}
    assert text.count("Tidak ada kegiatan.") == 6
    assert f'<a href="{PATH}"><b>Audiensi pemuda</b></a>' in text


async def test_the_week_keeps_the_office_it_is_narrowed_to(portal, bus):
    _, text = await portal(f"/jadwal/pekan?tanggal={DAY}&unit={ROOM}")
    assert bus.of("list_activities")[0].kwargs["query"]["unit_id"] == ROOM
    assert f"/jadwal/pekan?tanggal=2026-11-19&amp;unit={ROOM}" in text


async def test_a_schedule_that_is_away_is_said(portal, bus):
    bus.answers["schedule.list_activities"] = failing(
        Unavailable(service="schedule", retry_after=5)
    )
    answer, text = await portal("/jadwal/pekan")
    assert answer.status == 200
    assert "Layanan jadwal sedang terganggu" in text


async def test_a_day_that_does_not_exist_is_not_found(portal):
    answer, _ = await portal("/jadwal/pekan?tanggal=2026-02-30")
    assert answer.status == 404
