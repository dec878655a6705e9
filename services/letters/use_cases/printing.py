"""What is printed of a letter: its disposition sheets. Reads only, never typesets."""

from __future__ import annotations

from uuid import UUID

from contracts.errors import NotFound
from contracts.letters import Direction
from services.letters import views_sheet
from services.letters.caller import Caller
from services.letters.documents.model import DispositionSheet
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.finding import see
from services.letters.use_cases.reading import note_view


def disposition_sheets(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    disposition_id: UUID | None = None,
) -> list[DispositionSheet]:
    """Raises: NotFound for what the caller may not see, and for outgoing letters."""
    secrecy = see(uow, caller, letter_id)
    if uow.letters.read(letter_id).direction is not Direction.INCOMING:
        raise NotFound
    note_view(uow, caller, letter_id, secrecy, "disposition_sheet")
    found = views_sheet.sheets(uow.session, caller, letter_id, disposition_id)
    if not found:
        raise NotFound
    return found
