"""The review of a draft: submitted, initialled in turn or sent back, recalled."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.directory import Right
from contracts.errors import Conflict, Forbidden
from contracts.letters import GiveInitial, Initial, Letter, LetterState
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import letter, outgoing_review
from services.letters.domain.outgoing import Outgoing
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.drafting import as_drafter
from services.letters.use_cases.finding import lock_letter


def submit_letter(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> Letter:
    """By the drafter's office. Without initials it waits for its signer at once."""
    it = lock_letter(uow, caller, letter_id)
    held = as_drafter(caller, it)
    outgoing_review.submit(it, caller.now)
    return _done(uow, caller, it, held)


def recall_letter(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> Letter:
    """The drafter takes it back; what is unchanged keeps its initials."""
    it = lock_letter(uow, caller, letter_id)
    held = as_drafter(caller, it)
    outgoing_review.recall(it, caller.now)
    return _done(uow, caller, it, held)


def give_initial(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: GiveInitial
) -> Letter:
    """Raises: Forbidden, Conflict ``not_your_turn``, ``revision_changed``."""
    it = lock_letter(uow, caller, letter_id)
    part = it.outgoing
    if part is None or not _concerned(caller, it, part):
        raise Forbidden("forbidden", reason="not_initialler")
    outgoing_review.of(it, LetterState.IN_REVIEW, now=caller.now)
    outgoing_review.require_revision(part, body.revision)
    held = _whose_turn(caller, it, part, body.decision)
    by = codec.dump(caller.ref(held))
    act = outgoing_review.send_back
    if body.decision is Initial.APPROVE:
        act = outgoing_review.approve
    act(it, held.position_id, caller.now, by=by, note=body.note)
    uow.outgoing.add_decision(
        decision_id=id_at(caller.now),
        letter_id=letter_id,
        revision=part.revision,
        position_id=held.position_id,
        decision=body.decision.value,
        note=body.note,
        at=caller.now,
        by=by,
    )
    return _done(uow, caller, it, held)


def _concerned(caller: Caller, it: letter.Letter, part: Outgoing) -> bool:
    offices = {one.position_id for one in part.initials} | {part.signer_position_id}
    return any(
        one.position_id in offices and Right.ACT in one.rights for one in caller.held
    )


def _whose_turn(
    caller: Caller, it: letter.Letter, part: Outgoing, decision: Initial
) -> Held:
    asked = {one.position_id for one in part.initials if one.state == "asked"}
    if part.step == "sign" and decision is Initial.REVISE:
        asked = {part.signer_position_id}
    held = caller.acts_among(asked, it.secrecy)
    if held is None:
        raise Conflict("not_your_turn", position_ids=sorted(map(str, asked)))
    return held


def _done(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, held: Held
) -> Letter:
    conclude(uow, caller, it, caller.ref(held))
    return views_letters.one(uow.session, caller, it.letter_id)
