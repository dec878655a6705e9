"""Where the paper of a letter is, and how it came there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts import codec
from contracts.actor import ActorRef
from contracts.letters import Paper
from contracts.letters.dispositions import Handover, HandoverState
from services.letters import repository_dispositions as store
from services.letters.caller import Caller
from services.letters.domain.paper import PaperPlace

_OF_LETTER = sa.text(
    "SELECT * FROM handover WHERE letter_id = :letter_id ORDER BY handover_id"
)
_SEES = sa.text(
    "SELECT 1 FROM letter_visibility"
    " WHERE letter_id = :letter_id AND position_id = :position_id"
)


def paper_at(caller: Caller, places: Sequence[PaperPlace]) -> Paper | None:
    """For the letter and its tracking: what `PLACE` found."""
    if not places:
        return None
    place = places[0]
    return Paper(
        position_id=place.position_id,
        title=_title(caller, place.position_id),
        since=place.since,
        on_the_way_to=place.on_the_way_to,
        handover_id=place.handover_id,
    )


def position_sees(session: Session, letter_id: UUID, position_id: UUID) -> bool:
    values = {"letter_id": letter_id, "position_id": position_id}
    return session.execute(_SEES, values).first() is not None


def of_letter(session: Session, caller: Caller, letter_id: UUID) -> list[Handover]:
    rows = session.execute(_OF_LETTER, {"letter_id": letter_id}).mappings()
    return [_handover(row, caller) for row in rows]


def one(
    session: Session, caller: Caller, letter_id: UUID, handover_id: UUID
) -> Handover:
    return _handover(store.handover_of(session, letter_id, handover_id), caller)


def _handover(row: Any, caller: Caller) -> Handover:
    names = (
        "handover_id letter_id from_position_id to_position_id note sent_at"
        " received_at receipt_note"
    )
    return Handover(
        **{name: row[name] for name in names.split()},
        from_title=_title(caller, row["from_position_id"]),
        to_title=_title(caller, row["to_position_id"]),
        state=HandoverState(row["state"]),
        sent_by=codec.load(ActorRef, row["sent_by"]),
        received_by=_ref(row["received_by"]),
    )


def _ref(stored: Any) -> ActorRef | None:
    return codec.load(ActorRef, stored) if stored else None


def _title(caller: Caller, position_id: UUID) -> str:
    position = caller.org.position(position_id)
    return position.title if position else ""
