"""The ways out of a collision the monitor suggests, as links to forms filled with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from gateway.portal import words

Row = dict[str, Any]

INPUT: Final = "%Y-%m-%dT%H:%M"
HIDDEN: Final = "sibuk"
"""The title of what the reader may not know: he has no form of it either."""


class Way(NamedTuple):
    """`verb` is short and the same on every row; `said` names the time or office.

    One that is not `open` has no form for the reader; `asked` is the office that may.
    """

    glyph: str
    verb: str
    said: str
    link: str
    open: bool = True
    asked: str | None = None


def ways(line: Row, now: datetime) -> list[Way]:
    """Gentlest first, as the schedule gives them."""
    known = {"move": _move, "represent": _represent, "shorten": _shorten}
    return [
        known[found["act"]](line, found, now)._replace(
            open=found["allowed"], asked=found["ask_position_id"]
        )
        for found in line["suggestions"]
        if found["act"] in known
    ]


def may_open(line: Row) -> bool:
    return bool(line["activity_title"] != HIDDEN)


def _move(line: Row, found: Row, now: datetime) -> Way:
    when = words.span_day(found["starts_at"], found["ends_at"], now)
    ends = found["ends_at"] if line["ends_at"] else None  # an open end stays open
    link = _times(line, found["starts_at"], ends)
    return Way("calendar", "Pindahkan", f"ke {when}", link)


def _shorten(line: Row, found: Row, now: datetime) -> Way:
    when = words.span(found["starts_at"], found["ends_at"])
    link = _times(line, found["starts_at"], found["ends_at"])
    return Way("clock", "Singkatkan", f"jadi {when}", link)


def _represent(line: Row, found: Row, now: datetime) -> Way:
    asked = {"untuk": line["position_id"], "wakil": found["position_id"]}
    anchor = f"wakil-{line['position_id']}"
    link = f"/kegiatan/{line['activity_id']}?{urlencode(asked)}#{anchor}"
    return Way("represent", "Wakilkan", f"kepada {found['name']}", link)


def _times(line: Row, starts_at: str, ends_at: str | None) -> str:
    ends = words.instant(ends_at).strftime(INPUT) if ends_at else ""
    asked = {"mulai": words.instant(starts_at).strftime(INPUT), "selesai": ends}
    return f"/kegiatan/{line['activity_id']}/waktu?{urlencode(asked)}"


def suggested(asked: Mapping[str, str]) -> dict[str, str]:
    """Times of such a link, for the form; nothing of what is no time."""
    try:
        begins = datetime.fromisoformat(asked["mulai"])
        ends = datetime.fromisoformat(asked["selesai"]) if asked["selesai"] else None
    except (KeyError, ValueError):
        return {}
    return {
        "mulai": begins.strftime(INPUT),
        "selesai": ends.strftime(INPUT) if ends else "",
    }
