"""Outgoing letters in memory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.letters import Direction, LetterState, Secrecy, SigningForm, Urgency
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import InitialBox, Outgoing
from tests.unit.letters import offices
from tests.unit.letters.model import fresh_id

BY: dict[str, Any] = {"capacity": "definitive"}


def boxes(coordinators: tuple[str, ...], levels: tuple[str, ...]) -> list[InitialBox]:
    return [
        *(_box(code, "coordination", at) for at, code in enumerate(coordinators, 1)),
        *(_box(code, "hierarchy", at) for at, code in enumerate(levels, 1)),
    ]


def _box(code: str, kind: Any, place: int) -> InitialBox:
    return InitialBox(position_id=position(code), kind=kind, place=place)


def draft(
    *, coordinators: tuple[str, ...] = (), levels: tuple[str, ...] = ()
) -> Letter:
    """Drafted by the education section for the Sekda."""
    return Letter(
        letter_id=fresh_id(),
        direction=Direction.OUTGOING,
        kind="surat_dinas",
        number=None,
        agenda_number=None,
        register_unit_id=offices.unit_id("setda"),
        registrar_position_id=position("kabag.kesra"),
        sender_name="Sekretariat Daerah",
        subject="Permintaan data",
        classification_code="400.14",
        urgency=Urgency.BIASA,
        secrecy=Secrecy.BIASA,
        addressees=(),
        copies=(),
        received_at=offices.NOW,
        state=LetterState.DRAFT,
        outgoing=Outgoing(
            signer_position_id=position("sekda"),
            signing_form=SigningForm.SELF,
            drafter_position_id=position("kabag.kesra"),
            register_unit_id=offices.unit_id("setda"),
            body_html="<p>Isi</p>",
            initials=boxes(coordinators, levels),
        ),
    )


def part(letter: Letter) -> Outgoing:
    assert letter.outgoing is not None
    return letter.outgoing


def position(code: str) -> UUID:
    return offices.position_id(code)
