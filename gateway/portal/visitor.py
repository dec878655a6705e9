"""Who looks at the page: a person, the offices held, the one he acts as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gateway import csrf
from gateway.client import RequestContext
from gateway.portal import labels


@dataclass(frozen=True)
class Visitor:
    """One request of a logged-in person; `me` is the answer of ``GET /me``."""

    context: RequestContext
    secret: str  # of the session; keys the CSRF tokens
    me: dict[str, Any]
    acting: dict[str, Any] | None

    @property
    def positions(self) -> list[dict[str, Any]]:
        """Offices held or delegated today, the primary one first."""
        found: list[dict[str, Any]] = self.me["positions"]
        return found

    @property
    def counters(self) -> dict[str, int | None]:
        """Numbers of the page chrome; None while their service is away."""
        found: dict[str, int | None] = self.me.get("counters") or {}
        return found

    @property
    def position_id(self) -> str | None:
        """The office acted as."""
        return self.acting["position_id"] if self.acting else None

    @property
    def acting_title(self) -> str:
        """``Plh. Sekretaris Daerah``; a definitive holder has no prefix."""
        return title_of(self.acting) if self.acting else self.me["person"]["name"]

    def holds(self, position_id: str | None) -> bool:
        """Whether the visitor may act as this office."""
        return any(held["position_id"] == position_id for held in self.positions)

    def rights(self, position_id: str) -> frozenset[str]:
        """What the visitor may do for this office: read, prepare, act."""
        for held in self.positions:
            if held["position_id"] == position_id:
                return frozenset(held["rights"])
        return frozenset()

    @property
    def registers(self) -> bool:
        """Whether one of the offices registers letters."""
        return any(held.get("duty") == "registrar" for held in self.positions)

    @property
    def administers(self) -> str | None:
        """The office that administers the organisation, when it is held, not lent."""
        lent = ("delegate", "aide")
        found = (
            str(held["position_id"])
            for held in self.positions
            if held.get("duty") == "administrator" and held["capacity"] not in lent
        )
        return next(found, None)

    @property
    def drafts(self) -> bool:
        """Whether one of the offices writes letters; an aide prepares them too."""
        return any("prepare" in held["rights"] for held in self.positions)

    @property
    def opens_registers(self) -> bool:
        """Whether one of the offices may open a register; the service decides."""
        duties = ("registrar", "head", "secretary")
        return any(held.get("duty") in duties for held in self.positions)

    @property
    def leads(self) -> bool:
        """Whether one of the offices, held by oneself, has an overview of letters."""
        duties = ("head", "deputy", "secretary", "assistant")
        return any(
            held.get("duty") in duties and held["capacity"] not in ("delegate", "aide")
            for held in self.positions
        )

    @property
    def overrides(self) -> bool:
        """Whether the office acted as may book over what is booked."""
        acting = self.acting or {}
        return acting.get("duty") == "protocol" or acting.get("code") == "sekda"

    def as_office(self, position_id: str) -> Visitor:
        """The same person, acting as another of the offices held."""
        held = [row for row in self.positions if row["position_id"] == position_id]
        return replace(
            self,
            context=self.context.acting_as(UUID(position_id)),
            acting=held[0] if held else self.acting,
        )

    def csrf(self) -> str:
        """A token for the forms of one page."""
        return csrf.token_for(self.secret)


def title_of(position: dict[str, Any]) -> str:
    """Title of a held office with the short form of an acting capacity."""
    capacity = position.get("capacity")
    if capacity in ("plt", "plh", "pj"):
        return f"{labels.CAPACITIES[capacity]} {position['title']}"
    return str(position["title"])
