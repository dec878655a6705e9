"""Dates, durations and counts in Indonesian, as people read them in the portal.

Everything is pure: the present instant is a parameter. The zone is that of the
regency and is written once a page, not with every time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from contracts.codec import ZONE

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
DAYS_SHORT = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MONTHS_SHORT = (
    *("Jan", "Feb", "Mar", "Apr", "Mei", "Jun"),
    *("Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
)
NEAR = timedelta(days=180)


def instant(value: datetime | str) -> datetime:
    """An aware instant of the API, in the zone of the regency."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(ZONE)


def day_of(value: date | datetime | str) -> date:
    """The calendar day of an instant or date of the API."""
    if isinstance(value, datetime):
        return instant(value).date()
    if isinstance(value, date):
        return value
    return instant(value).date() if "T" in value else date.fromisoformat(value)


def clock(value: datetime | str) -> str:
    """``16.40``"""
    return instant(value).strftime("%H.%M")


def day_long(value: date | datetime | str, *, year: bool = True) -> str:
    """``Selasa, 24 November 2026``"""
    day = day_of(value)
    text = f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def day_short(value: date | datetime | str, now: datetime | None = None) -> str:
    """``Kam, 26 Nov``; with the year unless it is this year or near."""
    day = day_of(value)
    text = f"{DAYS_SHORT[day.weekday()]}, {day.day} {MONTHS_SHORT[day.month - 1]}"
    return text if now and _is_near(day, now) else f"{text} {day.year}"


def _is_near(day: date, now: datetime) -> bool:
    today = instant(now).date()
    return day.year == today.year or abs(day - today) < NEAR


def day_word(value: date | datetime | str, now: datetime) -> str:
    """``hari ini``, ``kemarin``, ``besok``, else `day_short`."""
    away = (day_of(value) - instant(now).date()).days
    names = {0: "hari ini", -1: "kemarin", 1: "besok"}
    return names.get(away) or day_short(value, now)


def moment(value: datetime | str, now: datetime) -> str:
    """``hari ini 16.40``, ``Kam, 26 Nov 16.00``"""
    return f"{day_word(value, now)} {clock(value)}"


def moment_full(value: datetime | str) -> str:
    """``Sen, 23 Nov 2026, 16.40``"""
    return f"{day_short(value)}, {clock(value)}"


def days_between(first: date, last: date) -> str:
    """``23–29 November 2026``; what both have in common is said once."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {MONTHS[first.month - 1]}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{start}{year} – {end}"


def span(starts_at: datetime | str, ends_at: datetime | str | None) -> str:
    """``09.00–12.00``; an open end is ``19.30–selesai``."""
    return f"{clock(starts_at)}–{clock(ends_at) if ends_at else 'selesai'}"


def span_on(
    starts_at: datetime | str, ends_at: datetime | str | None, day: date
) -> str:
    """Among the lines of one day: ``22.00–Rab 02.00``, on the next ``00.00–02.00``."""
    return f"{begin_on(starts_at, day)}–{end_on(ends_at, day)}"


def whole_days(starts_at: datetime | str, ends_at: datetime | str) -> str:
    """``Kamis, 26 November 2026, sepanjang hari``, of several days first and last."""
    first = day_of(starts_at)
    last = day_of(ends_at) - timedelta(days=1)
    if first == last:
        return f"{day_long(first)}, sepanjang hari"
    return f"{day_long(first)} – {day_long(last)}, sepanjang hari"


def hours_on(row: dict[str, Any], day: date) -> str:
    """`span_on` of an activity; one of whole days has no hours."""
    if row.get("all_day"):
        return "Sepanjang hari"
    return span_on(row["starts_at"], row["ends_at"], day)


def begin_on(starts_at: datetime | str, day: date) -> str:
    """When it begins on this day; what has begun before is there from its start."""
    return clock(starts_at) if day_of(starts_at) >= day else "00.00"


def end_on(ends_at: datetime | str | None, day: date) -> str:
    """When it ends, with the day if that is a later one."""
    if ends_at is None:
        return "selesai"
    last = day_of(ends_at)
    if last <= day:
        return clock(ends_at)
    if last == day + timedelta(days=1) and clock(ends_at) == "00.00":
        return "24.00"
    return f"{DAYS_SHORT[last.weekday()]} {clock(ends_at)}"


def span_day(
    starts_at: datetime | str, ends_at: datetime | str | None, now: datetime
) -> str:
    """``Kam, 26 Nov 09.00–12.00``; over midnight both days are named."""
    if ends_at and day_of(ends_at) != day_of(starts_at):
        return f"{moment(starts_at, now)} – {moment(ends_at, now)}"
    return f"{day_word(starts_at, now)} {span(starts_at, ends_at)}"


def duration(length: timedelta) -> str:
    """``25 menit``, ``1 jam 25 menit``, ``9 jam``, from two days on ``4 hari``."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} hari"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} menit"
    # Above two hours the minutes say nothing anybody acts on.
    return f"{hours} jam {rest} menit" if rest and hours < 2 else f"{hours} jam"


def between(starts_at: datetime | str, ends_at: datetime | str) -> str:
    """How long from the one to the other."""
    return duration(instant(ends_at) - instant(starts_at))


def number(value: int) -> str:
    """``1.204``"""
    return f"{value:,}".replace(",", ".")


def size(octets: int) -> str:
    """``168 kB``, ``2,4 MB``"""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} kB"
    return f"{octets / 1_000_000:.1f} MB".replace(".", ",")


def join(names: list[str]) -> str:
    """``a``, ``a dan b``, ``a, b, dan c``"""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"


def sentence(text: str) -> str:
    """At the end of a line; an abbreviation brings its own full stop."""
    return text if not text or text.endswith(".") else f"{text}."


def first_upper(text: str) -> str:
    """At the start of a line; names inside keep their capitals."""
    return text[:1].upper() + text[1:]
