"""The paper of a letter: where it lies, and its way from hand to hand.

One office holds it at a time; on the way it is still the sender's until the receiver
signs. Nothing here depends on the letter's tasks: paper goes its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.errors import Conflict, Forbidden, invalid


@dataclass(frozen=True, kw_only=True)
class PaperPlace:
    """Who holds the paper since when, and to whom it is on its way."""

    position_id: UUID
    since: datetime
    handover_id: UUID | None = None
    on_the_way_to: UUID | None = None


def check_sending(place: PaperPlace | None, to: UUID, *, sees: bool) -> PaperPlace:
    """`sees`: whether the receiver may know of the letter at all.

    Raises: Conflict ``no_paper``, ``paper_on_the_way``; Invalid.
    """
    if place is None:
        raise Conflict("no_paper")
    if place.on_the_way_to is not None:
        raise Conflict("paper_on_the_way", position_id=str(place.on_the_way_to))
    if to == place.position_id:
        raise invalid("/to_position_id", "Kertasnya sudah ada pada jabatan ini")
    if not sees:
        message = "Jabatan ini tidak membuka surat ini; disposisikan dahulu"
        raise invalid("/to_position_id", message)
    return place


def check_receipt(receiver: bool, sender: bool, *, accepted: bool) -> None:
    """The receiver signs or refuses; the sender may only take it back.

    Raises: Forbidden.
    """
    if not receiver and (accepted or not sender):
        raise Forbidden("forbidden", reason="not_the_receiver")
