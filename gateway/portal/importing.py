"""The import of a calendar file as pages show it: the form, and what became of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from gateway.calendar_files import LIMIT, too_large
from gateway.portal import words
from gateway.portal.feeds import Wish, wish_of
from gateway.portal.status import Mark

Row = dict[str, Any]

SHOWN: Final = 200
# What the file itself is wrong about is said at the file.
ERROR_FIELDS: Final = {
    "/position_id": "untuk",
    **dict.fromkeys(("/uid", "/tzid", "/rrule", "/vtimezone", "/dtstart"), "ics"),
}
MARKS: Final = {
    "created": Mark("st-done", "Dimasukkan", "done"),
    "updated": Mark("st-work", "Diubah", "work"),
    "cancelled": Mark("st-void", "Dibatalkan"),
    "clash": Mark("st-clash", "Bentrok, tidak dimasukkan", "late"),
    "invalid": Mark("st-late", "Tidak terbaca, tidak dimasukkan", "late"),
    "skipped": Mark("st-back", "Dilewati"),
    "unchanged": Mark("st-read", "Sudah ada, tidak berubah"),
}
COMING: Final = {
    **MARKS,
    "created": Mark("st-sent", "Akan dimasukkan", "work"),
    "updated": Mark("st-work", "Akan diubah", "work"),
    "cancelled": Mark("st-void", "Akan dibatalkan"),
    "clash": Mark("st-clash", "Bentrok, tidak akan dimasukkan", "late"),
    "invalid": Mark("st-late", "Tidak terbaca, tidak akan dimasukkan", "late"),
}
_ORDER: Final = list(MARKS)
_FIRST: Final = ("clash", "invalid", "skipped")


@dataclass(frozen=True)
class File:
    """What the form holds: whose calendar, and the text of the file."""

    wish: Wish
    content: str = ""

    @property
    def position_id(self) -> str:
        """Empty while no office is chosen."""
        kind, _, key = self.wish.target.partition(":")
        return key if kind == "jabatan" else ""

    def require_small(self) -> None:
        """Raises: TooLarge."""
        if len(self.content.encode()) > LIMIT:
            raise too_large()


class Count(NamedTuple):
    mark: Mark
    events: int


def file_of(fields: Mapping[str, str]) -> File:
    return File(wish_of(fields), fields.get("ics", ""))


def marks_of(report: Row) -> dict[str, Mark]:
    """A dry look speaks of what is to come."""
    return COMING if report["dry_run"] else MARKS


def cut_short(report: Row) -> list[Row]:
    """One row of each event that goes on after what was read."""
    first: dict[str, Row] = {}
    for row in report["items"]:
        if row.get("read_until"):
            first.setdefault(row["uid"], row)
    return list(first.values())


def counts(report: Row) -> list[Count]:
    """How many events came to what, those that did first."""
    marks = marks_of(report)
    return [
        Count(marks[outcome], report["counts"].get(outcome, 0))
        for outcome in _ORDER
        if report["counts"].get(outcome)
    ]


def to_change(report: Row) -> int:
    """Events an import would store, change or call off."""
    changing = ("created", "updated", "cancelled")
    return sum(report["counts"].get(outcome, 0) for outcome in changing)


def shown(report: Row) -> list[Row]:
    """What was left out first: it is what somebody must look at."""
    rows = report["items"]
    left_out = [row for row in rows if row["outcome"] in _FIRST]
    taken = [row for row in rows if row["outcome"] not in _FIRST]
    return [*left_out, *taken][:SHOWN]


def reason(row: Row) -> str:
    """Why an event was left out, in one sentence; empty when there is nothing to say."""
    if row["conflicts"]:
        clash = row["conflicts"][0]
        more = len(row["conflicts"]) - 1
        rest = f", dan {more} lagi" if more else ""
        when = words.span(clash["starts_at"], clash["ends_at"])
        return f"Bentrok dengan {clash['activity_title']}, {when}{rest}."
    return words.sentence(row["reason"]) if row["reason"] else ""
