"""An activity moved on the board: who must be free, and what is in the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.portal import agenda, forms, words

Row = dict[str, Any]
OPEN = ("proposed", "tentative", "confirmed")
GONE = ("not_attending", "represented")
LOCAL = "%Y-%m-%d %H:%M"


def may_move(activity: Row) -> bool:
    """Whether its block can be taken: mine to change, and not over."""
    return "update" in activity.get("allowed", ()) and activity["state"] in OPEN


def rows_of(activity: Row) -> list[str]:
    """Offices and rooms it stands in on the board."""
    lines = [line["position_id"] for line in activity["participants"]]
    return [*lines, *(room["resource_id"] for room in activity["resources"])]


def moved_to(activity: Row, begins: datetime) -> tuple[str, str | None]:
    """Start and end as long as it is; an open end stays open."""
    if not activity["ends_at"]:
        return begins.isoformat(), None
    length = agenda.ends(activity) - agenda.starts(activity)
    return begins.isoformat(), (begins + length).isoformat()


def check_of(activity: Row, begins: str, ends: str | None) -> Row:
    """Request of ``POST /conflict-checks`` for whoever it binds."""
    body = {
        "starts_at": begins,
        "ends_at": ends,
        "kind": activity["kind"],
        "position_ids": [
            line["position_id"] for line in activity["participants"] if _binds(line)
        ],
        "resource_ids": [room["resource_id"] for room in activity["resources"]],
        "exclude_activity_id": activity["activity_id"],
        "travel_minutes_before": activity.get("travel_minutes_before"),
        "travel_minutes_after": activity.get("travel_minutes_after"),
    }
    return forms.without_empty(body)


def _binds(line: Row) -> bool:
    if line["response"] in GONE:
        return False
    return bool(line["role"] != "invited" or line["response"] == "attending")


def asks_somebody(body: Row) -> bool:
    """Without anybody who binds there is nothing to ask."""
    return bool(body.get("position_ids") or body.get("resource_ids"))


def busy_spans(conflicts: list[Row], until: datetime) -> list[Row]:
    """What the board marks while a block is held: row, times, words."""
    return [
        {
            "row": clash.get("position_id") or clash.get("resource_id"),
            "start": words.instant(clash["starts_at"]).strftime(LOCAL),
            "end": words.instant(clash["ends_at"] or until).strftime(LOCAL),
            "said": said_of(clash),
        }
        for clash in conflicts
    ]


def said_of(clash: Row) -> str:
    """``Bupati: Rapat Paripurna, 09.00–12.00``"""
    when = words.span(clash["starts_at"], clash["ends_at"])
    return f"{clash['name']}: {clash['activity_title']}, {when}"


def closed_names(activity: Row, closed: list[str]) -> list[str]:
    """Rooms that are not lent at that time."""
    return [
        room["name"] for room in activity["resources"] if room["resource_id"] in closed
    ]
