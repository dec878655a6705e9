"""A rule of recurrence, and what a series came to, in Indonesian."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from contracts.codec import ZONE
from gateway.portal import words

Row = dict[str, Any]

NAMED: Final = 8  # skipped dates that fit into a message
_UNITS: Final = {
    "DAILY": "hari",
    "WEEKLY": "pekan",
    "MONTHLY": "bulan",
    "YEARLY": "tahun",
}
_DAYS: Final = dict(
    zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), words.DAYS, strict=True)
)
_PLACES: Final = {
    "1": "pertama",
    "2": "kedua",
    "3": "ketiga",
    "4": "keempat",
    "5": "kelima",
    "-1": "terakhir",
}
_DAY: Final = re.compile(r"([+-]?\d*)(MO|TU|WE|TH|FR|SA|SU)")
SCOPES: Final = {
    "this": ("Hanya ini", "Tanggal lain tetap."),
    "following": ("Ini dan sesudahnya", "Yang sebelumnya tetap."),
    "all": ("Semua", "Semua yang belum dimulai, juga sebelum tanggal ini."),
}
# What these mean beside each other is not said in a few words.
_INTRICATE: Final = {"BYMONTH", "BYYEARDAY", "BYWEEKNO"}


def rule(recurrence: Row, starts_at: datetime | str) -> str:
    """``Setiap 2 pekan pada hari Selasa, sampai 31 Desember 2026``"""
    text = recurrence.get("rrule")
    if not text:
        return "Pada tanggal-tanggal tertentu"
    found = parts(text)
    number = found.get("INTERVAL", "1")
    often = "" if number == "1" else f"{number} "
    said = f"Setiap {often}{_UNITS.get(found.get('FREQ', ''), 'kali')}"
    return f"{said}{_when(found, words.instant(starts_at).date())}{_end(found)}"


def parts(text: str) -> dict[str, str]:
    """A rule's, by their names."""
    pairs = (part.partition("=") for part in text.upper().split(";"))
    return {name.removeprefix("RRULE:"): value for name, _, value in pairs}


def _when(parts: Mapping[str, str], start: date) -> str:
    if _INTRICATE & parts.keys():
        return ", dengan aturan khusus"
    if "BYDAY" in parts:
        return _weekdays(parts)
    if parts["FREQ"] == "WEEKLY":
        return f" pada hari {words.DAYS[start.weekday()]}"
    if parts["FREQ"] == "MONTHLY":
        return _month_days(parts, start)
    return ""


def _weekdays(parts: Mapping[str, str]) -> str:
    found = [_DAY.fullmatch(day) for day in parts["BYDAY"].split(",")]
    named = [
        f"{_DAYS[day[2]]} {_PLACES.get(day[1].lstrip('+'), '')}".strip()
        for day in found
        if day
    ]
    if "BYSETPOS" in parts or len(named) != len(found):
        return ", dengan aturan khusus"
    return f" pada hari {words.join(named)}"


def _month_days(parts: Mapping[str, str], start: date) -> str:
    days = parts.get("BYMONTHDAY", str(start.day)).split(",")
    if parts.get("BYSETPOS") == "-1":
        return f" tanggal {days[-1]}, atau hari terakhirnya"
    if days == ["-1"]:
        return " pada hari terakhirnya"
    if "BYSETPOS" in parts or not all(day.isdigit() for day in days):
        return ", dengan aturan khusus"
    return f" tanggal {words.join(days)}"


def _end(parts: Mapping[str, str]) -> str:
    if "COUNT" in parts:
        return f", {parts['COUNT']} kali"
    if "UNTIL" in parts:
        return f", sampai {_last_day(parts['UNTIL'])}"
    return ", tanpa batas waktu"


def last_date(text: str) -> date:
    """Of ``UNTIL``: with ``Z`` an instant of UTC, which here may be the next day."""
    if text.endswith("Z"):
        instant = datetime.strptime(f"{text}+0000", "%Y%m%dT%H%M%SZ%z")
        return instant.astimezone(ZONE).date()
    return date.fromisoformat(text[:8])


def _last_day(text: str) -> str:
    day = last_date(text)
    return f"{day.day} {words.MONTHS[day.month - 1]} {day.year}"


def booked(report: Row, now: datetime) -> str:
    """``12 kali. Dilewati karena bentrok (2): Sel, 1 Des; Sel, 8 Des.``"""
    text = f"{words.number(report['occurrences'])} kali."
    days = [words.day_short(row["starts_at"], now) for row in report["skipped"]]
    if not days:
        return text
    left = len(days) - NAMED
    more = f"; dan {left} lagi" if left > 0 else ""
    named = "; ".join(days[:NAMED])
    return f"{text} Dilewati karena bentrok ({len(days)}): {named}{more}."
