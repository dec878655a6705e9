"""Indonesian words of printed documents: dates, counts, grades."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from contracts.letters import Secrecy, Urgency

WITA = timezone(timedelta(hours=8), "WITA")

_MONTHS = [
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
]
_UNITS = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]
SECRECY_CODES = {
    Secrecy.BIASA: "B",
    Secrecy.TERBATAS: "T",
    Secrecy.RAHASIA: "R",
    Secrecy.SANGAT_RAHASIA: "SR",
}
_SECRECIES = {
    Secrecy.TERBATAS: "Terbatas",
    Secrecy.RAHASIA: "Rahasia",
    Secrecy.SANGAT_RAHASIA: "Sangat Rahasia",
}
_URGENCIES = {
    Urgency.AMAT_SEGERA: "Amat Segera",
    Urgency.SEGERA: "Segera",
    Urgency.PENTING: "Penting",
}


def long_date(day: date | None) -> str:
    """``20 November 2026``; dots to write on when there is no date yet."""
    if day is None:
        return "…………………………"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date | None) -> str:
    return day.strftime("%d-%m-%Y") if day else ""


def moment(at: datetime) -> str:
    """``23 November 2026, 09.10 WITA``."""
    local = at.astimezone(WITA)
    return f"{long_date(local.date())}, {local:%H.%M} WITA"


def count_in_words(count: int) -> str:
    """``12`` is ``dua belas``; from a hundred on, figures."""
    if count < len(_UNITS):
        return _UNITS[count]
    if count < 20:
        return f"{_UNITS[count - 10]} belas"
    if count < 100:
        tens, rest = divmod(count, 10)
        return f"{_UNITS[tens]} puluh" + (f" {_UNITS[rest]}" if rest else "")
    return str(count)


def attachments(count: int) -> str:
    return f"{count} ({count_in_words(count)}) berkas" if count else "-"


def nature(urgency: Urgency, secrecy: Secrecy) -> str:
    """The line *Sifat*: secrecy first, then urgency, or plain *Biasa*."""
    given = (_SECRECIES.get(secrecy), _URGENCIES.get(urgency))
    return ", ".join(word for word in given if word) or "Biasa"
