"""Requests for a slot as pages show them: how one stands, who may do what about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from gateway.portal import words
from gateway.portal.status import Mark
from gateway.portal.visitor import Visitor

Row = dict[str, Any]

STATES = {
    "open": Mark("st-sent", "Menunggu jawaban"),
    "offered": Mark("st-fwd", "Waktu lain ditawarkan", "soon"),
    "accepted": Mark("st-done", "Diterima", "done"),
    "refused": Mark("st-void", "Ditolak"),
    "expired": Mark("st-late", "Lewat waktunya", "late"),
    "postponed": Mark("st-back", "Ditunda"),
    "withdrawn": Mark("st-void", "Ditarik"),
}
_WAITING = ("open", "offered")


class Choices(NamedTuple):
    """What the visitor may answer; the service has the last word."""

    accept: bool = False
    change: bool = False  # move or refuse


def choices(found: Row, visitor: Visitor) -> Choices:
    """Of a keeper, and of who asked once another time is offered."""
    if found["state"] not in _WAITING:
        return Choices()
    kept = kept_lines(found) + kept_things(found)
    waiting = [*found["waiting_for"], *found["waiting_for_resources"]]
    asked, offered = is_mine(found, visitor), found["state"] == "offered"
    silent = any(key in waiting for key in kept)
    accept = silent or (asked and offered and not waiting)
    # Who only asked takes it back on the page of the activity.
    return Choices(accept, bool(kept) and (not asked or accept))


def kept_lines(found: Row) -> list[str]:
    """Offices in it whose time the visitor keeps."""
    return [
        line["position_id"]
        for line in found["activity"]["participants"]
        if line["kept_by_me"] and line["role"] != "invited"
    ]


def kept_things(found: Row) -> list[str]:
    """Rooms and vehicles the visitor lends, where they alone are asked for."""
    activity = found["activity"]
    if any(line["role"] != "invited" for line in activity["participants"]):
        return []
    return [row["resource_id"] for row in activity["resources"] if row["kept_by_me"]]


def waiting_things(found: Row) -> list[str]:
    """Names of those whose keepers have not answered."""
    return [
        row["name"]
        for row in found["activity"]["resources"]
        if row["resource_id"] in found["waiting_for_resources"]
    ]


def is_mine(found: Row, visitor: Visitor) -> bool:
    """Whether the visitor, or an office he holds, asked."""
    by = found["activity"].get("created_by") or {}
    person, position = by.get("person") or {}, by.get("position") or {}
    is_me = person.get("person_id") == visitor.me["person"]["person_id"]
    return is_me or visitor.holds(position.get("position_id"))


def asker(found: Row) -> str:
    """``Kepala Dinas Kominfo``; of an application its name."""
    by = found["activity"].get("created_by") or {}
    for name, key in (("position", "title"), ("client", "name"), ("person", "name")):
        if by.get(name):
            return str(by[name][key])
    return str(found["activity"]["organiser_unit_name"])


def is_moved(found: Row) -> bool:
    """Whether it stands at another time than was asked for."""
    activity = found["activity"]
    asked = found["asked_starts_at"], found["asked_ends_at"]
    return _instants(*asked) != _instants(activity["starts_at"], activity["ends_at"])


def _instants(*moments: str | None) -> list[datetime | None]:
    return [words.instant(moment) if moment else None for moment in moments]


def lasts_days(activity: Row) -> bool:
    """Then the form of another time asks for the last day too."""
    ends = activity["ends_at"]
    return bool(ends) and words.day_of(ends) != words.day_of(activity["starts_at"])
