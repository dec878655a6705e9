"""All positions and units by id: titles for pages, the tree for pickers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from gateway.client import Client, RequestContext
from gateway.portal.memory import Memory

Row = dict[str, Any]


@dataclass(frozen=True)
class Offices:
    """The organisation as the portal needs it; answers of ``GET /positions``."""

    positions: dict[str, Row]
    units: dict[str, Row]
    below: dict[str, list[Row]] = field(default_factory=dict)

    def get(self, position_id: str | None) -> Row | None:
        return self.positions.get(position_id or "")

    def title(self, position_id: str | None) -> str:
        """Full title; an office that is gone is still called something."""
        found = self.get(position_id)
        return found["title"] if found else "Jabatan lama"

    def short(self, position_id: str | None) -> str:
        found = self.get(position_id)
        return (found["short_title"] or found["title"]) if found else "Jabatan lama"

    def subordinates(self, position_id: str | None) -> list[Row]:
        """Direct ones, in order of rank."""
        return self.below.get(position_id or "", [])

    def is_above(self, upper: str, lower: str) -> bool:
        """Whether `upper` stands over `lower` in the tree of authority."""
        found = self.get(lower)
        while found and found["reports_to"]:
            if found["reports_to"] == upper:
                return True
            found = self.get(found["reports_to"])
        return False

    def may_order(self, giver: str, recipient: str) -> bool:
        """Down the subtree; a deputy has the authority of the one above it."""
        row = self.get(giver)
        if self.is_above(giver, recipient):
            return True
        if not row or row["duty"] != "deputy" or not row["reports_to"]:
            return False
        return recipient != giver and self.is_above(row["reports_to"], recipient)

    def search(self, text: str) -> list[Row]:
        """Positions whose title, short title, unit or code has every word.

        Those that say so in their own title first, then by rank.
        """
        needed = text.casefold().split()
        found = [row for row in self.positions.values() if _matches(row, needed)]
        return sorted(found, key=lambda row: _closeness(row, needed))


def _matches(row: Row, needed: list[str]) -> bool:
    parts = (row["title"], row["short_title"], row["unit_name"], row["code"])
    text = " ".join(part or "" for part in parts).casefold()
    return all(word in text for word in needed)


def _closeness(row: Row, needed: list[str]) -> tuple[bool, int, str]:
    title = row["title"].casefold()
    return not all(word in title for word in needed), row["level"], row["title"]


MEMORY: web.AppKey[Memory[Offices]] = web.AppKey("portal_offices", Memory)


async def offices(
    request: web.Request, client: Client, asker: RequestContext
) -> Offices:
    """The organisation, at most fifteen seconds old."""

    async def load() -> Offices:
        return _build(
            await _all(client, asker, "list_positions"),
            await _all(client, asker, "list_units"),
        )

    return await request.app[MEMORY].get("all", load)


async def _all(client: Client, asker: RequestContext, method: str) -> list[Row]:
    rows: list[Row] = []
    cursor: str | None = None
    while True:
        query = {"limit": 200, "cursor": cursor}
        page = await client.call(asker, "directory", method, query=query)
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return rows


def _build(positions: list[Row], units: list[Row]) -> Offices:
    below: dict[str, list[Row]] = {}
    for row in sorted(positions, key=lambda row: (row["level"], row["title"])):
        if row["reports_to"]:
            below.setdefault(row["reports_to"], []).append(row)
    return Offices(
        positions={row["position_id"]: row for row in positions},
        units={row["unit_id"]: row for row in units},
        below=below,
    )
