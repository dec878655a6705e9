"""Letters as a careful clerk would keep them by hand: plain rows, nothing of the service.

Offices go by their codes. Who stands above whom, and whose letters go to which register,
is read from the demo's lists; who holds what office now is said by `Chairs`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.unit.letters.offices import DEMO

SECRECIES = ("biasa", "terbatas", "rahasia", "sangat_rahasia")
AT_WORK = ("sent", "read", "in_progress")
OPEN = (*AT_WORK, "reported")
WORK = ("handle", "represent", "coordinate")


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


_UNITS = {row["code"]: row for row in _rows("units")}
OFFICES = {row["code"]: row for row in _rows("positions")}
REGISTER = {
    code: _UNITS[row["unit_code"]]["register_unit_code"]
    for code, row in OFFICES.items()
}


def above(code: str) -> list[str]:
    upper = OFFICES[code]["reports_to"]
    return [upper, *above(upper)] if upper else []


def registrars(code: str) -> set[str]:
    """Of the register in which this office's letters are entered."""
    return {
        other
        for other, row in OFFICES.items()
        if row["duty"] == "registrar" and REGISTER[other] == REGISTER[code]
    }


@dataclass
class Slip:
    """A task. `due` and `key` are what the service said."""

    who: str
    role: str
    state: str = "sent"
    giver: str | None = None
    parent: Slip | None = None
    of_disposition: bool = False
    reported_on: bool = False
    due: datetime | None = None
    key: str = ""

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def blocks(self) -> bool:
        return self.open and self.role in WORK


@dataclass
class Sheet:
    """A letter. `told`: every act in order, as (action, key of the task, silent)."""

    key: str
    secrecy: str
    addressees: list[str]
    copies: list[str]
    registrar: str = "tu.setda"
    state: str = "registered"
    acted: bool = False
    slips: list[Slip] = field(default_factory=list)
    told: list[tuple[str, Slip | None, bool]] = field(default_factory=list)
    viewed: int = 0
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    paper: str = "tu.setda"
    paper_to: tuple[str, str] | None = None  # to whom, and the handover's id
    reminded: set[tuple[str, str]] = field(default_factory=set)

    @property
    def rank(self) -> int:
        return SECRECIES.index(self.secrecy)

    @property
    def chain(self) -> set[str]:
        return {self.registrar, *(slip.who for slip in self.slips)}

    @property
    def visible_to(self) -> set[str]:
        found = set(self.chain)
        if self.rank == 0:
            found |= {upper for one in self.chain for upper in above(one)}
        if self.rank <= 1:
            found |= {one for member in self.chain for one in registrars(member)}
        return found

    def below(self, slip: Slip) -> list[Slip]:
        return [one for one in self.slips if one.parent is slip]

    def all_below(self, slip: Slip) -> list[Slip]:
        return [x for one in self.below(slip) for x in (one, *self.all_below(one))]

    def blocked(self, slip: Slip) -> bool:
        return any(one.blocks for one in self.below(slip))

    def list_of(self, slip: Slip) -> str | None:
        if slip.role == "inform":
            gone = slip.state in ("withdrawn", "cancelled", "returned")
            return None if gone else "informed"
        if not slip.open:
            return None
        if slip.role == "coordinate":
            return "must_coordinate"
        return "following" if self.blocked(slip) else "must_handle"

    def waits_for(self, slip: Slip) -> str | None:
        if not slip.open:
            return None
        if slip.state == "reported":
            return slip.giver
        under = [one for one in self.below(slip) if one.blocks]
        if not under:
            return slip.who
        under.sort(key=lambda one: (one.due is None, one.due, one.key))
        return self.waits_for(under[0])


@dataclass(frozen=True)
class Chairs:
    """Asisten 1 may be Plh of the Sekda, both leaders' aides may have been lent to."""

    plh: bool = False
    lent: bool = False

    def held(self, who: str) -> dict[str, tuple[str, int, bool]]:
        """Office -> right, the most secret he reads, whether of the chain only."""
        found = {who: ("act", 3, False)}
        if self.plh and who == "asisten.1":
            found["sekda"] = ("act", 3, False)
        if self.lent and who == "sespri.sekda":
            found["sekda"] = ("prepare", 1, True)
        if self.lent and who == "ajudan.bupati":
            found["bupati"] = ("act", 2, True)
        return found

    def sees(self, who: str, sheet: Sheet) -> bool:
        return any(
            sheet.rank <= most and office in (sheet.chain if bound else seen)
            for seen in [sheet.visible_to]
            for office, (_, most, bound) in self.held(who).items()
        )

    def wrong_chair(
        self, who: str, office: str | None, sheet: Sheet, right: str = "act"
    ) -> set[str]:
        """Why he may not do it as this office; nothing: he may."""
        held = self.held(who).get(office or "")
        if held is None or sheet.rank > held[1]:
            return {"position_not_held"}
        enough = held[0] == "act" or right == "prepare"
        return set() if enough else {"forbidden"}

    def chair_among(self, who: str, some: Iterable[str], sheet: Sheet) -> str | None:
        wanted = set(some)
        return next(
            (
                office
                for office in self.held(who)
                if office in wanted and not self.wrong_chair(who, office, sheet)
            ),
            None,
        )


def may_give(giver: str, holding: str, to: str, role: str) -> bool:
    if holding == "inform" and role != "inform":
        return False
    base = "bupati" if giver == "wabup" else giver
    if base in above(to):
        return to != giver
    apart = to not in above(giver) and giver not in above(to)
    not_higher = int(OFFICES[to]["level"]) >= int(OFFICES[giver]["level"])
    return role in ("coordinate", "inform") and apart and not_higher
