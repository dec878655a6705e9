"""An outgoing letter in the words it is printed with."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.organisation import Organisation
from contracts.codec import ZONE
from contracts.directory import Capacity, Duty, Position
from contracts.letters import SigningForm
from services.letters import reference
from services.letters.caller import Caller
from services.letters.documents.letterhead import letterhead_of
from services.letters.documents.model import (
    Fixed,
    InitialMark,
    OutgoingDocument,
    SignatureBlock,
)
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import InitialBox, Outgoing

PLACE = "Kandangan"
_ACTING = {Capacity.PLT: SigningForm.PLT, Capacity.PLH: SigningForm.PLH}
_OWN = frozenset({SigningForm.SELF, SigningForm.PLT, SigningForm.PLH})


def form_of(chosen: SigningForm, capacity: str) -> SigningForm:
    """Whoever acts for the office today signs as such, whatever the draft foresaw."""
    if chosen not in _OWN:
        return chosen
    return _ACTING.get(Capacity(capacity), SigningForm.SELF)


def document_of(
    session: Session,
    caller: Caller,
    it: Letter,
    *,
    signer: tuple[str, str] | None = None,
    fixed: Fixed | None = None,
    attachments: int = 0,
) -> OutgoingDocument:
    """`signer`: name and capacity of who signs; else of who holds the office now."""
    part = it.outgoing
    position = caller.org.position(part.signer_position_id) if part else None
    if part is None or position is None:
        raise ValueError("no outgoing letter of a known office")
    return OutgoingDocument(
        letterhead=letterhead_of(caller.org, position.unit_id),
        kind=it.kind,
        kind_label=_kind_label(session, it.kind),
        subject=it.subject,
        urgency=it.urgency,
        secrecy=it.secrecy,
        place=PLACE,
        body_html=part.body_html or "",
        signature=_block(caller, part, position, signer),
        number=fixed.number if fixed else None,
        dated_on=fixed.dated_on if fixed else None,
        attachments=attachments,
        recipients=[_to(caller, one) for one in _parties(part)],
        initials=[_mark(caller, one) for one in part.in_order()] if not fixed else (),
        copies=[_office(caller, one) for one in it.copies],
        verify_url=fixed.verify_url if fixed else None,
        method=fixed.method if fixed else None,
        draft=fixed is None,
    )


def _block(
    caller: Caller, part: Outgoing, position: Position, signer: tuple[str, str] | None
) -> SignatureBlock:
    holder = caller.org.holder(position.position_id, caller.now)
    name, capacity = signer or (
        (holder.name, holder.capacity.value) if holder else (None, "definitive")
    )
    above = map(caller.org.position, caller.org.above(position.position_id))
    return SignatureBlock(
        form=form_of(part.signing_form, capacity),
        title=position.title,
        capacity=capacity,
        superiors=[one.title for one in above if one is not None],
        name=name,
        ranked=signs_with_rank(caller.org, position),
    )


def signs_with_rank(org: Organisation, position: Position) -> bool:
    """All but the head of the region, his deputy and the Sekda, whoever acts for them."""
    sekda = org.sekda
    if sekda is not None and position.position_id == sekda.position_id:
        return False
    if position.duty is Duty.DEPUTY and position.reports_to is not None:
        return bool(org.above(position.reports_to))
    return position.duty is not Duty.HEAD or position.reports_to is not None


def _kind_label(session: Session, kind: str) -> str:
    items = reference.items(session, "kinds")
    return next((one["label_id"] for one in items if one["code"] == kind), kind)


def _parties(part: Outgoing) -> Iterator[tuple[UUID | None, str | None]]:
    yield from ((one.position_id, one.name) for one in part.recipients if not one.copy)


def _to(caller: Caller, party: tuple[UUID | None, str | None]) -> str:
    position_id, name = party
    return _office(caller, position_id) if position_id else name or ""


def _office(caller: Caller, position_id: UUID) -> str:
    position = caller.org.position(position_id)
    return position.title if position else ""


def _mark(caller: Caller, box: InitialBox) -> InitialMark:
    position = caller.org.position(box.position_id)
    approved = box.state == "approved"
    return InitialMark(
        short_title=position.short_title if position else "",
        approved=approved,
        on=box.at.astimezone(ZONE).date() if approved and box.at else None,
    )
