"""End a letter by decision: void a mistake, or close with an outcome."""

from __future__ import annotations

from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.errors import Forbidden, invalid
from contracts.letters import CloseLetter, Letter, VoidLetter
from services.letters import views, views_letters
from services.letters.caller import Caller
from services.letters.domain import closing, letter
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter


def void_letter(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: VoidLetter
) -> Letter:
    """By a registrar of its register."""
    it = lock_letter(uow, caller, letter_id)
    held = registrar_of(caller, it)
    closing.void(it, caller.now, reason=body.reason)
    uow.letters.give_up_claim(letter_id)
    return _done(uow, caller, it, held)


def close_letter(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: CloseLetter
) -> Letter:
    """By an addressee or a registrar of its register; only an addressee may end
    what others still have to handle."""
    it = lock_letter(uow, caller, letter_id)
    addressee = caller.acts_among(it.addressees, it.secrecy)
    held = addressee or registrar_of(caller, it)
    _check_decision(uow, caller, body)
    closing.close(
        it,
        caller.now,
        by={one for one in caller.readable(it.secrecy) if _acts(caller, it, one)},
        outcome=body.outcome,
        decision=codec.dump(body.decision) if body.decision else None,
        force=body.force and addressee is not None,
    )
    return _done(uow, caller, it, held)


def _registrars(caller: Caller, it: letter.Letter) -> set[UUID]:
    found = {one.position_id for one in caller.org.registrars_of(it.register_unit_id)}
    if it.registrar_position_id is not None:
        found.add(it.registrar_position_id)
    return found


def registrar_of(caller: Caller, it: letter.Letter) -> Held:
    """The caller as a registrar of the letter's register. Raises: Forbidden."""
    return _among(caller, it, _registrars(caller, it))


def _among(caller: Caller, it: letter.Letter, positions: set[UUID]) -> Held:
    held = caller.acts_among(positions, it.secrecy)
    if held is None:
        raise Forbidden("forbidden", reason="not_addressee_or_registrar")
    return held


def _acts(caller: Caller, it: letter.Letter, position_id: UUID) -> bool:
    return caller.may_act_as(position_id, it.secrecy)


def _check_decision(uow: LettersUnitOfWork, caller: Caller, body: CloseLetter) -> None:
    other = body.decision.letter_id if body.decision else None
    if other and not views.sees_letter(uow.session, caller.reaches(), other):
        raise invalid("/decision/letter_id", "Surat tidak dikenal")


def _done(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, held: Held
) -> Letter:
    conclude(uow, caller, it, caller.ref(held))
    return views_letters.one(uow.session, caller, it.letter_id)
