"""What a signature leaves: state, numbers, the final PDF, the line in the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.organisation import Held
from contracts import codec
from contracts.errors import Conflict, Forbidden
from contracts.letters import Action, Direction, Letter, LetterState, SignLetter
from services.letters import views_letters
from services.letters.caller import Caller
from services.letters.domain import letter
from services.letters.domain import numbering as agenda
from services.letters.outgoing_document import form_of
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter

PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """Whose turn of signing it is, and what is fixed to the letter already."""

    token: UUID
    number: str | None
    dated_on: date


@dataclass(frozen=True, kw_only=True)
class Made:
    """The final PDF, as it lies in the blob store; `printed`: the name it was signed
    with and what stands under it."""

    file_id: UUID
    sha256: str
    size_bytes: int
    page_count: int | None
    printed: dict[str, Any] | None = None


def as_signer(caller: Caller, it: letter.Letter) -> Held:
    """Only who holds the office signs; nobody it is delegated to. Raises: Forbidden."""
    part = it.outgoing
    held = part and caller.org.held(
        caller.actor.person_id, part.signer_position_id, caller.now
    )
    if not held or held.delegation_id is not None:
        raise Forbidden("forbidden", reason="not_signer")
    return held


def finish(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    body: SignLetter,
    begun: Claimed,
    made: Made | None,
) -> Letter:
    """Raises: Conflict ``signing_in_progress`` when the claim lapsed meanwhile."""
    it = lock_letter(uow, caller, letter_id)
    held, part = as_signer(caller, it), it.outgoing
    if part is None or it.state is not LetterState.IN_REVIEW:
        raise Conflict("illegal_transition", state=it.state.value)
    if part.signing_token != begun.token:
        raise Conflict("signing_in_progress", retry_after=5)
    by = caller.ref(held)
    part.signing_token, part.signing_until = None, None
    part.method, part.signed_at, part.signed_by = (
        body.method,
        caller.now,
        codec.dump(by),
    )
    part.signing_form = form_of(part.signing_form, held.capacity.value)
    it.state, it.number = LetterState.SIGNED, begun.number
    part.enter("dispatch", caller.now)
    part.printed = made.printed if made else None
    part.final_file_id = made.file_id if made else None
    part.scan_file_id = next(iter(body.file_ids), None)
    new = [one for one in (part.final_file_id, part.scan_file_id) if one]
    _attach(uow, caller, it, new)
    columns = {**_agenda(uow, caller, it), "number": it.number}
    uow.letters.correct(letter_id, {**columns, "dated_on": begun.dated_on})
    it.record(
        Action.SIGNED,
        number=it.number,
        agenda_number=it.agenda_number,
        method=body.method.value,
        form=part.signing_form.value,
        revision=part.revision,
        signer_position_id=str(part.signer_position_id),
        sha256=made.sha256 if made else None,
    )
    conclude(uow, caller, it, by)
    return views_letters.one(uow.session, caller, letter_id)


def _agenda(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter
) -> dict[str, Any]:
    """It enters the register of outgoing letters now."""
    year = agenda.register_year(caller.now)
    register = it.register_unit_id
    seq = uow.letters.next_agenda_seq(register, Direction.OUTGOING, year)
    it.agenda_number = str(agenda.AgendaNumber(Direction.OUTGOING, seq, year))
    return {"agenda_number": it.agenda_number, "agenda_seq": seq, "agenda_year": year}


def record_made(
    uow: LettersUnitOfWork, caller: Caller, begun: Claimed, made: Made
) -> None:
    name = (begun.number or "surat").replace("/", "-")
    uow.files.add(
        file_id=made.file_id,
        sha256=made.sha256,
        size_bytes=made.size_bytes,
        media_type=PDF,
        filename=f"{name}.pdf",
        page_count=made.page_count,
        uploaded_by=caller.actor.key,
        uploaded_at=caller.now,
    )


def _attach(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, file_ids: list[UUID]
) -> None:
    """In front of what the letter had: the final sheet is what is read first."""
    key, had = caller.actor.key, uow.files.of_letter(it.letter_id)
    uow.files.attach(file_ids, uploaded_by=key, letter_id=it.letter_id)
    uow.files.order([*file_ids, *had])
