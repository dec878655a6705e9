"""A letter and the activity that came of it know each other."""

from __future__ import annotations

from uuid import UUID

from contracts.errors import NotFound
from contracts.letters import Action
from services.letters.caller import Caller
from services.letters.domain.letter import ENDED
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude


def link_activity(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID, activity_id: UUID
) -> None:
    """The first activity stays; there is one per letter. Idempotent, order-free."""
    try:
        letter = uow.letters.lock(letter_id)
    except NotFound:  # an activity may name a letter of another installation
        return
    if letter.activity_id is not None:
        return
    letter.activity_id = activity_id
    letter.record(Action.ACTIVITY_LINKED, activity_id=str(activity_id))
    conclude(uow, caller, letter, None)


def note_called_off(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> None:
    """Its activity was cancelled by hand: invitations may be answered again. A letter
    that ended keeps its trail as it is."""
    try:
        letter = uow.letters.lock(letter_id)
    except NotFound:
        return
    if letter.state in ENDED:
        return
    letter.record(Action.ACTIVITY_CANCELLED)
    conclude(uow, caller, letter, None)
