"""What is not saved yet, drawn on the board: hatched where it clashes, dashed
where everybody is free, and red what is in the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gateway.portal import words

Row = dict[str, Any]
OPEN_END = timedelta(hours=3)  # as long as most activities "until finished" are held
UNSAVED = "Bentrok, belum disimpan"
FITS = "Kosong, belum disimpan"


def overlaid(
    board: Row,
    *,
    title: str,
    rows: list[str],
    begins: str,
    ends: str | None,
    conflicts: list[Row],
    alternatives: list[Row],
    fits: bool = False,
) -> Row:
    """The board of a day with the unsaved activity in its `rows`."""
    start = words.instant(begins)
    end = words.instant(ends) if ends else start + _length(alternatives)
    drawn = [_clashing(block, conflicts) for block in board["events"]]
    tone = ("alt", "st-conf", FITS) if fits else ("new", "st-clash", UNSAVED)
    drawn += [_block(row, start, end, title, *tone) for row in rows]
    for slot in alternatives:
        free_from, free_to = (words.instant(slot[n]) for n in ("starts_at", "ends_at"))
        drawn += [
            _block(row, free_from, free_to, "Usulan waktu", "alt", "st-conf", "Kosong")
            for row in rows
            if free_from.date().isoformat() == board["date"]
        ]
    return {**board, **_hours(board, start, end), "events": drawn}


def without(board: Row, activity_id: str) -> Row:
    """The board as if this activity were not on it."""
    left = [block for block in board["events"] if block["activity_id"] != activity_id]
    return {**board, "events": left}


def _hours(board: Row, start: datetime, end: datetime) -> Row:
    """First and last hour, so wide that the unsaved block is seen."""
    same_day = end.date() == start.date()
    last = end.hour + bool(end.minute) if same_day else 24
    return {
        "first": min(board["first"], f"{start.hour:02}:00"),
        "last": max(board["last"], f"{last:02}:00"),
        "at": f"{max(start.hour - 1, 0):02}:00",  # scrolled to
    }


def _length(alternatives: list[Row]) -> timedelta:
    """Of an open end: as long as the slots that were looked for."""
    if not alternatives:
        return OPEN_END
    first = alternatives[0]
    return words.instant(first["ends_at"]) - words.instant(first["starts_at"])


def _clashing(block: Row, conflicts: list[Row]) -> Row:
    in_the_way = any(
        clash["activity_id"] == block["activity_id"]
        and block["row"] in (clash.get("position_id"), clash.get("resource_id"))
        for clash in conflicts
    )
    if not in_the_way:
        return block
    return {**block, "tone": "clash", "glyph": "st-clash", "state": "Bentrok"}


def _block(
    row: str,
    start: datetime,
    end: datetime,
    title: str,
    tone: str,
    glyph: str,
    state: str,
) -> Row:
    return {
        "row": row,
        "start": start.strftime("%Y-%m-%d %H:%M"),
        "end": end.strftime("%Y-%m-%d %H:%M"),
        "title": title,
        "tone": tone,
        "glyph": glyph,
        "state": state,
        "activity_id": None,
        "link": None,
    }
