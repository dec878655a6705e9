"""Sign a letter in three steps, so that no transaction waits for a signature.

1. *begin*: under the letter's lock the number is fixed to it and the signing claimed,
   for two minutes: who dies over it blocks nobody for longer.
2. Outside any transaction the directory is asked what the signer is printed with, and
   the PDF is set, signed and stored.
3. *finish*: under the command's key, only while the claim is still ours: signed.

When step 2 fails, the claim is given back and the trail says why (a code). The number
stays fixed to the letter: signing again takes the same one, so a failure leaves no gap.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from chassis import idempotency
from chassis.context import CallContext
from chassis.ids import new_id
from chassis.organisation import Held
from chassis.unit_of_work import repeatable, run_command
from contracts.directory import SigningIdentity
from contracts.errors import Conflict, Forbidden, RakatError, invalid
from contracts.letters import (
    Action,
    Secrecy,
    SigningMethod,
    SignLetter,
)
from services.letters import numbering as outgoing_numbers
from services.letters.caller import Caller
from services.letters.documents.model import Fixed, OutgoingDocument
from services.letters.documents.signature import identified
from services.letters.domain import letter, outgoing_review
from services.letters.ids import id_at
from services.letters.outgoing_document import document_of
from services.letters.signing import Signer
from services.letters.unit_of_work import LettersUnitOfWork
from services.letters.use_cases.concluding import conclude
from services.letters.use_cases.finding import lock_letter
from services.letters.use_cases.signing_results import (
    PDF,
    Claimed,
    Made,
    as_signer,
    finish,
    record_made,
)

CLAIM = timedelta(minutes=2)

log = structlog.get_logger(__name__)

OpenUow = Callable[[], LettersUnitOfWork]
Identify = Callable[[], SigningIdentity]
"""Asks for rank and NIP of whoever signs. Raises: Unavailable."""


class Workshop(Protocol):
    """Sets, signs and stores; never inside a transaction."""

    def require(self, method: SigningMethod, passphrase: str | None) -> None:
        """Raises: when this way of signing is not open, or lacks its passphrase."""
        ...

    def verify_url(self, token: str) -> str: ...

    def make(
        self, sheet: Sheet, method: SigningMethod, passphrase: str | None
    ) -> bytes: ...

    def store(self, pdf: bytes) -> str:
        """The SHA-256 under which it lies in the blob store."""
        ...

    def pages(self, pdf: bytes) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is signed: a text still to be set, or an uploaded PDF by its hash."""

    signer: Signer
    fixed: Fixed
    document: OutgoingDocument | None = None
    uploaded: str | None = None


@dataclass(frozen=True, kw_only=True)
class Begun(Claimed):
    sheet: Sheet | None  # None: only paper


def sign_letter(
    open_uow: OpenUow,
    call: CallContext,
    caller: Caller,
    letter_id: UUID,
    body: SignLetter,
    workshop: Workshop,
    identify: Identify,
) -> Any:
    """The command's answer. Raises: Forbidden; Conflict ``initials_missing``,
    ``signing_in_progress``, ``revision_changed``; the errors of `signing`."""
    done = repeatable(lambda: _answered(open_uow, call))
    if done is not None:
        return done
    workshop.require(body.method, body.passphrase)
    begun = repeatable(lambda: _begin(open_uow, caller, letter_id, body, workshop))
    try:
        made = _made(open_uow, caller, begun, body, workshop, identify)
        return run_command(
            open_uow,
            call,
            lambda uow: finish(uow, caller, letter_id, body, begun, made),
        )
    except Exception as error:
        code = error.code if isinstance(error, RakatError) else "internal"
        _failed(open_uow, caller, letter_id, begun.token, body.method, code)
        raise


def _answered(open_uow: OpenUow, call: CallContext) -> Any:
    """What was answered under this key before, if it was."""
    with open_uow() as uow:
        claimed = idempotency.claim(uow.session, call)
        if claimed is None or not claimed.replayed:
            return None
        return {"body": claimed.answer, "replayed": True}


# ---- 1: begin -----------------------------------------------------------------------


def _begin(
    open_uow: OpenUow,
    caller: Caller,
    letter_id: UUID,
    body: SignLetter,
    workshop: Workshop,
) -> Begun:
    with open_uow() as uow:
        begun = begin(uow, caller, letter_id, body, workshop)
        uow.commit()
        return begun


def begin(
    uow: LettersUnitOfWork,
    caller: Caller,
    letter_id: UUID,
    body: SignLetter,
    workshop: Workshop,
) -> Begun:
    it = lock_letter(uow, caller, letter_id)
    held = as_signer(caller, it)
    part = outgoing_review.require_ready(it, caller.now)
    outgoing_review.require_revision(part, body.revision)
    _require_paper(it, body)
    by = caller.ref(held)
    number, day = outgoing_numbers.bind(uow, caller, it, by, body.reservation_id)
    part.verify_token = part.verify_token or secrets.token_urlsafe(16)
    part.signing_token, part.signing_until = new_id(), caller.now + CLAIM
    if body.reservation_id is not None:
        it.record(
            Action.NUMBER_RESERVED,
            reservation_id=str(body.reservation_id),
            number=number,
            dated_on=day.isoformat(),
        )
    sheet = None
    if it.secrecy is not Secrecy.SANGAT_RAHASIA:
        fixed = Fixed(
            number=number,
            dated_on=day,
            method=body.method,
            verify_url=_verify_url(it, part.verify_token, workshop),
        )
        sheet = _sheet(uow, caller, it, held, fixed)
    conclude(uow, caller, it, by)
    return Begun(token=part.signing_token, sheet=sheet, number=number, dated_on=day)


