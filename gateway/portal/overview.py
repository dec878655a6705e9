"""The overview as it is drawn: bars in percent of the longest, so that tables read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gateway.portal import words

Row = dict[str, Any]

RANGES = {"hari": "Hari ini", "bulan": "30 hari", "tahun": "Tahun ini"}
SHOWN_LATE = 6  # units with bars; all stand in the table below
ON_TIME_AIM = 90
# Hours a step should take at most; the longest bar ends where twice the aim would.
AIMS = {
    "registered_read": ("Tercatat sampai dibaca", 4),
    "read_disposed": ("Dibaca sampai disposisi", 4),
    "disposed_completed": ("Disposisi sampai selesai", 40),
    "registered_completed": ("Seluruhnya", 48),
}


class Bar(NamedTuple):
    """A row of a chart that is a table; lengths in percent."""

    name: str
    length: float
    value: str
    aim: float | None = None
    aim_words: str = ""
    over: bool = False
    unit_id: str = ""
    more: str = ""


class Part(NamedTuple):
    """A stretch of the bar of states: where it begins and how long it is."""

    name: str
    glyph: str
    tone: str
    fill: str
    letters: int
    begins: float
    length: float


def period_of(chosen: str, today: date) -> dict[str, str]:
    """The query of a range; 30 days are the service's own default."""
    if chosen == "hari":
        return {"from": today.isoformat(), "to": today.isoformat()}
    if chosen == "tahun":
        return {"from": date(today.year, 1, 1).isoformat(), "to": today.isoformat()}
    return {}


def on_time(found: Row) -> int | None:
    """Percent of what ended; None while nothing did."""
    ended = found["completed"]
    return round(100 * found["on_time"] / ended) if ended else None


def late_units(found: Row) -> list[Bar]:
    late = [row for row in found["units"] if row["overdue"]][:SHOWN_LATE]
    longest = max((row["overdue"] for row in late), default=1)
    return [
        Bar(
            name=row["name"],
            length=_percent(row["overdue"], longest),
            value=words.number(row["overdue"]),
            more=f"dari {words.number(row['running'])}",
            unit_id=row["unit_id"],
        )
        for row in late
    ]


def parts(found: Row) -> list[Part]:
    """Letters of the period, each in one part."""
    counts = {row["state"]: row["letters"] for row in found["states"]}
    done = counts.get("completed", 0) + counts.get("closed", 0)
    late = found["late"]
    running = max(0, found["received"] - done - late)
    rows = (
        ("Selesai atau ditutup", "st-done", "done", "rk-c5", done),
        ("Berjalan, belum lewat tenggat", "st-work", "work", "rk-c2", running),
        ("Terlambat", "st-late", "late", "rk-c3", late),
    )
    whole, begins, drawn = max(1, done + running + late), 0.0, []
    for name, glyph, tone, fill, letters in rows:
        length = _percent(letters, whole)
        drawn.append(Part(name, glyph, tone, fill, letters, begins, length))
        begins += length
    return drawn


def steps(found: Row) -> list[Bar]:
    """Median of each step on one scale, with its aim."""
    known = [row for row in found["steps"] if row["median_hours"] is not None]
    longest = max((row["median_hours"] for row in known), default=0.0)
    scale = max(longest, *(1.25 * aim for _, aim in AIMS.values()))
    return [
        Bar(
            name=AIMS[row["step"]][0],
            length=_percent(row["median_hours"], scale),
            value=hours(row["median_hours"]),
            aim=_percent(AIMS[row["step"]][1], scale),
            aim_words=f"sasaran {AIMS[row['step']][1]} jam",
            over=row["median_hours"] > AIMS[row["step"]][1],
        )
        for row in known
    ]


def hours(value: float | None) -> str:
    """``1 jam 50 menit``; a dash where nothing ended."""
    return words.duration(timedelta(hours=value)) if value is not None else "–"


def address(chosen: str, unit_id: str | None, **changes: str) -> str:
    """This page with another range or unit."""
    asked = {"rentang": chosen, "unit": unit_id or "", **changes}
    if asked["rentang"] == "bulan":
        del asked["rentang"]
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"/ikhtisar?{text}" if text else "/ikhtisar"


def download(query: Row) -> str:
    """The same numbers as CSV."""
    return f"/api/v1/overview?{urlencode({**query, 'format': 'csv'})}"


def today_of(now: datetime) -> date:
    return words.instant(now).date()


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
