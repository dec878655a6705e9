"""The overview's bars: lengths in percent, everything counted once."""

from __future__ import annotations

from datetime import date

from gateway.portal import overview

FOUND = {
    "received": 10,
    "completed": 4,
    "on_time": 3,
    "late": 2,
    "states": [
        {"state": "registered", "letters": 3},
        {"state": "under_disposition", "letters": 3},
        {"state": "completed", "letters": 3},
        {"state": "closed", "letters": 1},
    ],
    "units": [
        {
            "unit_id": f"u{n}",
            "name": f"Unit {n}",
            "overdue": max(0, 8 - n),
            "running": 9,
        }
        for n in range(10)
    ],
    "steps": [
        {"step": "registered_read", "median_hours": 1.5},
        {"step": "read_disposed", "median_hours": 5.0},
        {"step": "disposed_completed", "median_hours": None},
        {"step": "registered_completed", "median_hours": 12.0},
    ],
}


def test_every_letter_of_the_period_is_in_one_part() -> None:
    parts = overview.parts(FOUND)
    assert [part.letters for part in parts] == [4, 4, 2]
    assert [part.begins for part in parts] == [0, 40, 80]
    assert sum(part.length for part in parts) == 100


def test_bars_share_one_scale() -> None:
    bars = overview.late_units(FOUND)
    assert len(bars) == overview.SHOWN_LATE
    assert [bar.length for bar in bars[:3]] == [100.0, 87.5, 75.0]


def test_a_step_over_its_aim_says_so() -> None:
    read, disposed, whole = overview.steps(FOUND)
    assert (read.over, disposed.over, whole.over) == (False, True, False)
    assert read.aim == disposed.aim
    assert read.value == "1 jam 30 menit"


def test_nothing_is_no_division_by_zero() -> None:
    nothing = {**FOUND, "received": 0, "completed": 0, "late": 0, "states": []}
    assert overview.on_time(nothing) is None
    assert [part.length for part in overview.parts(nothing)] == [0, 0, 0]
    assert overview.steps({"steps": []}) == []
    assert overview.on_time(FOUND) == 75


def test_addresses_keep_what_is_chosen() -> None:
    assert overview.address("bulan", None) == "/ikhtisar"
    assert overview.address("tahun", "u1") == "/ikhtisar?rentang=tahun&unit=u1"
    assert overview.address("tahun", "u1", rentang="bulan") == "/ikhtisar?unit=u1"
    assert overview.address("hari", "u1", unit="") == "/ikhtisar?rentang=hari"
    today = date(2026, 11, 24)
    assert overview.period_of("tahun", today) == {
        "from": "2026-01-01",
        "to": "2026-11-24",
    }
    assert overview.period_of("bulan", today) == {}


def test_the_file_has_the_numbers_of_the_page() -> None:
    query = overview.period_of("tahun", date(2026, 11, 24)) | {"unit_id": "u1"}
    assert overview.download(query) == (
        "/api/v1/overview?from=2026-01-01&to=2026-11-24&unit_id=u1&format=csv"
    )
