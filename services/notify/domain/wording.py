"""Indonesian phrases for offices, days and hours; offices only, never people."""

from __future__ import annotations

from datetime import datetime

from contracts.codec import ZONE

NOTHING_TOLD = "Surat rahasia. Buka Rakat untuk membaca."

_DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
_MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
)
_ACTING = {"plt": "Plt.", "plh": "Plh.", "pj": "Pj."}
_LONGEST = 200


def restricted_letter(agenda_number: str | None) -> str:
    """Of `terbatas` only its number in the register is told, once it has one."""
    return f"Surat terbatas {agenda_number}." if agenda_number else "Surat terbatas."


def office(title: str, capacity: str | None = None) -> str:
    """``Plh. Sekretaris Daerah``: the office as it acted."""
    prefix = _ACTING.get(capacity or "")
    return f"{prefix} {title}" if prefix else title


def short(text: str) -> str:
    """At most `_LONGEST` characters, cut between words."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def sentence(*parts: str | None) -> str:
    """The parts that are there, with commas, closed by a full stop."""
    text = ", ".join(part for part in parts if part)
    return text if text.endswith((".", "…", "?")) else f"{text}."


def day(at: datetime, now: datetime) -> str:
    """``Kam, 26 Nov``; the year only when it is another one than now."""
    local = at.astimezone(ZONE)
    text = f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]}"
    return text if local.year == now.astimezone(ZONE).year else f"{text} {local.year}"


def hour(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H.%M")


def moment(at: datetime, now: datetime) -> str:
    """``Kam, 26 Nov 16.00``."""
    return f"{day(at, now)} {hour(at)}"


def span(starts_at: datetime, ends_at: datetime | None, now: datetime) -> str:
    """``Kam, 26 Nov 09.00–12.00``, or ``…–selesai``, or two whole moments."""
    begins = moment(starts_at, now)
    if ends_at is None:
        return f"{begins}–selesai"
    same_day = starts_at.astimezone(ZONE).date() == ends_at.astimezone(ZONE).date()
    return f"{begins}–{hour(ends_at) if same_day else moment(ends_at, now)}"
