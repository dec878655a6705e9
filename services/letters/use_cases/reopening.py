"""Re-open a letter that was completed or closed: it is not finished after all."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from contracts.letters import Letter
from contracts.letters.dispositions import ReopenLetter
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import redirecting
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.closing import registrar_of
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter


def reopen_letter(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: ReopenLetter
) -> Letter:
    """By an addressee, who has to handle it again himself; or by a registrar of its
    register, then all addressees have."""
    it = lock_letter(uow, caller, letter_id)
    addressee = caller.acts_among(it.addressees, it.secrecy)
    held = addressee or registrar_of(caller, it)
    to = (addressee.position_id,) if addressee else it.addressees
    new_id = partial(id_at, caller.now)
    redirecting.reopen(it, caller.now, to=to, reason=body.reason, new_id=new_id)
    conclude(uow, caller, it, caller.ref(held))
    return views_letters.one(uow.session, caller, letter_id)
