"""A leader's day: as plain text for a chat message, and on paper.

Masked activities come from the service without title; both show them as taken time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from contracts.codec import ZONE
from contracts.reference import ACTIVITY_STATES
from gateway.exports.book import Book
from gateway.exports.columns import Column

Row = dict[str, Any]

BUSY = "Sibuk"
FREE = "Tidak ada kegiatan."
_STATES = {word.code: word.label_id for word in ACTIVITY_STATES}
_PLAIN_STATES = frozenset({"confirmed", "completed"})
_MOST_NAMED = 8
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)
_COLUMNS = (
    Column("No.", 3),
    Column("Waktu (WITA)", 14),
    Column("Kegiatan", 26),
    Column("Tempat", 18),
    Column("Penyelenggara", 15),
    Column("Bersama", 24),
    Column("Keterangan", 11),
)


def as_text(sheet: Row) -> str:
    """Indonesian, one block an activity, no line that means something by its width."""
    lines = [f"*Agenda {_heading(sheet)}*", _long(_day(sheet)), ""]
    for number, item in enumerate(sheet["items"], 1):
        lines += [*_block(number, item, sheet), ""]
    if not sheet["items"]:
        lines += [FREE, ""]
    return "\n".join(lines)


def as_pdf(sheet: Row, now: datetime) -> bytes:
    book = Book(
        "Agenda harian", f"{_heading(sheet)}, {_long(_day(sheet))}", _COLUMNS, now
    )
    rows = [
        _cells(number, item, sheet) for number, item in enumerate(sheet["items"], 1)
    ]
    free = ["", "", FREE, "", "", "", ""]
    return book.begin() + book.add(rows or [free]) + book.end()


def _block(number: int, item: Row, sheet: Row) -> list[str]:
    facts = (
        ("Tempat", _place(item)),
        ("Tautan", _link(item)),
        ("Pakaian", item["dress_code"]),
        ("Narahubung", item["contact"]),
        ("Penyelenggara", _organiser(item)),
        ("Bersama", _others(item, sheet)),
        ("Keterangan", _remark(item)),
    )
    return [
        f"{number}. {_when(item, _day(sheet))}",
        f"*{_title(item)}*",
        *(f"{name}: {value}" for name, value in facts if value),
    ]


def _cells(number: int, item: Row, sheet: Row) -> list[str | int]:
    return [
        number,
        _span(item, _day(sheet)),
        _title(item),
        " ".join(filter(None, (_place(item), _link(item)))),
        _organiser(item),
        _others(item, sheet),
        "; ".join(filter(None, (_remark(item), *_worn(item)))),
    ]


def _heading(sheet: Row) -> str:
    person = sheet["person_name"]
    return f"{sheet['title']} ({person})" if person else str(sheet["title"])


def _title(item: Row) -> str:
    return BUSY if item["masked"] else str(item["title"])


def _place(item: Row) -> str:
    names = [(item["place"] or {}).get("name"), *_rooms(item)]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _rooms(item: Row) -> list[str]:
    return [] if item["masked"] else [thing["name"] for thing in item["resources"]]


def _link(item: Row) -> str:
    return (item["place"] or {}).get("online_url") or ""


def _organiser(item: Row) -> str:
    return "" if item["masked"] else str(item["organiser_unit_name"])


def _others(item: Row, sheet: Row) -> str:
    if item["masked"]:
        return ""
    names = [
        line["title"]
        for line in item["participants"]
        if line["position_id"] != sheet["position_id"]
    ]
    more = (
        f" dan {len(names) - _MOST_NAMED} lainnya" if len(names) > _MOST_NAMED else ""
    )
    return ", ".join(names[:_MOST_NAMED]) + more


def _worn(item: Row) -> list[str]:
    names = (("Pakaian", "dress_code"), ("Narahubung", "contact"))
    return [f"{name}: {item[key]}" for name, key in names if item[key]]


def _remark(item: Row) -> str:
    """Whether it is certain, and how long the way is."""
    state = item["state"]
    parts = [] if state in _PLAIN_STATES else [_STATES[state]]
    if item["travel_minutes_before"]:
        parts.append(f"berangkat {item['travel_minutes_before']} menit sebelumnya")
    return ", ".join(parts)


# ---- times -----------------------------------------------------------------------


def _day(sheet: Row) -> date:
    return date.fromisoformat(sheet["date"])


def _long(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _when(item: Row, day: date) -> str:
    span = _span(item, day)
    return span if item["all_day"] else f"{span} WITA"


def _whole_days(item: Row, day: date) -> str:
    first, end = (
        datetime.fromisoformat(item[name]).astimezone(ZONE).date()
        for name in ("starts_at", "ends_at")
    )
    last = end - timedelta(days=1)
    if first == last == day:
        return "Sepanjang hari"
    return f"{first:%d-%m-%Y} s.d. {last:%d-%m-%Y}, sepanjang hari"


def _span(item: Row, day: date) -> str:
    if item["all_day"]:
        return _whole_days(item, day)
    start = _moment(item["starts_at"], day)
    if item["ends_at"] is None:
        return f"{start} s.d. selesai"
    end = _moment(item["ends_at"], day)
    return f"{start} s.d. {end}" if " " in start + end else f"{start}–{end}"


def _moment(text: str, day: date) -> str:
    """The hour; with its date when that is another."""
    at = datetime.fromisoformat(text).astimezone(ZONE)
    return at.strftime("%H.%M" if at.date() == day else "%d-%m-%Y %H.%M")
