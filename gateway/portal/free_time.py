"""The search for a time that suits all: the form as a value, and the bands of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from multidict import MultiMapping

from contracts.codec import ZONE
from gateway.portal import agenda, words
from gateway.portal.offices import Offices

Row = dict[str, Any]

LENGTHS = {"60": "1 jam", "90": "1,5 jam", "120": "2 jam", "180": "3 jam"}
FIRST_HOUR, LAST_HOUR = 8, 17
HOURS = (8, 11, 14, 17)
AHEAD = timedelta(days=6)
MOST, SHOWN = 200, 12
ERROR_FIELDS = {"/from": "dari", "/to": "sampai", "/position_ids": "peserta"}


@dataclass
class Wish:
    """What the form holds; it travels in the address."""

    offices: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    minutes: str = "120"
    first: str = ""
    last: str = ""
    office_hours: bool = True
    needle: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.offices or self.resources)

    def query(self) -> Row:
        """For ``list_free_slots``."""
        return {
            "position_ids": self.offices,
            "resource_ids": self.resources,
            "from": self.first,
            "to": self.last,
            "duration_minutes": int(self.minutes),
            "working_hours": self.office_hours,
            "limit": MOST,
        }


@dataclass(frozen=True)
class Bar:
    """A taken stretch of a row, in percent of the shown hours."""

    x: float
    width: float
    binds: bool
    words: str


def wish_of(
    asked: MultiMapping[str], known: Offices, mine: str | None, today: date
) -> Wish:
    """The form as sent; at first my own office within a week from today."""
    offices = dict.fromkeys(asked.getall("peserta", []))
    if not asked and mine:
        offices = {mine: None}
    length = asked.get("lama", "120")
    return Wish(
        offices=[
            key for key in offices if known.get(key) and key != asked.get("hapus")
        ],
        resources=[key for key in asked.getall("ruang", []) if key],
        minutes=length if length in LENGTHS else "120",
        first=asked.get("dari") or today.isoformat(),
        last=asked.get("sampai") or (today + AHEAD).isoformat(),
        office_hours="jam" in asked or "lama" not in asked,
        needle=asked.get("cari", "").strip()[:100],
    )


def said_range(wish: Wish) -> str:
    """``24–30 November 2026``; of what is no date, as it was typed."""
    try:
        first, last = date.fromisoformat(wish.first), date.fromisoformat(wish.last)
    except ValueError:
        return f"{wish.first} – {wish.last}"
    return words.days_between(first, last)


def apart(slots: Iterable[Row]) -> list[Row]:
    """Of slots that overlap the first: half an hour later is no other choice."""
    kept: list[Row] = []
    for slot in slots:
        begins = words.instant(slot["starts_at"])
        if not kept or begins >= words.instant(kept[-1]["ends_at"]):
            kept.append(slot)
    return kept[:SHOWN]


def address(wish: Wish, slot: Row) -> str:
    """The form of a new activity, filled in for this time."""
    begins, ends = words.instant(slot["starts_at"]), words.instant(slot["ends_at"])
    fields = [
        ("tanggal", begins.date().isoformat()),
        ("mulai", begins.strftime("%H:%M")),
        ("selesai", ends.strftime("%H:%M")),
        *(("peserta", key) for key in wish.offices),
        *(("ruang", key) for key in wish.resources),
    ]
    return f"/kegiatan/baru?{urlencode(fields)}"


def keys_of(known: Offices, position_id: str) -> frozenset[str]:
    """The office and who holds it: he may sit somewhere for another office."""
    holder = (known.get(position_id) or {}).get("holder") or {}
    return frozenset({position_id, holder.get("person_id", position_id)})


def bars(activities: list[Row], keys: Iterable[str], day: date) -> list[Bar]:
    """What takes the time of this person, room or vehicle that day."""
    found = []
    for row in agenda.on_day(activities, day):
        standings = _standings(row, frozenset(keys))
        if standings:
            place = stretch(agenda.starts(row), agenda.ends(row), day)
            said = words.span(row["starts_at"], row["assumed_ends_at"])
            found.append(Bar(*place, "binding" in standings, said))
    return found


def _standings(activity: Row, keys: frozenset[str]) -> set[str]:
    """How the lines of `keys` stand; those that claim no time have no standing."""
    people = {
        line["standing"]
        for line in activity["participants"]
        if keys & {line["position_id"], (line["person"] or {}).get("person_id")}
    }
    things = {
        line["standing"]
        for line in activity["resources"]
        if line["resource_id"] in keys
    }
    return {standing for standing in people | things if standing}


def stretch(begins: datetime, ends: datetime, day: date) -> tuple[float, float]:
    """Beginning and width in percent of the shown hours, cut to them."""
    first = datetime.combine(day, time(FIRST_HOUR), ZONE)
    whole = timedelta(hours=LAST_HOUR - FIRST_HOUR)
    start, stop = (
        min(max((at - first) / whole * 100, 0.0), 100.0) for at in (begins, ends)
    )
    return round(start, 1), round(stop - start, 1)
