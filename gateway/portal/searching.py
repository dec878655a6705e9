"""The list of letters as a value: words, box and filters, out of the address and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gateway.portal import labels, words

BOXES = {"masuk": "inbox", "unit": "unit", "tercatat": "registered", "semua": "all"}
BOX_TITLES = {
    "masuk": "Untuk saya",
    "unit": "Unit saya",
    "tercatat": "Saya catat",
    "semua": "Semua",
}
STATES = {
    "baru": ("registered", "Tercatat"),
    "berjalan": ("under_disposition", "Dalam disposisi"),
    "selesai": ("completed", "Selesai"),
    "ditutup": ("closed", "Ditutup"),
    "batal": ("void", "Dibatalkan"),
}
RUNNING = ("baru", "berjalan")
# Parameter of the page → parameter of the API.
_SENT = {
    "jenis": "kind",
    "urgensi": "urgency",
    "sifat": "secrecy",
    "unit": "unit_id",
    "dari": "from",
    "sampai": "to",
}
LONGEST = 200


@dataclass(frozen=True)
class Search:
    """What is looked for; `filters` maps a parameter of the page to its value."""

    text: str = ""
    box: str = "masuk"
    filters: Mapping[str, str] = field(default_factory=dict)
    more: str | None = None

    def sent(self) -> dict[str, Any]:
        """Query of ``GET /letters``."""
        state = STATES.get(self.filters.get("keadaan", ""))
        asked = {
            "box": BOXES[self.box],
            "q": self.text or None,
            "state": state[0] if state else None,
            "cursor": self.more,
            "limit": 50,
            **{to: self.filters.get(name) for name, to in _SENT.items()},
        }
        return {name: value for name, value in asked.items() if value}

    def link(self, **changes: str | None) -> str:
        """Address of this list with some of it changed; pages start anew."""
        kept: dict[str, str | None] = {
            "q": self.text,
            "kotak": self.box,
            **self.filters,
            **changes,
        }
        sent = {name: value for name, value in kept.items() if value}
        usual = "semua" if sent.get("q") else "masuk"
        if sent.get("kotak") == usual:
            del sent["kotak"]
        return f"/surat?{urlencode(sent)}" if sent else "/surat"


def asked_for(query: Mapping[str, str], kinds: set[str], units: set[str]) -> Search:
    """Of the address; what nobody knows is left out. Words look everywhere."""
    text = " ".join(query.get("q", "").split())[:LONGEST]
    usual = "semua" if text else "masuk"
    box = query.get("kotak", usual)
    known: dict[str, Any] = {
        "keadaan": STATES,
        "jenis": kinds,
        "urgensi": labels.URGENCIES,
        "sifat": labels.SECRECIES,
        "unit": units,
    }
    filters = {
        name: query[name] for name, all_of in known.items() if query.get(name) in all_of
    }
    days = {name: query[name] for name in ("dari", "sampai") if _is_day(query, name)}
    return Search(
        text,
        box if box in BOXES else usual,
        {**filters, **days},
        query.get("lanjut"),
    )


def _is_day(query: Mapping[str, str], name: str) -> bool:
    """As a date field writes it: the service takes no other form."""
    text = query.get(name, "")
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Chip(NamedTuple):
    """A filter that is on, and the address without it."""

    text: str
    without: str


def rare_chips(
    search: Search, kinds: Mapping[str, str], units: Mapping[str, str]
) -> list[Chip]:
    """Filters chosen in the form; those of state and box are chips of their own."""
    names: dict[str, Callable[[str], str]] = {
        "jenis": lambda code: f"Jenis: {kinds[code]}",
        "urgensi": lambda code: f"Urgensi: {labels.URGENCIES[code][0].lower()}",
        "sifat": lambda code: f"Sifat: {labels.SECRECIES[code].lower()}",
        "unit": lambda code: units[code],
        "dari": lambda day: f"Sejak {words.day_short(day)}",
        "sampai": lambda day: f"Sampai {words.day_short(day)}",
    }
    return [
        Chip(name_of(search.filters[name]), search.link(**{name: None}))
        for name, name_of in names.items()
        if name in search.filters
    ]


class Nothing(NamedTuple):
    """An empty list: what that means, and the nearest question that has answers."""

    icon: str
    title: str
    text: str
    link: str = ""
    link_text: str = ""


def nothing(search: Search) -> Nothing:
    """No match, all done, or nothing yet."""
    if search.text:
        return _no_match(search)
    rare = set(search.filters) - {"keadaan"}
    if search.filters.get("keadaan") in RUNNING and not rare:
        return Nothing(
            "check",
            "Tidak ada yang berjalan",
            "Semua surat di sini sudah selesai ditangani.",
        )
    if search.filters:
        return Nothing(
            "filter",
            "Tidak ada di saringan ini",
            "Hapus sebagian saringan untuk melihat surat yang lain.",
            f"/surat?kotak={search.box}",
            "Hapus semua saringan",
        )
    return Nothing(
        "mail",
        "Belum ada surat di sini",
        "Surat yang dicatat atau didisposisi kepada Anda muncul di sini.",
    )


def _no_match(search: Search) -> Nothing:
    title = f"Tidak ada yang cocok dengan “{search.text}”"
    everywhere = Search(search.text, "semua")
    if search.filters or search.box != "semua":
        text = "Saringan yang dipakai mungkin terlalu sempit."
        return Nothing("search", title, text, everywhere.link(), "Cari di semua surat")
    first = max(search.text.split(), key=len)
    if first != search.text:
        text = "Coba satu kata saja, nomor surat, atau nama pengirim."
        link = Search(first, "semua").link()
        return Nothing("search", title, text, link, f"Cari “{first}”")
    text = "Periksa ejaannya, atau coba nomor surat dan nama pengirim."
    return Nothing("search", title, text, "/surat?kotak=semua", "Tampilkan semua")


class Part(NamedTuple):
    """A piece of a line, and whether it is one of the words looked for."""

    text: str
    found: bool = False


def marked(line: str, text: str) -> list[Part]:
    """The line with the words looked for marked in it."""
    needed = [re.escape(word) for word in text.split() if len(word) > 1]
    if not needed:
        return [Part(line)]
    pieces = re.split(f"({'|'.join(needed)})", line, flags=re.IGNORECASE)
    return [Part(text, n % 2 == 1) for n, text in enumerate(pieces) if text]
