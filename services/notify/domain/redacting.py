"""A letter that became more secret: what may still be told of it, and to whom.

An `Edge` is kept per letter. Events may arrive late, so what an older event would
tell is worded by the letter's present secrecy, whichever comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from chassis.organisation import Organisation
from contracts.envelope import Envelope, Event
from contracts.letters import (
    LetterCorrected,
    LetterFacts,
    LetterSecrecyRaised,
    Secrecy,
)
from contracts.schedule_events import ActivityFacts
from services.notify.domain.audience import may_know
from services.notify.domain.wording import NOTHING_TOLD, restricted_letter

OF_ACTIVITY = "Kegiatan dari surat terbatas. Buka Rakat untuk melihat waktunya."

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """The letter's secrecy since its event `sequence`; `chain`: who may still know."""

    letter_id: UUID
    sequence: int
    secrecy: Secrecy
    agenda_number: str | None
    chain: tuple[UUID, ...]

    @property
    def hides(self) -> bool:
        return self.secrecy is not Secrecy.BIASA

    @property
    def body(self) -> str:
        """All that is left of what was told of the letter."""
        if self.secrecy.rank >= Secrecy.RAHASIA.rank:
            return NOTHING_TOLD
        return restricted_letter(self.agenda_number)

    def readers(self, org: Organisation, at: datetime) -> frozenset[UUID] | None:
        """Who keeps what he was told; None = everybody does."""
        if self.secrecy.rank < Secrecy.RAHASIA.rank:
            return None
        return frozenset(
            reader.person_id
            for position_id in self.chain
            for reader in org.readers(position_id, at)
            if may_know(reader, self.secrecy)
        )


def edge_in(event: Event, envelope: Envelope) -> Edge | None:
    """The secrecy an event sets, if it sets one."""
    sets = isinstance(event, LetterSecrecyRaised) or (
        isinstance(event, LetterCorrected) and "secrecy" in event.fields
    )
    if not sets or not isinstance(event, LetterFacts):
        return None
    return Edge(
        letter_id=event.letter_id,
        sequence=envelope.sequence or 0,
        secrecy=event.secrecy,
        agenda_number=event.agenda_number,
        chain=event.chain,
    )


def letter_of(event: Event) -> UUID | None:
    return event.letter_id if isinstance(event, LetterFacts | ActivityFacts) else None


def told_today(event: E, envelope: Envelope, edge: Edge | None) -> E:
    """The event as it would be published at the letter's present secrecy."""
    if edge is None or not edge.hides:
        return event
    if isinstance(event, ActivityFacts):
        return replace(event, title=None, place_name=None)
    older = isinstance(event, LetterFacts) and event.secrecy.rank < edge.secrecy.rank
    if older and (envelope.sequence or 0) < edge.sequence:
        return replace(
            event,
            secrecy=edge.secrecy,
            subject=None,
            sender_name=None,
        )
    return event
