"""Redirect a letter by its registrar: it went to the wrong office."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from contracts.errors import FieldError, Forbidden, Invalid
from contracts.letters import Letter
from contracts.letters.dispositions import RedirectLetter
from services.letters import repository_dispositions as store
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import letter, redirecting
from services.letters.ids import id_at
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.closing import registrar_of
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter


def redirect_letter(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, body: RedirectLetter
) -> Letter:
    """By a registrar of its register, to positions of that register. An addressee
    says *not for this office* by returning his task."""
    it = lock_letter(uow, caller, letter_id)
    held = registrar_of(caller, it)
    _check(caller, it, body.addressees)
    what = redirecting.Redirecting(
        addressees=body.addressees,
        reported=store.reported_tasks(uow.session, letter_id),
        reason=body.reason,
        new_id=partial(id_at, caller.now),
    )
    redirecting.redirect(it, what, caller.now)
    uow.letters.correct(letter_id, {"addressees": list(it.addressees)})
    conclude(uow, caller, it, caller.ref(held))
    return views_letters.one(uow.session, caller, letter_id)


def _check(caller: Caller, it: letter.Letter, addressees: Sequence[UUID]) -> None:
    errors: list[FieldError] = []
    for index, position_id in enumerate(addressees):
        if caller.org.position(position_id) is None:
            message = "Jabatan tidak dikenal"
        elif position_id in addressees[:index]:
            message = "Jabatan disebut dua kali"
        else:
            continue
        errors.append({"field": f"/addressees/{index}", "message": message})
    if errors:
        raise Invalid(errors=errors)
    outside = [
        str(one)
        for one in addressees
        if caller.org.register_unit_of(one) != it.register_unit_id
    ]
    if outside:
        raise Forbidden("outside_register", position_ids=outside)
