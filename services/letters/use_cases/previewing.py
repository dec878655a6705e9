"""Looking at an outgoing letter before it leaves: number, sheet, history."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts.errors import NotFound
from contracts.letters import NumberPreview, Revision
from contracts.paging import Page
from services.letters import numbering, views_outgoing
from services.letters.caller import Caller
from services.letters.documents.model import OutgoingDocument
from services.letters.domain.letter import Letter
from services.letters.domain.outgoing import Outgoing
from services.letters.outgoing_document import document_of
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.finding import see
from services.letters.use_cases.reading import note_view


def preview_number(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> NumberPreview:
    return numbering.preview(uow.session, caller, _seen(uow, caller, letter_id))


def list_revisions(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> Page[Revision]:
    """All of them: a draft has a handful."""
    _seen(uow, caller, letter_id)
    found = views_outgoing.revisions(uow.session, caller, letter_id)
    return Page(items=found)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text to be set; `own`: for the person who would sign it."""

    document: OutgoingDocument
    own: bool


def draft_document(
    uow: LettersUnitOfWork, caller: Caller, letter_id: UUID
) -> Draft | UUID:
    """What the preview shows: the text to be set as a draft, or the id of the PDF that
    is there already (uploaded, final, or scanned). Raises: NotFound when there is neither."""
    it = _seen(uow, caller, letter_id)
    part = it.outgoing
    made = part and (part.scan_file_id or part.final_file_id)
    if made:
        return made
    files = uow.files.of_letter(letter_id)
    if part is None or part.body_html is None:
        first = uow.files.first_of(letter_id)
        if first is None or first["media_type"] != "application/pdf":
            raise NotFound
        found: UUID = first["file_id"]
        return found
    document = document_of(uow.session, caller, it, attachments=len(files))
    return Draft(document=document, own=_signs(caller, part))


def _signs(caller: Caller, part: Outgoing) -> bool:
    """Holds the office himself: who only acts by delegation does not sign."""
    who, position_id = caller.actor.person_id, part.signer_position_id
    held = caller.org.held(who, position_id, caller.now) if who else None
    return held is not None and held.delegation_id is None


def _seen(uow: LettersUnitOfWork, caller: Caller, letter_id: UUID) -> Letter:
    """An outgoing letter the caller may see; reading a secret one leaves a line."""
    secrecy = see(uow, caller, letter_id)
    it = uow.letters.read(letter_id)
    if it.outgoing is None:
        raise NotFound
    note_view(uow, caller, letter_id, secrecy, "draft")
    return it
