"""The paper from hand to hand: send it, sign for it, see its way."""

from __future__ import annotations

from uuid import UUID

from contracts import codec
from contracts.letters import Action
from contracts.letters.dispositions import (
    Handover,
    HandOverPaper,
    Handovers,
    SignReceipt,
)
from services.letters import repository_dispositions as store
from services.letters import views_paper
from services.letters.caller import Caller
from services.letters.domain import paper
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter, see
from services.letters.use_cases.reading import note_view


def hand_over_paper(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: HandOverPaper
) -> Handover:
    """By the office that holds it, to one that may know of the letter; in any state
    of the letter, for finished ones go to the archive."""
    it = lock_letter(uow, caller, letter_id)
    place = store.paper_of(uow.session, letter_id)
    sees = views_paper.position_sees(uow.session, letter_id, body.to_position_id)
    place = paper.check_sending(place, body.to_position_id, sees=sees)
    held = caller.act_as(place.position_id, it.secrecy)
    handover_id = id_at(caller.now)
    store.send_paper(
        uow.session,
        handover_id=handover_id,
        letter_id=letter_id,
        from_position_id=place.position_id,
        to_position_id=body.to_position_id,
        note=body.note,
        sent_at=caller.now,
        sent_by=codec.dump(caller.ref(held)),
    )
    it.record(
        Action.HANDED_OVER,
        handover_id=str(handover_id),
        from_position_id=str(place.position_id),
        to_position_id=str(body.to_position_id),
    )
    conclude(uow, caller, it, caller.ref(held))
    return views_paper.one(uow.session, caller, letter_id, handover_id)


def sign_receipt(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    handover_id: UUID,
    body: SignReceipt,
) -> Handover:
    """By the receiving office; the sender may take back what was not signed for."""
    it = lock_letter(uow, caller, letter_id)
    row = store.handover_of(uow.session, letter_id, handover_id)
    sender, receiver = row["from_position_id"], row["to_position_id"]
    receives = caller.may_act_as(receiver, it.secrecy)
    sends = caller.may_act_as(sender, it.secrecy)
    paper.check_receipt(receives, sends, accepted=body.accepted)
    held = caller.act_as(receiver if receives else sender, it.secrecy)
    state = "received" if body.accepted else "refused"
    store.sign_receipt(
        uow.session,
        handover_id,
        state=state,
        received_at=caller.now,
        received_by=codec.dump(caller.ref(held)),
        receipt_note=body.note,
    )
    if body.accepted:
        store.move_paper(
            uow.session, letter_id, from_=sender, to=receiver, since=caller.now
        )
    it.record(
        Action.RECEIPT_SIGNED,
        handover_id=str(handover_id),
        from_position_id=str(sender),
        to_position_id=str(receiver),
        accepted=body.accepted,
    )
    conclude(uow, caller, it, caller.ref(held))
    return views_paper.one(uow.session, caller, letter_id, handover_id)


def list_handovers(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> Handovers:
    secrecy = see(uow, caller, letter_id)
    note_view(uow, caller, letter_id, secrecy, "handovers")
    return Handovers(items=views_paper.of_letter(uow.session, caller, letter_id))
