"""Bookable hours as people write them: one line a weekday, and back to the API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.portal import words
from gateway.portal.forms import Problem

Row = dict[str, Any]

WEEKDAYS = tuple(enumerate(words.DAYS, start=1))
_SPAN = re.compile(r"(\d{1,2})(?:[.:](\d\d))?\s*[-–]\s*(\d{1,2})(?:[.:](\d\d))?")
_WRONG = "Tulis seperti 08.00–16.00; dua waktu dipisah koma."


def field_of(weekday: int) -> str:
    return f"jam-{weekday}"


def lines_of(hours: Iterable[Row]) -> dict[str, str]:
    """``jam-1`` → ``08.00–12.00, 13.00–16.00``; a closed day has no line."""
    lines: dict[str, list[str]] = {}
    for row in sorted(hours, key=lambda row: (row["weekday"], row["opens"])):
        said = f"{row['opens']}–{row['closes']}".replace(":", ".")
        lines.setdefault(field_of(row["weekday"]), []).append(said)
    return {field: ", ".join(spans) for field, spans in lines.items()}


def said_of(hours: list[Row]) -> str:
    """``Sen–Kam 08.00–16.00; Jum 08.00–11.00``; no hours given is always open."""
    runs: list[tuple[int, int, str]] = []
    for weekday, line in sorted(_by_weekday(hours).items()):
        if runs and runs[-1][1:] == (weekday - 1, line):
            runs[-1] = (runs[-1][0], weekday, line)
        else:
            runs.append((weekday, weekday, line))
    return "; ".join(f"{_days(*run[:2])} {run[2]}" for run in runs) or "Setiap waktu"


def _by_weekday(hours: Iterable[Row]) -> dict[int, str]:
    lines = lines_of(hours)
    fields = {weekday: field_of(weekday) for weekday, _ in WEEKDAYS}
    return {day: lines[field] for day, field in fields.items() if field in lines}


def _days(first: int, last: int) -> str:
    names = [words.DAYS_SHORT[day - 1] for day in (first, last)]
    return names[0] if first == last else "–".join(names)


def hours_of(fields: Mapping[str, str]) -> tuple[list[Row], list[Problem]]:
    """The stretches of the form, and the lines that cannot be read."""
    hours: list[Row] = []
    problems: list[Problem] = []
    for weekday, name in WEEKDAYS:
        field = field_of(weekday)
        try:
            hours += _stretches(weekday, fields.get(field, ""))
        except ValueError as error:
            problems.append({"field": field, "message": f"{name}: {error}"})
    return hours, problems


def _stretches(weekday: int, line: str) -> list[Row]:
    """Raises `ValueError` with what to write instead."""
    return [_stretch(weekday, part.strip()) for part in line.split(",") if part.strip()]


def _stretch(weekday: int, text: str) -> Row:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(_WRONG)
    first, first_minute, last, last_minute = found.groups("00")
    opens, closes = f"{first:0>2}:{first_minute}", f"{last:0>2}:{last_minute}"
    if not _is_clock(opens) or not (_is_clock(closes) or closes == "24:00"):
        raise ValueError(_WRONG)
    if closes <= opens:
        raise ValueError("Tutup harus sesudah buka.")
    return {"weekday": weekday, "opens": opens, "closes": closes}


def _is_clock(text: str) -> bool:
    return text[:2] < "24" and text[3:] < "60"