def _require_paper(it: letter.Letter, body: SignLetter) -> None:
    """Raises: Invalid for a scan of what is signed otherwise, or kept on paper only."""
    inked = body.method is SigningMethod.NONE
    if body.file_ids and not inked:
        raise invalid("/file_ids", "Pindaian hanya untuk tanda tangan basah")
    if it.secrecy is Secrecy.SANGAT_RAHASIA and (body.file_ids or not inked):
        field = "/method" if not inked else "/file_ids"
        message = "Surat sangat rahasia ditandatangani dan disimpan di atas kertas"
        raise invalid(field, message, "paper_only")


def _verify_url(it: letter.Letter, token: str, workshop: Workshop) -> str | None:
    """Of a secret letter nothing is verified in public."""
    secret = it.secrecy.rank >= Secrecy.RAHASIA.rank
    return None if secret else workshop.verify_url(token)


def _sheet(
    uow: LettersUnitOfWork, caller: Caller, it: letter.Letter, held: Held, fixed: Fixed
) -> Sheet:
    part, name = it.outgoing, caller.actor.name
    position = caller.org.position(held.position_id)
    if part is None or position is None:
        raise Forbidden("forbidden", reason="not_signer")
    person = caller.org.person(caller.actor.person_id)
    name = person.name if person else name
    signer = Signer(
        person_id=caller.actor.person_id or held.position_id,
        position_id=held.position_id,
        name=name,
        title=position.title,
        unit_name=position.unit_name,
        reason=f"Menandatangani surat {fixed.number or it.kind}",
        at=caller.now,
    )
    files = uow.files.of_letter(it.letter_id)
    if part.body_html is None:
        came = _uploaded_pdf(uow, it.letter_id)
        return Sheet(signer=signer, fixed=fixed, uploaded=came)
    document = document_of(
        uow.session,
        caller,
        it,
        signer=(name, held.capacity.value),
        fixed=fixed,
        attachments=len(files),
    )
    return Sheet(signer=signer, fixed=fixed, document=document)


def _uploaded_pdf(uow: LettersUnitOfWork, letter_id: UUID) -> str:
    """The letter itself is the first uploaded file. Raises: Conflict ``not_a_pdf``."""
    first = uow.files.first_of(letter_id)
    if first is None or first["media_type"] != PDF:
        raise Conflict("not_a_pdf")
    return str(first["sha256"])


# ---- 2: outside ---------------------------------------------------------------------


def _made(
    open_uow: OpenUow,
    caller: Caller,
    begun: Begun,
    body: SignLetter,
    workshop: Workshop,
    identify: Identify,
) -> Made | None:
    """Signed and stored; a file of nobody's yet, so that it is collected if the last
    step never comes."""
    if begun.sheet is None:
        return None
    sheet = _identified(begun.sheet, identify)
    pdf = workshop.make(sheet, body.method, body.passphrase)
    made = Made(
        printed=_printed(sheet),
        file_id=id_at(caller.now),
        sha256=workshop.store(pdf),
        size_bytes=len(pdf),
        page_count=workshop.pages(pdf),
    )
    with open_uow() as uow:
        record_made(uow, caller, begun, made)
        uow.commit()
    return made


def _identified(sheet: Sheet, identify: Identify) -> Sheet:
    """The directory is only asked for what is printed: an uploaded PDF and the heads of
    the region need no number."""
    document = sheet.document
    if document is None or not document.signature.ranked:
        return sheet
    return replace(sheet, document=identified(document, identify()))


def _printed(sheet: Sheet) -> dict[str, Any] | None:
    if sheet.document is None:
        return None
    block = sheet.document.signature
    return {"name": block.name, "under": list(block.lines_under_name)}


def _failed(
    open_uow: OpenUow,
    caller: Caller,
    letter_id: UUID,
    token: UUID,
    method: SigningMethod,
    code: str,
) -> None:
    """Into the trail, and the claim is free again. What fails here lapses by itself."""

    def attempt() -> None:
        with open_uow() as uow:
            it = uow.letters.lock(letter_id)
            part = it.outgoing
            if part is None or part.signing_token != token:
                return
            part.signing_token, part.signing_until = None, None
            it.record(Action.SIGNING_FAILED, method=method.value, reason=code)
            conclude(uow, caller, it, caller.ref(as_signer(caller, it)))
            uow.commit()

    try:
        repeatable(attempt)
    except Exception as error:  # the reason of the failure is what the signer must see
        log.warning("signing failure not recorded", error=type(error).__name__)
