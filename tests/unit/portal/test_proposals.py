"""The unsaved activity on the board."""

from __future__ import annotations

from typing import Any

from gateway.portal import proposals

DAY = "2026-11-26"
BOARD: dict[str, Any] = {
    "date": DAY,
    "first": "07:00",
    "last": "18:00",
    "events": [
        {"row": "bupati", "activity_id": "a", "tone": "conf", "title": "Paripurna"},
        {"row": "wabup", "activity_id": "a", "tone": "conf", "title": "Paripurna"},
    ],
}
CLASH = {"activity_id": "a", "position_id": "bupati", "resource_id": None}
FREE = {"starts_at": f"{DAY}T13:30:00+08:00", "ends_at": f"{DAY}T15:30:00+08:00"}
LATER = {
    "starts_at": "2026-11-27T08:00:00+08:00",
    "ends_at": "2026-11-27T10:00:00+08:00",
}


def overlaid(**changes: Any) -> dict[str, Any]:
    usual = {
        "title": "Rapat kerukunan",
        "rows": ["bupati", "ramu"],
        "begins": f"{DAY}T10:00:00+08:00",
        "ends": f"{DAY}T12:00:00+08:00",
        "conflicts": [CLASH],
        "alternatives": [FREE, LATER],
    }
    return proposals.overlaid(BOARD, **{**usual, **changes})


def tones(board: dict[str, Any]) -> list[tuple[str, str]]:
    return [(block["row"], block["tone"]) for block in board["events"]]


def test_the_unsaved_block_stands_in_every_row_that_is_asked_for():
    drawn = [block for block in overlaid()["events"] if block["tone"] == "new"]
    assert [block["row"] for block in drawn] == ["bupati", "ramu"]
    assert drawn[0]["start"] == f"{DAY} 10:00"
    assert drawn[0]["end"] == f"{DAY} 12:00"


def test_only_the_row_in_the_way_turns_red():
    assert tones(overlaid())[:2] == [("bupati", "clash"), ("wabup", "conf")]


def test_free_times_of_the_same_day_are_offered_on_the_board():
    free = [block for block in overlaid()["events"] if block["tone"] == "alt"]
    assert {block["start"] for block in free} == {f"{DAY} 13:30"}


def test_an_open_end_is_as_long_as_the_slots_that_were_looked_for():
    drawn = [b for b in overlaid(ends=None)["events"] if b["tone"] == "new"]
    assert drawn[0]["end"] == f"{DAY} 12:00"
    alone = overlaid(ends=None, alternatives=[])["events"]
    assert next(b["end"] for b in alone if b["tone"] == "new") == f"{DAY} 13:00"


def test_the_board_reaches_as_far_as_the_unsaved_block():
    board = overlaid(
        begins=f"{DAY}T05:00:00+08:00", ends=f"{DAY}T19:30:00+08:00", alternatives=[]
    )
    assert (board["first"], board["last"]) == ("05:00", "20:00")
